from django.urls import path

from .views import approvals, certificates, comments, drafts

urlpatterns = [
    path("videos/<uuid:pk>/comments/", comments.video_comments, name="video_comments"),
    path("videos/<uuid:pk>/approve/", approvals.video_approve, name="video_approve"),
    path("videos/<uuid:pk>/changes/", approvals.video_request_changes, name="video_request_changes"),
    path("videos/<uuid:pk>/withdraw/", approvals.video_verdict_withdraw, name="video_verdict_withdraw"),
    path("videos/<uuid:pk>/approvals/", approvals.video_approval_request, name="video_approval_request"),
    path("videos/<uuid:pk>/changes/draft/", drafts.video_draft_changes, name="video_draft_changes"),
    path("verdicts/<int:pk>/certificate/", certificates.verdict_certificate, name="verdict_certificate"),
    path("verdicts/<int:pk>/certificate.json", certificates.verdict_certificate_file, name="verdict_certificate_file"),
    path("comments/<int:pk>/edit/", comments.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/resolve/", comments.comment_resolve, name="comment_resolve"),
    path("comments/<int:pk>/reopen/", comments.comment_reopen, name="comment_reopen"),
    path("comments/<int:pk>/delete/", comments.comment_delete, name="comment_delete"),
]
