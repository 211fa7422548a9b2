"""Reauthentication before sensitive actions, for people who signed in a while ago."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tavusweb.middleware import GetResponse
from tavusweb.upload_limits import REPLAY_MAX_CHARACTERS

from .mfa import mfa_state
from .sessions import is_fresh, records


def suspend(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect to `url` for reauthentication, and keep the submitted form for afterwards."""
    path = request.get_full_path()
    if request.method == "POST":
        _keep(request, path)
    return redirect(f"{url}?{urlencode({'next': path})}")


def resume(request: HttpRequest, state: dict[str, str]) -> HttpResponseBase:
    """Resume the kept request, unless the person now wants to go elsewhere. allauth calls this by its name."""
    wanted = get_next_redirect_url(request) or reverse("home")
    if wanted != state["path"]:
        return redirect(wanted)
    request.path, _, query = state["path"].partition("?")
    request.path_info, request.method = state["path_info"], "POST"
    request.GET, request.POST = QueryDict(query), QueryDict(state["form"])
    request.META = request.META | {"PATH_INFO": request.path_info, "QUERY_STRING": query}
    request.resolver_match = match = resolve(request.path_info)
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer


def _keep(request: HttpRequest, path: str) -> None:
    form = request.POST.urlencode()
    if len(form) > REPLAY_MAX_CHARACTERS:
        request.session.pop(STATE_SESSION_KEY, None)
        messages.warning(request, _("Your form was too long to keep. Send it again after confirming."))
        return
    state = {"path": path, "path_info": request.path_info, "form": form}
    request.session[STATE_SESSION_KEY] = {"state": state, "callback": f"{__name__}.{resume.__name__}"}


View = Callable[..., HttpResponseBase]
# Parts of the names of fields that are never kept: a suspended form is stored in the session in clear text.
SECRETS = ("secret", "password")
LEFT_OUT = "secrets_left_out"  # marks a form that was kept without its secrets


def must_show(request: HttpRequest) -> bool:
    """Whether the signed-in person has to reauthenticate.

    Even a fresh session has to prove a second factor that it has not proven, because it is older than the factor.
    """
    if mfa_state(request).owes_it:
        return True
    shown_at = max((record["at"] for record in records(request) if record.get("reauthenticated")), default=0.0)
    return not is_fresh(request) and time.time() - shown_at >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def fresh_sign_in(*, also_to_look: bool = False) -> Callable[[View], View]:
    """Require a recent sign-in for a view's POST; with `also_to_look`, also for its GET.

    A submitted form is kept and resumed afterwards. If it had secrets, it is shown again without them.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_looking = request.method in {"GET", "HEAD"} and not also_to_look
            if is_looking or not request.user.is_authenticated or not must_show(request):
                if LEFT_OUT in request.POST:
                    messages.warning(
                        request, _("For your security, passwords and keys are not kept. Enter them again.")
                    )
                return view(request, *args, **kwargs)
            return ask(request)

        return guarded

    return decorate


def ask(request: HttpRequest) -> HttpResponse:
    """Redirect to the first available method of reauthentication, and keep the submitted form."""
    url = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
    if request.htmx:  # type: ignore[attr-defined]
        # A fragment cannot show the question, so the whole page goes there and returns.
        page = request.htmx.current_url_abs_path or reverse("home")  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": f"{url}?{urlencode({'next': page})}"})
    form = request.POST.copy()
    secrets = [name for name in form if any(word in name for word in SECRETS)]
    if [name for name in secrets if form.pop(name) != [""]]:
        form[LEFT_OUT] = "yes"
    request.POST = form  # type: ignore[assignment]
    return suspend(request, url)


class Question:
    """Ask for reauthentication where allauth's pages require it, as ours do; ask strangers to sign in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, ReauthenticationRequired):
            return None
        return ask(request) if request.user.is_authenticated else redirect_to_login(request.get_full_path())
