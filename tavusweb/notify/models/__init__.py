from .letter import Letter
from .notice import Notice, NoticeQuerySet
from .preference import Mute, Preference

__all__ = ["Letter", "Mute", "Notice", "NoticeQuerySet", "Preference"]
