"""Notification routes of the account; `unsubscribe` is linked from mails and needs no sign-in."""

from django.urls import path

from .views import settings, unsubscribe

urlpatterns = [
    path("account/notifications/", settings.notification_settings, name="notification_settings"),
    path("account/notifications/mutes/<int:pk>/remove/", settings.notification_unmute, name="notification_unmute"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
