from django.urls import path

from . import views

urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/invite/", views.invite, name="invite"),
    path("members/invitations/<int:pk>/revoke/", views.revoke_invitation, name="revoke_invitation"),
    path("settings/", views.workspace_settings, name="workspace_settings"),
    path("settings/sign-in/", views.workspace_requires, name="workspace_requires"),
]
