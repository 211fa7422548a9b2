from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tavusweb.accounts.models import User
from tavusweb.workspaces.models import Workspace

from ..models import BudgetPolicy

MOST = 10_000_000  # seconds


class BudgetForm(forms.Form):
    monthly_seconds = forms.IntegerField(
        label=_("Budget per month, in seconds of video"),
        required=False,
        min_value=0,
        max_value=MOST,
        help_text=_("Leave blank for no limit. Practice videos don’t count."),
    )
    approve_above_seconds = forms.IntegerField(
        label=_("Approve videos longer than, in seconds"),
        required=False,
        min_value=0,
        max_value=MOST,
        help_text=_("Longer videos wait until an owner or admin approves them. Leave blank to approve none."),
    )
    approve_people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Always approve videos by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        policy = BudgetPolicy.objects.filter(workspace=workspace).first()
        if policy:
            kwargs["initial"] = {
                "monthly_seconds": policy.monthly_seconds,
                "approve_above_seconds": policy.approve_above_seconds,
                "approve_people": list(policy.approve_people.values_list("pk", flat=True)),
            }
        super().__init__(*args, **kwargs)
        members = User.objects.filter(memberships__workspace=workspace).order_by("email")
        self.fields["approve_people"].queryset = members  # type: ignore[attr-defined]
