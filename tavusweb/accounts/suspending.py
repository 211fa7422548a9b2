"""What somebody sent waits in the session until they have shown once more who they are.

Allauth would keep whatever anybody sends, with all headers and cookies. Here it is a form, of who is signed in, and of
limited size; it goes on as part of the request that brought the proof.
"""

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import urlencode

MOST = 256 * 1024  # characters of a form: a session is written anew with every change


def suspend(request: HttpRequest, url: str) -> HttpResponse:
    """To `url`, where somebody shows who they are, and back from there with what was sent."""
    path = request.get_full_path()
    if request.method == "POST":
        _keep(request, path)
    return redirect(f"{url}?{urlencode({'next': path})}")


def resume(request: HttpRequest, kept: dict[str, str]) -> HttpResponseBase:
    """Send on what was kept, unless one meanwhile wants to go somewhere else. Allauth calls this by its name."""
    wanted = get_next_redirect_url(request) or reverse("home")
    if wanted != kept["path"]:
        return redirect(wanted)
    request.path, _, query = kept["path"].partition("?")
    request.path_info, request.method = kept["path_info"], "POST"
    request.GET, request.POST = QueryDict(query), QueryDict(kept["form"])
    request.META = request.META | {"PATH_INFO": request.path_info, "QUERY_STRING": query}
    request.resolver_match = found = resolve(request.path_info)
    answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return answer


def _keep(request: HttpRequest, path: str) -> None:
    form = request.POST.urlencode()
    if len(form) > MOST:
        request.session.pop(STATE_SESSION_KEY, None)
        messages.warning(request, "What you sent is too long to be kept meanwhile. Send it again afterwards.")
        return
    kept = {"path": path, "path_info": request.path_info, "form": form}
    request.session[STATE_SESSION_KEY] = {"state": kept, "callback": f"{__name__}.{resume.__name__}"}
