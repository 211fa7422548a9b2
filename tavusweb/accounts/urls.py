from allauth.account import views as allauth_views
from allauth.mfa.webauthn.views import login_webauthn
from django.urls import URLPattern, URLResolver, include, path

from . import oidc, views
from .atomic_views import both_or_neither
from .reauthentication import fresh_sign_in
from .sign_in_limits import few_challenges

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.account, name="account"),
    path("appearance/", views.appearance, name="appearance"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("two-factor/webauthn/login/", few_challenges(login_webauthn), name="mfa_login_webauthn"),
    path("two-factor/", include("allauth.mfa.urls")),
    path("providers/choose/", views.choose_provider, name="choose_provider"),
    path("providers/reauthenticate/", views.reauthenticate_by_provider, name="reauthenticate_by_provider"),
    # These replace allauth's two views, which check no signature.
    path("providers/<str:provider_id>/login/", oidc.begin, name="openid_connect_login"),
    path("providers/<str:provider_id>/login/callback/", oidc.come_back, name="openid_connect_callback"),
    path("providers/", include("allauth.socialaccount.urls")),
    # allauth requires no reauthentication for these: an unattended session would be enough to take over an account.
    path("email/", fresh_sign_in()(allauth_views.email), name="account_email"),
    path("password/set/", fresh_sign_in(also_to_look=True)(allauth_views.password_set), name="account_set_password"),
    # Nor does it ask for an owed second factor before the password is changed.
    path(
        "password/change/",
        fresh_sign_in(also_to_look=True)(allauth_views.password_change),
        name="account_change_password",
    ),
    path("", include("allauth.account.urls")),
]
both_or_neither(urlpatterns)
