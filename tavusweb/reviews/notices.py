"""Notifications about feedback on videos and links, created in the feedback's transaction."""

from django.urls import reverse

from tavusweb.notify.actions import settle, tell, withdraw
from tavusweb.notify.kinds import Kind
from tavusweb.videos.models import Video
from tavusweb.videos.notices import about

from .models import Comment, Verdict, VerdictKind
from .speaker import Speaker

OF_VERDICT = {VerdictKind.APPROVED: Kind.APPROVED, VerdictKind.CHANGES: Kind.CHANGES_REQUESTED}


def tell_of_comment(comment: Comment, speaker: Speaker) -> None:
    """Notify thread members of a reply, and the creators of the video and share link of a comment."""
    author = speaker.user.pk if speaker.user else None
    in_thread: set[int | None] = set()
    if root := comment.parent:
        said = {root.user_id, *root.answers.visible().values_list("user_id", flat=True)}
        in_thread = said - {author, None}
    creators = {comment.video.created_by_id, speaker.gate_owner} - in_thread - {author}
    data = {"text": comment.body, **_who(speaker, comment.video)}
    for people, kind in ((in_thread, Kind.REPLY), (creators, Kind.COMMENT)):
        _tell(people, kind, comment.video, f"comment:{comment.pk}", data, anchor=f"comment-{comment.pk}")


def tell_of_verdict(verdict: Verdict, speaker: Speaker) -> None:
    """Notify the creators of the video and share link, and settle the reviewer's approval request."""
    author = speaker.user.pk if speaker.user else None
    creators = {verdict.video.created_by_id, speaker.gate_owner} - {author}
    data = {"reason": verdict.reason, **_who(speaker, verdict.video)}
    _tell(
        creators, OF_VERDICT[VerdictKind(verdict.kind)], verdict.video, f"verdict:{verdict.pk}", data, anchor="reviews"
    )
    if author:
        settle(Kind.APPROVAL_ASKED, Kind.APPROVAL_DUE, about=about(verdict.video), recipient=author)


def settle_thread(comment: Comment) -> None:
    """Settle the notices of a resolved thread."""
    answers = comment.answers.values_list("pk", flat=True)
    settle(Kind.COMMENT, Kind.REPLY, subject_key=[f"comment:{pk}" for pk in (comment.pk, *answers)])


def withdraw_comment(comment: Comment) -> None:
    withdraw(subject_key=f"comment:{comment.pk}")


def withdraw_verdict(verdict: Verdict) -> None:
    withdraw(subject_key=f"verdict:{verdict.pk}")


def _who(speaker: Speaker, video: Video) -> dict[str, str]:
    return {"title": video.display_title, "name": speaker.name, "link": speaker.link_name}


def _tell(people: set[int | None], kind: Kind, video: Video, key: str, data: dict[str, str], *, anchor: str) -> None:
    if people - {None}:
        page = reverse("video", args=[video.workspace.slug, video.pk])
        tell(
            people,
            kind,
            workspace=video.workspace_id,
            subject_key=key,
            about=about(video),
            data=data,
            url=f"{page}#{anchor}",
        )
