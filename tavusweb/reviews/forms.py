from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.forms import TextField

from .models.comment import LONGEST_COMMENT
from .placed_form import PlacedForm


class MemberCommentForm(PlacedForm):
    """A member's comment on a video, or, with `answers`, a reply in a thread."""

    comment = TextField(
        label=_("Comment"), max_length=LONGEST_COMMENT, is_long=True, widget=forms.Textarea(attrs={"rows": 2})
    )
    answers = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    field_order = ("comment", "at", "sentence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_reply:
            self.fields["comment"].label = _("Reply")
            self.fields["at"].widget = forms.HiddenInput()
            self.fields.pop("sentence", None)

    @property
    def is_reply(self) -> bool:
        return bool(self["answers"].value())

    def is_in(self, thread: int | None) -> bool:
        """Return whether this form belongs to the given thread, or to a new one for None."""
        return str(self["answers"].value() or "") == str(thread or "")


class EditCommentForm(forms.Form):
    """Edit a comment; `pk` is the comment's."""

    comment = TextField(
        label=_("Edit comment"), max_length=LONGEST_COMMENT, is_long=True, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, pk: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pk, self.auto_id = pk, f"edit_{pk}_%s"
