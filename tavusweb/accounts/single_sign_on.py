"""Signing in with an OpenID Connect provider: allauth's handshake, with less taken on trust.

Beyond what allauth does, the id_token's signature is always checked against the provider's keys, the userinfo has to be
of the same person, and an address counts as verified only in the domains that the operator gave the provider. With
domains given, an account there that has no such address is nobody's here, also when it is to be connected.
"""

from typing import Any

import jwt
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

# By a public key. HS256 would take the client's secret for one, and "none" nothing at all.
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
# What a provider that answers nonsense makes of the reading of its answers.
NONSENSE = (requests.RequestException, OAuth2Error, KeyError, TypeError, ValueError, jwt.PyJWTError)


class Outsider(OAuth2Error):
    """Somebody has an account at the provider, and no address that shows that they belong to the organisation."""

    is_outsider = True  # for the page


class Handshake(OpenIDConnectOAuth2Adapter):
    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """The address that the provider was told, whatever name this request came under."""
        return settings.SITE_URL + reverse("openid_connect_callback", args=[self.provider_id])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **given: Any) -> SocialLogin:
        try:
            claims = self._decode_id_token(app, given["response"]["id_token"])
            userinfo = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else {}
            if userinfo.get("sub", claims["sub"]) != claims["sub"]:
                raise OAuth2Error("the userinfo is about somebody else")
            login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"userinfo": claims | userinfo})
        except NONSENSE as error:
            raise OAuth2Error(f"{type(error).__name__}: {error}") from error
        if self.get_provider().app.settings.get("domains") and not any(each.verified for each in login.email_addresses):
            raise Outsider("an account without a verified address in the provider's domains")
        return login

    def get_provider(self) -> "Provider":
        found: Provider = super().get_provider()  # type: ignore[no-untyped-call]
        return found

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

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        claims = data["userinfo"]
        email = str(claims.get("email") or "").lower()
        domains = self.app.settings.get("domains")
        is_believed = not domains or email.rpartition("@")[2] in domains
        is_verified = claims.get("email_verified") in (True, "true") and is_believed
        return [EmailAddress(email=email, verified=is_verified, primary=True)] if email else []


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider. From a page of ours: a form that is answered by a redirect may not leave (form-action)."""
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
    return answer


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
