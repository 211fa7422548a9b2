"""The fields of a video: the one list behind columns, form, drafts, duplicates and the request to Tavus."""

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tavusweb.keys.models import APIKey

    from .models import AudioFile

LONGEST_SCRIPT = 50_000  # characters: over five hours of speech; Tavus advises five minutes


class Background(models.TextChoices):
    NONE = "none", _("Replica’s default")
    PAGE = "page", _("Web page")
    VIDEO = "video", _("Video")


class ScrollType(models.TextChoices):
    HUMAN = "human", _("Natural")
    SMOOTH = "smooth", _("Smooth")


class ScrollDepth(models.TextChoices):
    MIDDLE = "middle", _("Middle of the page")
    BOTTOM = "bottom", _("Bottom of the page")


class ScrollReturn(models.TextChoices):
    RETURN = "return", _("Return to top")
    HALT = "halt", _("Stay")


@dataclass(frozen=True, kw_only=True)
class VideoSpec:
    """What a video shows and says. `spec_rules` decides which specs can be generated.

    Exactly one of `script`, `audio` (an uploaded recording) and `audio_url` is set.
    """

    title: str = ""
    api_key: "APIKey | None" = None
    replica_id: str = ""
    script: str = ""
    audio: "AudioFile | None" = None
    audio_url: str = ""
    background: str = Background.NONE
    background_url: str = ""
    background_scroll: bool = True
    background_scroll_type: str = ScrollType.HUMAN
    background_scroll_depth: str = ScrollDepth.MIDDLE
    background_scroll_return: str = ScrollReturn.RETURN
    watermark_image_url: str = ""
    fast: bool = False
    transparent_background: bool = False
    start_with_wave: bool = True

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))

    def digest(self) -> str:
        """The same for two specs that Tavus would render alike: same replica, script or recording, and options."""
        asked = {name: getattr(self, name) for name in self.names() if name not in {"title", "api_key"}}
        asked["audio"] = str(self.audio.pk) if self.audio else ""
        if self.background == Background.NONE:
            asked |= {name: "" for name in asked if name.startswith("background")}
        elif self.background != Background.PAGE:
            asked |= {name: "" for name in asked if name.startswith("background_scroll")}
        if self.audio or self.audio_url:
            asked["script"] = ""
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
