from django.urls import include, path

from . import single_sign_on, views

urlpatterns = [
    path("", views.account, name="account"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("two-factor/", include("allauth.mfa.urls")),
    path("providers/choose/", views.choose_provider, name="choose_provider"),
    # allauth's own two views check no signature; these stand in their place.
    path("providers/<str:provider_id>/login/", single_sign_on.begin, name="openid_connect_login"),
    path("providers/<str:provider_id>/login/callback/", single_sign_on.come_back, name="openid_connect_callback"),
    path("providers/", include("allauth.socialaccount.urls")),
    path("", include("allauth.account.urls")),
]
