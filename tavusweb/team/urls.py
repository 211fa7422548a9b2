from django.urls import path

from .views import audit_log, invitations, joining, members, settings

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/invite/", invitations.invite, name="invite"),
    path("members/invitations/<int:pk>/renew/", invitations.renew_invitation, name="renew_invitation"),
    path("members/invitations/<int:pk>/revoke/", invitations.revoke_invitation, name="revoke_invitation"),
    path("members/leave/", members.leave, name="leave"),
    path("members/domains/", joining.join_domain_add, name="join_domain_add"),
    path("members/domains/<int:pk>/remove/", joining.join_domain_remove, name="join_domain_remove"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/role/", members.member_role, name="member_role"),
    path("members/<int:pk>/hand-over/", members.hand_over, name="hand_over"),
    path("members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("join/", joining.join, name="join"),
    path("settings/", settings.workspace_settings, name="workspace_settings"),
    path("settings/sign-in/", settings.workspace_requires, name="workspace_requires"),
    path("settings/delete/", settings.workspace_delete, name="workspace_delete"),
    path("settings/audit-log/", audit_log.audit_log, name="audit_log"),
    path("settings/audit-log/keep/", audit_log.audit_log_keep, name="audit_log_keep"),
    path("settings/audit-log/export.<str:form>", audit_log.audit_log_export, name="audit_log_export"),
]
