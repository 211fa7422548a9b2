"""Rows that a test starts with. Runs inside the site through `Site.seed` and returns JSON values."""

import secrets
import time
from datetime import timedelta
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.accounts.sessions import SIGNED_IN_AT
from tavusweb.audit.actor import Actor
from tavusweb.keys.models import APIKey
from tavusweb.reviews import actions as reviews
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import Comment, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.sharing.models import ShareLink
from tavusweb.videos import wakeup
from tavusweb.videos.models import AudioFile, Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.wait_reasons import Wait
from tavusweb.workspaces.models import Invitation, Membership, Workspace
from tavusweb.workspaces.permissions import Role
from tests.browser.site import OWNER, PASSWORD
from tests.browser.steps import SANDBOX_REPLICA

REJECTED = "The script provided violates our community guidelines."
OTHER, NEIGHBOUR, GUARDED = "erik@example.com", "vera@open.example", "gunnar@example.com"
SCRIPT = "Hello, and a warm welcome from all of us.\n\nThis is what happens in your first week."


def workspaces(number: int) -> list[str]:
    """Create empty workspaces of Maria's with a sandbox key each."""
    made = [Workspace.objects.create_with_owner("Team", _maria()) for _ in range(number)]
    for each in made:
        _key(each, "Practice")
    return [f"/w/{each.slug}/" for each in made]


def finished(number: int) -> list[str]:
    """Create this many ready videos; return their pages."""
    made = Workspace.objects.create_with_owner("Done", _maria())
    key = _key(made, "Practice")
    videos = [_asked_for(made, key, "Finished", script="All done.") for _ in range(number)]
    _until_ready(*videos)
    return [video.get_absolute_url() for video in videos]


def rival() -> str:
    """Create Zoe, who owns another workspace."""
    zoe = User.objects.filter(email="zoe@example.com").first()
    zoe = zoe or User.objects.create_user("zoe@example.com", PASSWORD, name="Zoe")
    made = Workspace.objects.create_with_owner("Rival", zoe)
    _key(made, "Practice")
    return f"/w/{made.slug}/"


def locked_share() -> str:
    """Create a password-protected share link; return its path."""
    made = Workspace.objects.create_with_owner("Locked", _maria())
    link = ShareLink(video=_video(made, "Secret", Status.READY, age=0, api_key=_key(made, "Practice")))
    link.put_password(PASSWORD)
    link.save()
    return link.get_absolute_url()


def recording(size: int) -> str:
    """Create an uploaded recording of this many bytes; return the path from which Tavus can fetch it."""
    audio = AudioFile.keep(
        Workspace.objects.earliest("pk"),
        SimpleUploadedFile("a.wav", bytes(size)),
        extension="wav",
        seconds=9,
        by=_maria(),
    )
    return urlsplit(audio.public_url()).path


def person(email: str) -> None:
    """Create a person with a workspace of their own."""
    Workspace.objects.create_with_owner("Own", User.objects.create_user(email, PASSWORD))


def member(workspace: str, email: str, role: str) -> None:
    """Create a person with this role in the workspace at this path, and in no other."""
    user = User.objects.create_user(email, PASSWORD, name=email.split("@")[0].title())
    Workspace.objects.get(slug=workspace.split("/")[2]).memberships.create(user=user, role=role)


def role(email: str, role: str) -> None:
    Membership.objects.filter(user__email=email).update(role=role)


def require(workspace: str, what: str) -> None:
    Workspace.objects.filter(slug=workspace.split("/")[2]).update(requires=what)


def remove(email: str) -> None:
    Membership.objects.get(user__email=email).remove()


def an_hour_later(email: str) -> None:
    """Backdate all of this person's sessions by an hour."""
    pk = str(User.objects.get(email=email).pk)
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        if session.get(SESSION_KEY) != pk:
            continue
        session[SIGNED_IN_AT] = time.time() - 3600
        session.save()


def crowd(size: int) -> str:
    """Create a workspace whose videos wait for a frozen key: many rows to refresh, and nothing for the worker."""
    made = Workspace.objects.create_with_owner("Crowd", _maria())
    _key(made, "Practice")
    key = _key(made, "Resting", is_frozen=True)
    for number in range(size):
        _video(made, f"Waiting {number}", Status.WAITING, api_key=key, wait=Wait.KEY_FROZEN, age=number + 1)
    return f"/w/{made.slug}/"


def stocked() -> str:
    """Create a workspace whose videos do not change by themselves; return its path."""
    made = Workspace.objects.create_with_owner("Studio", _maria())
    key = _key(made, "Sandbox")
    _video(made, "Summer offer", Status.FAILED, api_key=key, failure_code="script_rejected", age=50)
    _video(made, "A first try", Status.CANCELLED, api_key=key, age=70)
    _video(made, "Onboarding, part two", Status.DRAFT, api_key=key, age=80)
    _video(made, "Questions that new customers ask before they buy", Status.FAILED, api_key=key, age=90)
    return f"/w/{made.slug}/"


