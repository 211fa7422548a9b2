from django.urls import path

from .views import answers, beacons, brand, captions, certificates, comments, embed, public, replies, reports, votes

urlpatterns = [
    path("<str:token>/", public.share, name="share"),
    path("<str:token>/panel/", public.share_panel, name="share_panel"),
    path("<str:token>/visit/", beacons.visit, name="share_visit"),
    path("<str:token>/waiting/", beacons.waiting, name="share_waiting"),
    path("<str:token>/comment/", comments.comment, name="share_comment"),
    path("<str:token>/comment/edit/", comments.edit, name="share_comment_edit"),
    path("<str:token>/comment/delete/", comments.delete, name="share_comment_delete"),
    path("<str:token>/replies/confirm/", replies.confirm, name="share_replies_confirm"),
    path("<str:token>/replies/stop/", replies.stop, name="share_replies_stop"),
    path("<str:token>/approve/", answers.approve, name="share_approve"),
    path("<str:token>/certificate/", certificates.certificate, name="share_certificate"),
    path("<str:token>/certificate.json", certificates.certificate_file, name="share_certificate_file"),
    path("<str:token>/withdraw/", answers.withdraw, name="share_withdraw"),
    path("<str:token>/changes/", answers.request_changes, name="share_changes"),
    path("<str:token>/report/", reports.report, name="share_report"),
    path("<str:token>/captions/", captions.captions, name="share_captions"),
    path("<str:token>/logo/", brand.logo, name="share_logo"),
    path("<str:token>/vote/", votes.vote, name="share_vote"),
    path("<str:token>/embed/", embed.embed, name="share_embed"),
]
