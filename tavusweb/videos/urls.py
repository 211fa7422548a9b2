from django.urls import path

from .views import actions, budget, captions, checks, detail, editor, history, replica, versions

urlpatterns = [
    path("replicas/<int:pk>/", replica.replica, name="replica"),
    path("videos/new/", editor.video_new, name="video_new"),
    path("videos/<uuid:pk>/", detail.video, name="video"),
    path("videos/<uuid:pk>/panel/", detail.video_panel, name="video_panel"),
    path("videos/<uuid:pk>/edit/", editor.video_edit, name="video_edit"),
    path("videos/<uuid:pk>/checks/", checks.video_checks, name="video_checks"),
    path("videos/<uuid:pk>/draft/", editor.video_draft, name="video_draft"),
    path("videos/<uuid:pk>/versions/<int:version_pk>/", versions.draft_version, name="draft_version"),
    path("videos/<uuid:pk>/saved/", history.video_versions, name="video_versions"),
    path("videos/<uuid:pk>/saved/<int:version_pk>/", history.video_version, name="video_version"),
    path("videos/<uuid:pk>/present/", history.video_present, name="video_present"),
    path("settings/budget/", budget.budget, name="budget"),
    path("videos/<uuid:pk>/approve-spending/", budget.spending_approve, name="video_spending_approve"),
    path("videos/<uuid:pk>/decline-spending/", budget.spending_decline, name="video_spending_decline"),
    path("videos/<uuid:pk>/download/", detail.video_download, name="video_download"),
    path("videos/<uuid:pk>/retry/", actions.video_retry, name="video_retry"),
    path("videos/<uuid:pk>/cancel/", actions.video_cancel, name="video_cancel"),
    path("videos/<uuid:pk>/resolve-missing/", actions.video_resolve_missing, name="video_resolve_missing"),
    path("videos/<uuid:pk>/resolve/", actions.video_resolve, name="video_resolve"),
    path("videos/<uuid:pk>/copies/<int:copy_pk>/delete/", actions.video_copy_delete, name="video_copy_delete"),
    path("videos/<uuid:pk>/captions/", captions.captions_save, name="captions_save"),
    path("videos/<uuid:pk>/captions/<int:caption_pk>/", captions.caption, name="caption"),
    path("videos/<uuid:pk>/captions/<int:caption_pk>/delete/", captions.caption_delete, name="caption_delete"),
    path("videos/<uuid:pk>/rename/", actions.video_rename, name="video_rename"),
    path("videos/<uuid:pk>/delete/", actions.video_delete, name="video_delete"),
    path("videos/<uuid:pk>/restore/", actions.video_restore, name="video_restore"),
    path("videos/<uuid:pk>/delete-for-good/", actions.video_delete_for_good, name="video_delete_for_good"),
]
