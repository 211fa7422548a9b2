from django.apps import AppConfig


class Sharing(AppConfig):
    name = "tavusweb.sharing"

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef

        from tavusweb.videos.along import read_along

        from .models import LinkTake, OfferedTake, ShareLink, SharePreset, WorkspaceLinkPolicy

        def of_workspace(model: type[SharePreset] | type[WorkspaceLinkPolicy]) -> Exists:
            return Exists(model._default_manager.filter(workspace=OuterRef("workspace")).order_by())

        # May be true of links and plans that have ended: it says where to look, not what is found.
        read_along(
            has_share_links=lambda: Exists(ShareLink.objects.filter(video=OuterRef("pk")).order_by()),
            has_link_plans=lambda: Exists(LinkTake.objects.planned().filter(video=OuterRef("pk")).order_by()),
            has_offered_takes=lambda: Exists(OfferedTake.objects.filter(video=OuterRef("pk")).order_by()),
            has_replaced_takes=lambda: Exists(LinkTake.objects.past().filter(link__video=OuterRef("pk")).order_by()),
            has_share_presets=lambda: of_workspace(SharePreset),
            has_link_policy=lambda: of_workspace(WorkspaceLinkPolicy),
        )
