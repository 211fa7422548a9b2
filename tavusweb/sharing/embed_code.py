"""The HTML with which another site shows a share link's player."""

from django.utils.html import escape

from .models import ShareLink

WIDTH, HEIGHT = 960, 540


def embed_code(link: ShareLink, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The code as plain text, which a template escapes like any other."""
    return (
        f'<iframe src="{escape(link.public_url)}embed/" width="{width}" height="{height}" allow="autoplay; fullscreen; '
        'picture-in-picture; encrypted-media" allowfullscreen></iframe>'
    )
