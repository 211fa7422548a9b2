"""Before anything dangerous, whoever signed in a while ago shows once more who they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required, suspend_request
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

View = Callable[..., HttpResponseBase]
SECRETS = ("secret", "password")  # fields that are never kept: a suspended form lies in the session, in clear
LEFT_OUT = "secrets_left_out"  # of a form that was kept without them


def fresh_sign_in(*, also_to_look: bool = False) -> Callable[[View], View]:
    """Let a view act only for a session that is fresh; `also_to_look` asks before a form is typed, not after.

    What was sent is kept and sent on afterwards, except secrets: their form comes back with the rest of it filled in.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_looking = request.method in {"GET", "HEAD"} and not also_to_look
            if is_looking or not is_reauthentication_required(request, app="tavusweb"):
                if LEFT_OUT in request.POST:
                    messages.warning(request, "For safety, the secret that you typed was not kept. Enter it again.")
                return view(request, *args, **kwargs)
            return _ask(request)

        return guarded

    return decorate


def _ask(request: HttpRequest) -> HttpResponse:
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    url = methods[0]["url"] if methods else reverse("account_login")
    if request.htmx:  # type: ignore[attr-defined]
        # A fragment cannot hold the question: the whole page goes there and comes back.
        page = request.htmx.current_url_abs_path or reverse("home")  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": f"{url}?{urlencode({'next': page})}"})
    kept = request.POST.copy()
    if [name for name in SECRETS if kept.pop(name, None) not in (None, [""])]:
        kept[LEFT_OUT] = "yes"
    request.POST = kept  # type: ignore[assignment]
    answer: HttpResponse = suspend_request(request, url)
    return answer
