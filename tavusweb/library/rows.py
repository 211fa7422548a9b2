"""The rows of the library, each rendered once and then kept by everything that it shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from tavusweb.kept_parts import TOKEN, KeptParts, age_step, shown_values, with_token
from tavusweb.keys.models import APIKey
from tavusweb.videos.models import Video
from tavusweb.workspaces.permissions import Permissions

from .choices import Choices

MOST_ROWS = 5000  # of all workspaces, about a kilobyte each
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


def _relate(video: Video, name: str, pk: object, known: dict[Any, Any]) -> None:
    if pk is None or pk in known:
        video._state.fields_cache[name] = known.get(pk)


def drawn_rows(request: Any, videos: Sequence[Video]) -> SafeString:
    """Render rows as they stand in the list. What is in production is rendered anew each time: its waiting changes."""
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
        if video.is_pending:
            return draw(video)
        person, key = video.created_by, video.api_key
        by = (person.display_name if person else "", bool(key and key.is_sandbox))
        whole = (slug, role, by, age_step(video.created_at, now), shown_values(video))
        return _rows.part(whole, lambda: draw(video))

    return with_token("".join(map(drawn, videos)), request)
