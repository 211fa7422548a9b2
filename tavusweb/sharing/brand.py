"""A workspace's branding on its public pages, and the style sheet with its accent colour."""

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from .colours import Shades
from .models import ShareLink
from .models.branding import Branding, branding_of
from .visitor_policy import Decision


def brand_of(link: ShareLink, decision: Decision) -> dict[str, Any]:
    """Return the branding for templates. A page that is gone keeps the colour but nothing that names the workspace."""
    brand = branding_of(link.video.workspace)
    shown: dict[str, Any] = {"style_url": style_url(brand)}
    if decision.is_gone:
        return shown
    return shown | of_page(brand, logo_url=reverse("share_logo", args=[link.token]))


def of_page(brand: Branding, *, logo_url: str) -> dict[str, Any]:
    width, height = brand.logo_size if brand.has_logo else (0, 0)
    return {
        "logo_url": f"{logo_url}?v={brand.logo_digest}" if brand.has_logo else "",
        "logo_width": width,
        "logo_height": height,
        "workspace_name": brand.workspace.name,
        "footer": brand.footer,
        "shows_product": brand.shows_product,
        "approval_heading": brand.approval_heading,
        "comments_heading": brand.comments_heading,
        "ai_notice": (brand.ai_notice or _("This video was made with AI.")) if brand.shows_ai_notice else "",
    }


def picture(brand: Branding) -> HttpResponse:
    """Respond with the logo."""
    headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
    return HttpResponse(bytes(brand.logo), content_type=brand.logo_type, headers=headers)


def style_url(brand: Branding) -> str:
    """Return the URL of the style sheet with a workspace's accent; "" without one, so that the page links the default."""
    return f"{reverse('brand_style', args=[brand.accent[1:]])}?v={_version()}" if brand.accent else ""


@lru_cache(maxsize=256)
def style_sheet(accent: str) -> tuple[bytes, bytes]:
    """Return the public style sheet with this accent, plain and compressed: still one request."""
    shades = Shades.of(accent)
    own = (
        f":root{{--accent:{shades.light};--on-accent:{shades.on_light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{shades.dark};--on-accent:{shades.on_dark}}}}}\n"
    )
    sheet = _public_sheet() + own.encode()
    return sheet, gzip.compress(sheet, mtime=0)


@lru_cache(maxsize=1)
def _public_sheet() -> bytes:
    return Path(str(finders.find("css/share.css"))).read_bytes()


@lru_cache(maxsize=1)
def _version() -> str:
    return sha256(_public_sheet()).hexdigest()[:12]
