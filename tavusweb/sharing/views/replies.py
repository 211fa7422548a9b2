"""Confirm and stop the mails with replies that a guest asked for. GET has no effect; a button, or one click, has."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .. import replies
from ..brand import brand_of
from ..gate import Entry, draw, through_gate


@csrf_exempt  # the token in the address proves the mailbox
@require_http_methods(["GET", "HEAD", "POST"])
@through_gate()
def confirm(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Confirm an address, to be mailed replies."""
    subscription = replies.find(entry.link, request.GET.get("t", ""))
    if subscription is None or entry.decision.is_gone:
        return _page(entry, "unknown", status=404)
    if request.method == "POST":
        replies.confirm(subscription)
        return _page(entry, "confirmed")
    return _page(entry, "confirmed" if subscription.confirmed_at else "confirm")


@csrf_exempt  # mail programs send it as RFC 8058 says
@require_http_methods(["GET", "HEAD", "POST"])
@through_gate()
def stop(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Stop the mails and erase the address, whatever became of the link. Doing it twice is as good as once."""
    subscription = replies.find(entry.link, request.GET.get("t", ""))
    if request.method == "POST" or subscription is None:
        if subscription:
            replies.stop(subscription)
        return _page(entry, "stopped")
    return _page(entry, "stop")


def _page(entry: Entry, state: str, *, status: int = 200) -> HttpResponse:
    context = {
        "brand": brand_of(entry.link, entry.decision),
        "state_template": "sharing/states/_replies.html",
        "tab_title": _("Replies by email"),
        "token": entry.link.token,
        "replies_state": state,
        "is_gone": entry.decision.is_gone,
    }
    return draw("sharing/share.html", context, status=status)
