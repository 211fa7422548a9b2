"""Theme and contrast that a person chose for this browser, kept in a cookie and applied before the first paint.

The cookie holds no identity and is readable by `js/theme.js`, which applies it where a page is drawn without a request,
such as the page of a server error. Without a choice the system decides.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COOKIE = "appearance"
MAX_AGE = 365 * 24 * 60 * 60  # seconds
MORE = "more"


class Theme(models.TextChoices):
    SYSTEM = "system", _("System")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


@dataclass(frozen=True, slots=True)
class Appearance:
    theme: str = Theme.SYSTEM
    has_more_contrast: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read the cookie; anything unknown in it counts as no choice."""
        theme, _dot, contrast = request.COOKIES.get(COOKIE, "").partition(".")
        return cls(theme if theme in Theme.values else Theme.SYSTEM, contrast == MORE)

    @property
    def classes(self) -> str:
        """The classes of the html element. `light` only keeps the system's theme away."""
        chosen = "" if self.theme == Theme.SYSTEM else self.theme
        return f"{chosen} {'more-contrast' if self.has_more_contrast else ''}".strip()

    @property
    def label(self) -> str:
        return str(Theme(self.theme).label)

    def keep(self, response: HttpResponse) -> None:
        value = f"{self.theme}.{MORE}" if self.has_more_contrast else str(self.theme)
        response.set_cookie(
            COOKIE, value, max_age=MAX_AGE, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=False
        )


def context(request: HttpRequest) -> dict[str, Any]:
    """Add `appearance` to the context of every page."""
    return {"appearance": Appearance.of(request)}