def furnished() -> dict[str, str]:
    """Create a workspace with one of everything; return what identifies each in URLs."""
    made = Workspace.objects.create_with_owner("Acme", _maria())
    erik = User.objects.create_user(OTHER, PASSWORD, name="Erik Andersson")
    member = made.memberships.create(user=erik, role=Role.EDITOR)
    invitation, token = Invitation.issue(made, email="iris@example.com", role=Role.REVIEWER, by=_maria())
    _, of_erik = Invitation.issue(made, email=OTHER, role=Role.REVIEWER, by=_maria())
    key = _key(made, "Sandbox")
    frozen = _key(made, "Agency account", is_frozen=True)
    ready = _asked_for(made, key, "Welcome to the team")
    failed = _video(
        made,
        "Summer offer",
        Status.FAILED,
        api_key=key,
        failure_code="script_rejected",
        remote_details=REJECTED,
        age=50,
    )
    videos = {
        "waiting": _video(made, "Price list, spring", Status.WAITING, api_key=key, wait=Wait.OUT_OF_CREDITS, age=12),
        "failed": failed,
        "cancelled": _video(made, "A first try", Status.CANCELLED, api_key=key, age=70),
        "deleted": _video(made, "Last year's greeting", Status.DELETED, api_key=key, age=9000),
        "draft": _video(made, "Onboarding, part two", Status.DRAFT, api_key=key, age=30),
        "ready": ready,
    }
    # The waiting video waits longer than any test runs.
    Video.objects.filter(pk=videos["waiting"].pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    _until_ready(ready)
    videos["rendering"] = _asked_for(made, key, "Questions that new customers ask", script="[[slow]] Let us begin.")
    links = {name: ShareLink.objects.create(video=video, created_by=_maria()) for name, video in videos.items()}
    links["revoked"] = ShareLink.objects.create(video=ready, created_by=_maria())
    links["revoked"].revoke(by=_maria())
    _open_to_a_neighbour(made)
    return {
        "workspace": f"/w/{made.slug}/",
        "slug": made.slug,
        "key": str(key.pk),
        "frozen_key": str(frozen.pk),
        "invitation": f"/invitations/{token}/",
        "invitation_pk": str(invitation.pk),
        "invitation_of_erik": f"/invitations/{of_erik}/",
        "member_pk": str(member.pk),
        "owner_pk": str(made.memberships.get(role=Role.OWNER).pk),
        "recovery_code": _guarded(),
        "player": urlsplit(Video.objects.get(pk=ready.pk).hosted_url).path,
        "link_pk": str(links["ready"].pk),
        "verdict_pk": _approved(ready),
        "comment_pk": str(Comment.objects.create(video=ready, body="Well done.", proof="member", user=_maria()).pk),
        **{name: str(video.pk) for name, video in videos.items()},
        **{f"share_{name}": link.get_absolute_url() for name, link in links.items()},
    }


def _approved(video: Video) -> str:
    """Approve the video as Maria; return the verdict's number."""
    video.refresh_from_db()
    maria = Speaker(Proof.MEMBER, user=_maria(), name="Maria")
    reviews.decide(Actor(_maria()), maria, video, VerdictKind.APPROVED, shown=fingerprint_of(video))
    return str(video.verdicts.get().pk)


def _open_to_a_neighbour(workspace: Workspace) -> None:
    vera = User.objects.create_user(NEIGHBOUR, PASSWORD, name="Vera")
    EmailAddress.objects.create(user=vera, email=NEIGHBOUR, verified=True, primary=True)
    workspace.join_domains.create(domain="open.example", added_by=_maria())


def _guarded() -> str:
    """Create a person with an authenticator app and recovery codes; return one of the codes."""
    gunnar = User.objects.create_user(GUARDED, PASSWORD, name="Gunnar")
    TOTP.activate(gunnar, "JBSWY3DPEHPK3PXP")
    codes: list[str] = RecoveryCodes.activate(gunnar).get_unused_codes()
    return codes[0]


def _maria() -> User:
    maria = User.objects.get(email=OWNER)
    if not maria.name:
        maria.name = "Maria Lindqvist"
        maria.save(update_fields=["name"])
    return maria


def _key(workspace: Workspace, name: str, *, is_frozen: bool = False) -> APIKey:
    secret = f"sandbox-{secrets.token_hex(16)}"
    key = APIKey.make(workspace, name=name, secret=secret, is_sandbox=True, by=_maria())
    key.frozen_at = timezone.now() if is_frozen else None
    key.save()
    return key


def _video(workspace: Workspace, title: str, status: Status, *, age: int, **fields: object) -> Video:
    """Create a row as it could have been left `age` minutes ago."""
    at = timezone.now() - timedelta(minutes=age)
    return Video.objects.create(
        workspace=workspace,
        created_by=_maria(),
        title=title,
        status=status,
        status_at=at,
        created_at=at,
        **{"script": SCRIPT, "replica_id": SANDBOX_REPLICA, "replica_name": "My replica"} | fields,
    )


def _asked_for(workspace: Workspace, key: APIKey, title: str, **fields: object) -> Video:
    """Create a video that the worker really renders."""
    video = _video(workspace, title, Status.DRAFT, age=0, api_key=key, **fields)
    video.enqueue(by=_maria())
    wakeup.submit_later(video)
    return video


def _until_ready(*videos: Video) -> None:
    deadline = time.monotonic() + 60
    wanted = Video.objects.filter(pk__in=[video.pk for video in videos]).exclude(status=Status.READY)
    while wanted.exists():
        assert time.monotonic() < deadline, list(wanted.values_list("title", "status"))
        time.sleep(0.2)
