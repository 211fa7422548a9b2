from django.apps import AppConfig


class Reviews(AppConfig):
    name = "tavusweb.reviews"

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef

        from tavusweb.videos.along import read_along

        from .models import ApprovalRequest, Comment, Verdict

        read_along(
            has_verdicts=lambda: Exists(Verdict.objects.filter(video=OuterRef("pk")).order_by()),
            has_comments=lambda: Exists(Comment.objects.visible().filter(video=OuterRef("pk")).order_by()),
            has_approval_request=lambda: Exists(ApprovalRequest.objects.filter(video=OuterRef("pk")).order_by()),
        )
