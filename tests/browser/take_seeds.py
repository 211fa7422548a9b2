"""Two takes and a link to the first. Runs inside the site through `Site.seed(…, module="take_seeds")`."""

from django.urls import reverse

from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace
from tests.browser.seeds import _asked_for, _key, _maria, _until_ready


def two_takes() -> dict[str, str]:
    """Create two ready videos and an approvable link to the first; return the link's pages and the second's id."""
    made = Workspace.objects.create_with_owner("Takes", _maria())
    key = _key(made, "Practice")
    first, second = (
        _asked_for(made, key, title, script=f"{title}, all done.") for title in ("First take", "Second take")
    )
    _until_ready(first, second)
    link = ShareLink.objects.create(video=first, created_by=_maria(), approval=True)
    takes = reverse("share_link_takes", args=[made.slug, link.pk])
    return {"share": link.get_absolute_url(), "takes": takes, "second": str(second.pk)}


def two_versions() -> dict[str, str]:
    """Create two ready versions of one video, the second approved; return the addresses to compare them from."""
    made = Workspace.objects.create_with_owner("Versions", _maria())
    key = _key(made, "Practice")
    words = "Welcome to the team. {} Your desk is on the second floor.\n\nSee you on Monday."
    first = _asked_for(made, key, "Welcome", script=words.format("We start at nine."))
    second = _asked_for(
        made,
        key,
        "Welcome, with a much longer title than the first one had, and in a second language: أهلاً وسهلاً",
        script=words.format("We start at eight. Bring your badge."),
        start_with_wave=False,
    )
    _until_ready(first, second)
    Video.objects.filter(pk=second.pk).update(original=first)
    second.refresh_from_db()
    speaker = Speaker(Proof.NAME, "Ada", link="1")
    reviews.decide(Actor(), speaker, second, VerdictKind.APPROVED, shown=fingerprint_of(second))
    return {"video": first.get_absolute_url(), "second": second.display_title}
