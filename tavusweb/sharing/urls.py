from django.urls import path

from .views import links, numbers, personal, policy, presets, repair, sending, takes

urlpatterns = [
    path("shared/", links.shared_links, name="shared_links"),
    path("shared/<int:pk>/send/", sending.share_link_send, name="share_link_send"),
    path("shared/<int:pk>/qr.svg", sending.share_link_qr, name="share_link_qr"),
    path("shared/personal/<uuid:group>.csv", personal.share_personal_file, name="share_personal_file"),
    path("videos/<uuid:pk>/share/personal/", personal.share_personal, name="share_personal"),
    path("shared/policy/", policy.share_policy, name="share_policy"),
    path("shared/presets/", presets.share_presets, name="share_presets"),
    path("shared/presets/<int:pk>/rename/", presets.share_preset_rename, name="share_preset_rename"),
    path("shared/presets/<int:pk>/default/", presets.share_preset_default, name="share_preset_default"),
    path("shared/presets/<int:pk>/delete/", presets.share_preset_delete, name="share_preset_delete"),
    path("videos/<uuid:pk>/share/preset/", presets.share_preset_save, name="share_preset_save"),
    path("shared/repair/", repair.share_links_repair, name="share_links_repair"),
    path("shared/restore/", repair.share_links_restore, name="share_links_restore"),
    path("videos/<uuid:pk>/share/", links.share_link_create, name="share_link_create"),
    path("shared/<int:pk>/", links.share_link, name="share_link"),
    path("shared/<int:pk>/restore/", links.share_link_restore, name="share_link_restore"),
    path("shared/<int:pk>/revoke/", links.share_link_revoke, name="share_link_revoke"),
    path("shared/<int:pk>/takes/", takes.share_link_takes, name="share_link_takes"),
    path("shared/<int:pk>/takes/swap/", takes.share_take_swap, name="share_take_swap"),
    path("shared/<int:pk>/takes/undo/", takes.share_take_undo, name="share_take_undo"),
    path("shared/<int:pk>/takes/cancel/", takes.share_take_cancel, name="share_take_cancel"),
    path("videos/<uuid:pk>/behind/", takes.video_put_behind, name="video_put_behind"),
    path("shared/<int:pk>/numbers/", numbers.link_numbers, name="link_numbers"),
    path("shared/<int:pk>/numbers/days.csv", numbers.link_numbers_file, name="link_numbers_file"),
    path("videos/<uuid:pk>/numbers/", numbers.video_numbers, name="video_numbers"),
    path("videos/<uuid:pk>/numbers/days.csv", numbers.video_numbers_file, name="video_numbers_file"),
    path("settings/visits/", numbers.visit_settings, name="visit_settings"),
]
