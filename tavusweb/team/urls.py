from django.urls import path

from .views import audit_log, deletion, invitations, joining, members, removal, settings

urlpatterns = [
    path("settings/delete/", deletion.workspace_delete, name="workspace_delete"),
    path("members/<int:pk>/remove/", removal.member_remove, name="member_remove"),
    path("members/", members.members, name="members"),
    path("members/invite/", invitations.invite, name="invite"),
    path("members/invitations/<int:pk>/renew/", invitations.renew_invitation, name="renew_invitation"),
    path("members/invitations/<int:pk>/revoke/", invitations.revoke_invitation, name="revoke_invitation"),
    path("members/leave/", members.leave, name="leave"),
    path("members/domains/", joining.join_domain_add, name="join_domain_add"),
    path("members/domains/<int:pk>/remove/", joining.join_domain_remove, name="join_domain_remove"),
    path("join/", joining.join, name="join"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/role/", members.member_role, name="member_role"),
    path("members/<int:pk>/hand-over/", members.hand_over, name="hand_over"),
    path("settings/", settings.workspace_settings, name="workspace_settings"),
    path("settings/sign-in/", settings.workspace_requires, name="workspace_requires"),
    path("settings/trail/", audit_log.trail, name="trail"),
    path("settings/trail/keep/", audit_log.trail_keep, name="trail_keep"),
    path("settings/trail/export.<str:form>", audit_log.trail_export, name="trail_export"),
]
