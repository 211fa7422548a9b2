"""A link that many visit, and how often it was. Runs inside the site, by `Site.seed(…, module="visit_seeds")`."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tavusweb.sharing import visit_days
from tavusweb.sharing.models import ShareLink, Visit
from tavusweb.sharing.models.branding import Branding, Player
from tavusweb.workspaces.models import Workspace
from tests.browser.seeds import _asked_for, _key, _maria, _until_ready


def open_link() -> str:
    """The address of a page that asks for nothing."""
    made = Workspace.objects.create_with_owner("Busy", _maria())
    video = _asked_for(made, _key(made, "Practice"), "Launch")
    _until_ready(video)
    return ShareLink.objects.create(video=video, created_by=_maria()).get_absolute_url()


def visits() -> int:
    return Visit.objects.count()


def empty() -> dict[str, str]:
    """A link that nobody has opened: its address, and its page of numbers."""
    path = open_link()
    return {"share": path, "link": _numbers_of(path)}


def in_our_player() -> dict[str, str]:
    """A link of a workspace that uses our own player, as in `empty`."""
    made = empty()
    workspace = Workspace.objects.get(slug=made["link"].split("/")[2])
    Branding.objects.create(workspace=workspace, player=Player.OWN)
    return made


def _numbers_of(path: str) -> str:
    link = ShareLink.objects.get(token=path.strip("/").split("/")[1])
    return reverse("link_numbers", args=[link.video.workspace.slug, link.pk])


def watched() -> dict[str, str]:
    """The pages of numbers of a link and its video, after a month of visits in both players."""
    path = open_link()
    link = ShareLink.objects.get(token=path.strip("/").split("/")[1])
    link.name = "Board, spring meeting"
    link.save()
    now, rows = timezone.now(), []
    for days in range(30):
        for number in range((days * 7) % 13):
            part = (number * 17 + days * 5) % 51
            rows.append(
                Visit(
                    link=link,
                    video=link.video,
                    number=f"{days:016x}{number:016x}",
                    at=now - timedelta(days=days),
                    viewer=f"{number % 5}",
                    is_measured=number % 3 > 0,
                    played_at=now if number % 3 and part else None,
                    watched=(1 << part) - 1 if number % 3 else 0,
                    furthest=(part // 12 * 25 or None) if number % 3 else None,
                    seconds=number * 13 + days,
                    is_machine=number == 9,
                    is_member=number == 8,
                    clicked_at=now if number == 5 else None,
                )
            )
    Visit.objects.bulk_create(rows)
    visit_days.roll_up()
    slug = link.video.workspace.slug
    return {
        "link": reverse("link_numbers", args=[slug, link.pk]),
        "video": reverse("video_numbers", args=[slug, link.video_id]),
        "settings": reverse("visit_settings", args=[slug]),
        "share": path,
    }
