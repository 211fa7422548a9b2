"""What is chosen in the folded parts of the video form, in a line each. `static/js/folded.js` says the same."""

from django.forms import CheckboxInput, Form, Select
from django.utils.translation import gettext as _

PARTS = {
    "background": ("background", "background_url"),
    "watermark": ("watermark_image_url",),
    "rendering": ("fast", "transparent_background", "start_with_wave"),
}


def chosen_options(form: Form) -> dict[str, str]:
    """The line of each part: the choices that were made, or what goes without one."""
    none = {"background": _("Replica’s default"), "watermark": _("None"), "rendering": _("Standard")}
    lines = {part: [_choice(form, name) for name in names] for part, names in PARTS.items()}
    return {part: " · ".join(filter(None, line)) or none[part] for part, line in lines.items()}


def _choice(form: Form, name: str) -> str:
    field = form[name]
    value = field.value()
    if isinstance(field.field.widget, CheckboxInput):
        return str(field.label) if value and value != "False" else ""
    if isinstance(field.field.widget, Select):
        return str(dict(field.field.choices).get(value, ""))  # type: ignore[attr-defined]
    return str(value or "")
