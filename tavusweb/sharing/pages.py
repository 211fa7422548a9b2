"""Build the context of a share page, limited to what the page's state may reveal."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tavusweb.http import absolute_url
from tavusweb.videos.estimates import estimate
from tavusweb.videos.media_urls import download_url, still_url

from . import approval, conversation
from .brand import brand_of
from .gate import Entry
from .models import ShareLink
from .player import player_context
from .steps import FORMS
from .takes import choice
from .visitor_policy import Right, Shows, Step

TAB_TITLES = {
    Step.EMAIL: lambda: _("Enter your email"),
    Step.CODE: lambda: _("Enter the code"),
    Step.PASSWORD: lambda: _("Password"),
    Step.WATCH: lambda: _("Watch the video"),
}


def context_of(entry: Entry, *, asked: QueryDict | None = None, **forms: Any) -> dict[str, Any]:
    """Return the context of one state. `asked` is the query string; `forms` are the rejected ones."""
    link, decision = entry.link, entry.decision
    brand = {"brand": brand_of(link, decision)}
    if decision.is_gone:
        return brand | {"state_template": f"sharing/states/_{decision.shows}.html", "tab_title": _("Not available")}
    if step := decision.step:
        return brand | {
            "state_template": f"sharing/states/_{step}.html",
            "tab_title": TAB_TITLES[step](),
            "token": link.token,
            "form": forms.get("form") or FORMS[step](),
            "email": entry.proven.email,
        }
    context = (
        brand | _of_video(link) | {"state_template": f"sharing/states/_{decision.shows}.html", "token": link.token}
    )
    if decision.shows == Shows.NOT_READY:
        context |= _of_waiting(link)
    if decision.shows == Shows.BEING_REPLACED:
        context["is_live"] = True
    context["is_stand_in"] = decision.is_stand_in
    if decision.allows(Right.VOTE):
        context |= choice.context_of(entry, forms.get("vote_form"))
    if decision.allows(Right.VIEW):
        context |= _of_player(entry) | player_context(entry, asked or {})
        # A refused form is answered at another address, from which relative links would lead astray.
        context["page_url"] = "" if asked is not None else link.get_absolute_url()
        if link.is_open:
            context["unfurl"] = _unfurl(link)
    if decision.allows(Right.COMMENT):
        form = forms.get("comment_form")
        context |= conversation.context_of(entry, brand=context["brand"], asked=asked, form=form)
    if decision.allows(Right.APPROVE):
        context |= approval.context_of(entry, forms, brand=context["brand"])
    return context


def _of_video(link: ShareLink) -> dict[str, Any]:
    video = link.video
    shows_sender = link.shows_sender and link.created_by is not None
    return {
        "tab_title": video.display_title,
        "title": video.display_title,
        "sender": link.created_by.name if shows_sender and link.created_by else "",  # never an address
        "workspace_name": video.workspace.name,
        "note": link.note,
    }


def _of_waiting(link: ShareLink) -> dict[str, Any]:
    video = link.video
    return {
        "is_live": True,
        "progress": video.progress,
        "is_rendering": video.is_rendering,
        "estimate": estimate(video, at=timezone.now()),
    }


def _of_player(entry: Entry) -> dict[str, Any]:
    link, video = entry.link, entry.link.video
    return {
        "download_url": download_url(video) if entry.decision.allows(Right.DOWNLOAD) else "",
        "call_to_action": link.call_to_action,
        "call_to_action_url": link.call_to_action_url,
    }


def _unfurl(link: ShareLink) -> dict[str, str]:
    """Return the link preview of an open link. A gated one reveals nothing, not even to the robots it admits."""
    still = still_url(link.video)
    return {
        "url": link.public_url,
        "picture": absolute_url(still) if still.startswith("/") else still,
        "oembed_url": absolute_url(f"{reverse('oembed')}?{urlencode({'url': link.public_url})}"),
    }
