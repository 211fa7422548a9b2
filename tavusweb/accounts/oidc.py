"""Sign-in with an OpenID Connect provider: allauth's handshake with stricter checks.

In addition to allauth, the id_token's signature is always checked against the provider's keys, the userinfo has to be
about the same person, and an address counts as verified only in the domains that the operator trusts the provider with.
If domains are set, an account without an address in them can neither sign in nor be connected. The same handshake
reauthenticates a signed-in person, and never switches their session to another account.
"""

import time
from typing import Any

import jwt
import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from tavusweb.http import absolute_url

# Signatures by a public key only. HS256 would use the client's secret, and "none" nothing at all.
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
STILL_THERE = "still_there"  # the process for reauthentication
SEEN_WITHIN = 60  # seconds; an older sign-in at the provider has to be repeated there
# Exceptions raised by reading a provider's malformed responses.
NONSENSE = (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError, jwt.PyJWTError)


class Outsider(OAuth2Error):
    """The account at the provider has no verified address that belongs to the organisation."""

    is_outsider = True  # for the page


class Handshake(OpenIDConnectOAuth2Adapter):
    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return the redirect address registered at the provider, whatever host name this request used."""
        return absolute_url(reverse("openid_connect_callback", args=[self.provider_id]))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **given: Any) -> SocialLogin:
        try:
            claims = self._decode_id_token(app, given["response"]["id_token"])
            userinfo = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else {}
            if userinfo.get("sub", claims["sub"]) != claims["sub"]:
                raise OAuth2Error("the userinfo is about somebody else")
            login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"userinfo": claims | userinfo})
            request.seen_there_at = float(claims.get("auth_time") or time.time())  # type: ignore[attr-defined]
        except NONSENSE as error:
            raise OAuth2Error(f"{type(error).__name__}: {error}") from error
        if self.get_provider().app.settings.get("domains") and not any(each.verified for each in login.email_addresses):
            raise Outsider("an account without a verified address in the provider's domains")
        return login

    def get_provider(self) -> "Provider":
        provider: Provider = super().get_provider()  # type: ignore[no-untyped-call]
        return provider

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if jwt.get_unverified_header(id_token).get("alg") not in ALGORITHMS:
            raise OAuth2Error("the id_token is not signed by a public key")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Handshake

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """For reauthentication, ask the provider to authenticate the person again, as far as it supports that."""
        given: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        if given["process"] == STILL_THERE and not request.user.is_authenticated:
            given["process"] = AuthProcess.LOGIN
        elif given["process"] == STILL_THERE:
            given["user"] = request.user.pk
            given["auth_params"] |= {"max_age": str(SEEN_WITHIN)}
            if "login" in self.get_oauth2_adapter(request).openid_config.get("prompt_values_supported", ()):
                given["auth_params"] |= {"prompt": "login"}
        return given

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        claims = data["userinfo"]
        email = str(claims.get("email") or "").lower()
        domains = self.app.settings.get("domains")
        is_believed = not domains or email.rpartition("@")[2] in domains
        is_verified = claims.get("email_verified") in (True, "true") and is_believed
        return [EmailAddress(email=email, verified=is_verified, primary=True)] if email else []


class Proven(HttpResponse):
    """Continue to the requested page after reauthentication."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted


class AnotherPerson(ImmediateHttpResponse):
    """The provider identified someone else, or a sign-in that is too old."""


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider, from a page of this site: form-action forbids that a form's redirect leaves it."""
    handshake = _handshake(request, provider_id)
    try:
        answer: HttpResponse = OAuth2LoginView.adapter_view(handshake)(request)
    except NONSENSE as error:
        return _failed(request, handshake, error)
    if not answer.has_header("Location"):
        return answer
    context = {"provider": handshake.get_provider(), "redirect_to": answer["Location"]}
    return render(request, "socialaccount/login_redirect.html", context)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    handshake = _handshake(request, provider_id)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(handshake)(request)
    except NONSENSE as error:
        return _failed(request, handshake, error)
    if isinstance(answer, Proven):  # outside the try block: later errors are not the provider's
        request.GET = QueryDict(urlencode({"next": answer.wanted}))
        answer = resume_request(request) or redirect("home")
    return answer


def for_who_is_signed_in(request: HttpRequest, login: SocialLogin) -> None:
    """Raise the response for a person who returns while signed in, unless they are connecting an account."""
    process = login.state.get("process")
    if process == STILL_THERE and _is_still_there(request, login):
        account = {"provider": login.account.provider, "uid": login.account.uid}
        record_authentication(request, login.account.user, "socialaccount", **account, reauthenticated=True)
        raise ImmediateHttpResponse(Proven(login.state.get("next", "")))
    is_switch = request.user.is_authenticated and process != AuthProcess.CONNECT and login.user != request.user
    if process == STILL_THERE or is_switch:
        page = render(request, "socialaccount/another_person.html", {"provider": login.provider}, status=403)
        raise AnotherPerson(page)


def _is_still_there(request: HttpRequest, login: SocialLogin) -> bool:
    """Whether the provider recently authenticated the same person, with an account that can sign in to theirs."""
    began = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    is_theirs = login.account.pk is not None and login.account.user_id == request.user.pk == login.state.get("user")
    return is_theirs and request.seen_there_at > began  # type: ignore[attr-defined]


def _handshake(request: HttpRequest, provider_id: str) -> Handshake:
    handshake = Handshake(request, provider_id)
    try:
        handshake.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return handshake


def _failed(request: HttpRequest, handshake: Handshake, error: Exception) -> HttpResponse:
    answer: HttpResponse = render_authentication_error(request, handshake.get_provider(), exception=error)
    return answer
