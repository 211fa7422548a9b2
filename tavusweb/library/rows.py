"""The rows of the library, each rendered once and then kept by everything that it shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, Substr
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from tavusweb.http import absolute_url
from tavusweb.kept_parts import TOKEN, KeptParts, age_step, shown_values, with_token
from tavusweb.keys.models import APIKey
from tavusweb.reviews.models import Verdict
from tavusweb.sharing.models import ShareLink
from tavusweb.text_policy import fold
from tavusweb.videos.models import Video
from tavusweb.workspaces.permissions import Permissions

from .choices import Choices
from .models import FolderEntry, VideoTag

SCRIPT_START = 200  # characters that name a draft without a title
MOST_ROWS = 5000  # of all workspaces, about a kilobyte each
LIVE_FOR = 5  # seconds that a row in production is kept
_rows = KeptParts(MOST_ROWS, largest=20_000)


def with_keys_and_people(videos: Iterable[Video], choices: Choices) -> list[Video]:
    """Give rows the people and keys that the page has read anyway, instead of a copy of them in each row.

    What a waiting row says depends on its key's state, so those keys are read whole: one query, if anything waits.
    """
    rows = list(videos)
    waiting = {video.api_key_id for video in rows if video.is_waiting and video.api_key_id}
    keys: dict[Any, Any] = {key.pk: key for key in choices.keys}
    keys |= APIKey.objects.in_bulk(waiting) if waiting else {}
    people = {person.pk: person for person in choices.people}
    for video in rows:
        _relate(video, "api_key", video.api_key_id, keys)
        _relate(video, "created_by", video.created_by_id, people)
    return rows


def at_a_glance(rows: list[Video], choices: Choices) -> None:
    """Give rows their folder, tags, answer and newest share link, in one query.

    Personal links are left out: each is somebody's own.
    """
    by_pk: dict[Any, Any] = {video.pk: video for video in rows}
    for video in by_pk.values():
        video.folder_name, video.tag_names, video.answers, video.link = "", [], [], (0, "")
    if not rows:
        return
    untitled = [video.pk for video in rows if not video.title]
    starts = Video.objects.filter(pk__in=untitled).values_list("pk", Substr("script", 1, SCRIPT_START))
    for pk, start in starts if untitled else ():
        by_pk[pk].script_start = start
    names = {"folder": dict(choices.folders), "tag": dict(choices.tags)}
    for pk, kind, text in _shown_beside(by_pk):
        video = by_pk[pk]
        match kind:
            case "folder":
                video.folder_name = names[kind].get(int(text), "")
            case "tag":
                video.tag_names.append(names[kind].get(int(text), ""))
            case "answer":
                video.answers.append(text)
            case "link":
                number, _, token = text.partition(" ")
                video.link = max(video.link, (int(number), token))
    for video in by_pk.values():
        video.tag_names.sort(key=fold)
        video.approval = "changes" if "changes" in video.answers else "approved" if video.answers else ""
        video.link_url = absolute_url(reverse("share", args=[video.link[1]])) if video.link[1] else ""


def _shown_beside(pks: Iterable[Any]) -> Iterable[tuple[Any, str, str]]:
    """Read what else stands in the rows: the video, what it is, and its text."""
    pks = list(pks)

    def part(rows: Any, kind: str, column: Any) -> Any:
        kinds = Value(kind, output_field=CharField())
        texts = Cast(column, CharField())
        return (
            rows.filter(video__in=pks).order_by().annotate(what=kinds, said=texts).values_list("video", "what", "said")
        )

    take = Coalesce(F("video__finished_at"), F("video__submitted_at"))
    links = ShareLink.objects.current().filter(recipient_email="").exclude(~Q(name=""), ~Q(group=None))
    return part(FolderEntry.objects, "folder", "folder").union(  # type: ignore[no-any-return]
        part(VideoTag.objects, "tag", "tag"),
        part(Verdict.objects.filter(withdrawn_at=None, take_at=take), "answer", "kind"),
        part(links, "link", Concat(Cast("pk", CharField()), Value(" "), "token")),
    )


def _relate(video: Video, name: str, pk: object, known: dict[Any, Any]) -> None:
    if pk is None or pk in known:
        video._state.fields_cache[name] = known.get(pk)


def drawn_rows(request: Any, videos: Sequence[Video]) -> SafeString:
    """Render rows as they stand in the list. Of what is in production, how long it still takes is seconds old at most."""
    now, role, slug = timezone.now(), request.membership.role, request.workspace.slug
    template = get_template("videos/_video_row.html").template  # type: ignore[attr-defined]

    def draw(video: Video) -> str:
        context = {
            "video": video,
            "workspace": request.workspace,
            "can": Permissions(role),
            "csrf_token": TOKEN,
        }
        return str(template.render(Context(context)))

    def drawn(video: Video) -> str:
        person, key = video.created_by, video.api_key
        by = (person.display_name if person else "", bool(key and key.is_sandbox))
        waiting = (int(now.timestamp() // LIVE_FOR), key and shown_values(key)) if video.is_pending else ()
        whole = (slug, role, by, age_step(video.created_at, now), shown_values(video), waiting)
        return _rows.part(whole, lambda: draw(video))

    return with_token("".join(map(drawn, videos)), request)
