"""Share links in every state. Runs inside the site through `Site.seed(…, module="share_seeds")`."""

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing.logos import read
from tavusweb.sharing.models import Branding, ShareLink
from tavusweb.videos.captions import Cue, written
from tavusweb.videos.models import Caption, Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.browser.seeds import _asked_for, _key, _maria, _until_ready, _video
from tests.browser.site import PASSWORD

STREAM = "https://stream.mux.com/clip.m3u8"  # answered by the test, from tests/browser/media
SCRIPT = "Hello Ingrid, and a warm welcome from all of us.\n\nThis is what happens in your first week."
NOTE = "Hi Ingrid, this is the welcome for Monday. Could you check the dates in the second half?"


def ready() -> dict[str, str]:
    """Create a ready video in a new workspace with a sandbox key; return the paths of both."""
    made = Workspace.objects.create_with_owner("Northwind Studio", _maria())
    video = _asked_for(made, _key(made, "Practice"), "Welcome to the team, Ingrid", script=SCRIPT)
    _until_ready(video)
    return {"workspace": f"/w/{made.slug}/", "video": video.get_absolute_url(), "pk": str(video.pk)}


def link(video: str, rules: dict[str, Any]) -> str:
    """Create a link to the video with this id, with these columns and `password`; return its path."""
    columns = dict(rules)
    password = columns.pop("password", "")
    row = ShareLink(video=Video.objects.get(pk=video), created_by=_maria(), **columns)
    row.put_password(password)
    row.save()
    return row.get_absolute_url()


def change_script(video: str, script: str) -> None:
    Video.objects.filter(pk=video).update(script=script)


def states() -> dict[str, str]:
    """Create a share page in every state; return their paths by name."""
    made = ready()
    video = Video.objects.get(pk=made["pk"])
    now = timezone.now()
    ended: dict[str, dict[str, Any]] = {
        "expired": {"expires_at": now - timedelta(days=1)},
        "revoked": {"revoked_at": now},
        "closed": {"closed_at": now},
    }
    address = {name: link(made["pk"], rules) for name, rules in (STATES | ended).items()}
    key = _key(video.workspace, "Resting", is_frozen=True)
    for name, status in {"not_ready": Status.GENERATING, "failed": Status.FAILED, "deleted": Status.DELETED}.items():
        other = _video(video.workspace, "Spring prices", status, age=3, api_key=key, tavus_id="", progress=40)
        address[name] = link(str(other.pk), {"note": NOTE})
    _talk(video, address["comments"])
    return address | made


STATES: dict[str, dict[str, Any]] = {
    "open": {},
    "full": {
        "name": "For Ingrid",
        "note": NOTE,
        "comments": "named",
        "approval": True,
        "allow_download": True,
        "call_to_action": "Book your first day",
        "call_to_action_url": "https://example.com/book",
        "shows_transcript": True,
    },
    "comments": {"name": "The board", "note": NOTE, "comments": "named"},
    "anonymous": {"comments": "anonymous"},
    "approval": {"approval": True},
    "password": {"password": PASSWORD},
    "watch": {"name": "Press", "view_limit": 5},
    "used_up": {"view_limit": 1, "views_used": 1},
    "email": {"email_rule": "any"},
    "embed": {"embed_sites": "http://127.0.0.1:9"},
    "embed_gate": {"embed_sites": "http://127.0.0.1:9", "view_limit": 5},
}


def _talk(video: Video, address: str) -> None:
    """Create a conversation on one link, with a reply and a resolved comment."""
    through = ShareLink.objects.get(token=address.strip("/").split("/")[1])
    gate = {"link": str(through.pk), "link_name": str(through)}
    guest = Speaker(Proof.NAME, "Ingrid Halvorsen", **gate)
    first = reviews.comment(guest, video, "The date in the second half is wrong: it is the 14th, not the 12th.")
    owner = Speaker(Proof.MEMBER, user=_maria(), name="Maria")
    reviews.comment(owner, video, "Thank you, I am changing it today.", parent=first)
    done = reviews.comment(Speaker(Proof.NAME, "Per", **gate), video, "Could the logo be a little larger?")
    reviews.resolve(Actor(user=_maria()), done)
    Comment.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=3))
    for kind, name in ((VerdictKind.CHANGES, "Ingrid Halvorsen"),):
        reviews.decide(
            Actor.system("seed"),
            Speaker(Proof.NAME, name, **gate),
            video,
            kind,
            shown=fingerprint_of(video),
            reason="Dates",
        )


def branded(logo: str) -> dict[str, str]:
    """Create a ready video with captions in a workspace with branding and our own player; return paths."""
    made = ready()
    video = Video.objects.get(pk=made["pk"])
    cues = [
        Cue(0, 1500, "Hello Ingrid, and a warm welcome"),
        Cue(1500, 2500, "from all of us."),
        Cue(5000, 5900, "Bye."),
    ]
    for language in ("en", "de"):
        Caption.objects.create(video=video, language=language, content=written(cues), cues=len(cues))
    Branding.objects.create(
        workspace=video.workspace,
        player="own",
        accent="#0b7a4b",
        footer="Northwind Studio, Harbour Street 5, Bergen",
        **Branding.columns_of(read(base64.b64decode(logo))),
    )
    full = STATES["full"] | {"comments": "off"}
    broken = _copy(made["pk"], download_url=video.hosted_url, stream_url="")  # a page, no film
    stream = _copy(made["pk"], download_url="", stream_url=STREAM)
    return made | {
        "full": link(made["pk"], full),
        "broken": link(str(broken.pk), {}),
        "stream": link(str(stream.pk), {}),
    }


def _copy(video: str, **columns: str) -> Video:
    copy = Video.objects.get(pk=video)
    copy.pk, copy.tavus_id = None, ""
    copy.id, copy.callback_secret = uuid4(), uuid4().hex
    for name, value in columns.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    return copy
