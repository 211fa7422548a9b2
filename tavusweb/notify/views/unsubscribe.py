"""The unsubscribe page. Only a POST changes anything, because link scanners open every URL in a mail."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tavusweb.audit.actor import Actor
from tavusweb.http import no_store

from ..actions import stop_mails
from ..choices import language_of
from ..kinds import Kind
from ..unsubscribe import Unsubscribe


@csrf_exempt  # mail programs send it themselves (RFC 8058), and the signed token says whose mails they are
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for confirmation, or turn off the mails the token names."""
    asked = Unsubscribe.read(token)
    user = get_user_model().objects.filter(pk=asked.user_pk, is_active=True).first() if asked else None
    if asked is None or user is None:
        return _private(HttpResponse(render_to_string("notify/unsubscribe_unknown.html"), status=404))
    is_done = request.method == "POST"
    if is_done:
        stop_mails(Actor.of(request).as_user(user), user, asked.kinds)
    with override(language_of(user)):
        context = {"labels": [Kind(kind).label for kind in asked.kinds], "is_done": is_done}
        return _private(HttpResponse(render_to_string("notify/unsubscribe.html", context)))


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return no_store(response)
