"""The share card, which a video's page includes without knowing about share links."""

from typing import Any

from django import template

from tavusweb.sharing.forms import RulesForm
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.takes.related import links_to_put_behind

register = template.Library()


@register.inclusion_tag("sharing/_share_card.html", takes_context=True)
def share_card(context: dict[str, Any]) -> dict[str, Any]:
    """The live links of the page's `video`, and the form for one more: the refused one of `extra_form`, if any."""
    refused = context.get("extra_form")
    links = ShareLink.objects.current().filter(video=context["video"]).select_related("created_by")
    return {
        "workspace": context["workspace"],
        "video": context["video"],
        "share_links": links,
        "links_to_put_behind": links_to_put_behind(context["video"]),
        "share_form": refused if isinstance(refused, RulesForm) else RulesForm(auto_id="share_%s"),
    }
