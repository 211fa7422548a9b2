from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from tavusweb.workspaces.models import Workspace

LONGEST = 36_500  # days


class KeepVisitsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Workspace
        fields = ["keep_visits_days"]
        labels = {"keep_visits_days": _("Keep visits for (days)")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit, field = settings.KEEP_VISITS_DAYS or LONGEST, self.fields["keep_visits_days"]
        field.validators = [MinValueValidator(1), MaxValueValidator(limit)]
        field.widget.attrs |= {"min": 1, "max": limit, "inputmode": "numeric"}
        field.help_text = (
            _("From 1 to %(days)d. Leave blank to keep them for %(days)d days, as this server does.")
            % {"days": settings.KEEP_VISITS_DAYS}
            if settings.KEEP_VISITS_DAYS
            else _("Leave blank to keep them as long as the workspace exists.")
        )
