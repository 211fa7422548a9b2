"""The HTML that shows a share link's player on another site."""

from django.utils.html import escape

from .models import ShareLink

WIDTH, HEIGHT = 960, 540


def embed_code(link: ShareLink, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the HTML as plain text, which templates escape like any other text."""
    return (
        f'<iframe src="{escape(link.public_url)}embed/" width="{width}" height="{height}" allow="autoplay; fullscreen; '
        'picture-in-picture; encrypted-media" allowfullscreen></iframe>'
    )
