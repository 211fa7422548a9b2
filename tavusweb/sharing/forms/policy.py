"""Form for the workspace's share link policy. An empty form requires nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..link_policy import LinkPolicy
from ..models.policy import LONGEST
from ..visitor_policy import CommentRule


class MostComments(forms.ChoiceField):
    def __init__(self) -> None:
        choices = [
            (CommentRule.ANONYMOUS.value, _("Anonymous")),
            (CommentRule.NAMED.value, _("Named")),
            (CommentRule.OFF.value, _("Off")),
        ]
        super().__init__(label=_("Comments at most"), choices=choices, required=False)

    def clean(self, value: Any) -> str:
        return super().clean(value) or CommentRule.ANONYMOUS.value


class PolicyForm(forms.Form):
    max_days = forms.IntegerField(
        label=_("Links expire within (days)"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=_("Leave blank for no limit."),
    )
    needs_gate = forms.BooleanField(
        label=_("Require a password or a confirmed email"),
        required=False,
    )
    comments = MostComments()
    no_downloads = forms.BooleanField(label=_("Don’t allow downloads"), required=False)

    @classmethod
    def showing(cls, policy: LinkPolicy) -> "PolicyForm":
        return cls(
            initial={
                "max_days": policy.max_days,
                "needs_gate": policy.needs_gate,
                "comments": policy.comments.value,
                "no_downloads": not policy.allows_download,
            }
        )

    def policy(self) -> LinkPolicy:
        cleaned = self.cleaned_data
        return LinkPolicy(
            max_days=cleaned["max_days"],
            needs_gate=cleaned["needs_gate"],
            allows_download=not cleaned["no_downloads"],
            comments=CommentRule(cleaned["comments"]),
        )
