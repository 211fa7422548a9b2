"""A video's page, which several views return."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tavusweb.http import after_answer
from tavusweb.kept_parts import shown_values
from tavusweb.workspaces.decorators import WorkspaceRequest

from .estimates import estimate
from .forms import RenameForm, ResolveForm
from .media_urls import embed_url, link_context
from .models import DraftVersion, Video, VideoQuerySet
from .presence import mark_rows_watched, refresh_if_stale
from .version_diff import differences


def video_page(
    request: WorkspaceRequest,
    video: Video,
    *,
    rename_form: RenameForm | None = None,
    resolve_form: ResolveForm | None = None,
    extra_form: Form | None = None,
) -> HttpResponse:
    """Render a video's page, with the form that has errors, if there is one.

    `extra_form` belongs to a card that another package adds to the page.
    """
    context = panel_context(video) | {
        "rename_form": rename_form or RenameForm(initial={"title": video.title}),
        "resolve_form": resolve_form or ResolveForm(workspace=video.workspace),
        "asks": "rename" if rename_form else "resolve" if resolve_form else _dialog_in_address(request),
        "extra_form": extra_form,
    }
    is_refused = bool(rename_form or resolve_form or extra_form)
    # Taken before the page adds anything to the row.
    context |= {"is_refused": is_refused, "video_version": _version_of(video)}
    response = render(request, "videos/video.html", context, status=422 if is_refused else 200)
    return after_answer(response, lambda: note_look(video))


def _version_of(video: Video) -> tuple[object, ...]:
    """Everything that the page shows of a video, and of what it is made from, but for its cards and its timeline."""
    key, audio = video.api_key, video.audio
    return (
        shown_values(video),
        key and (key.name, key.is_sandbox, key.may_be_asked),
        audio and (audio.name, audio.seconds),
    )


def _dialog_in_address(request: WorkspaceRequest) -> str:
    """Name the dialog requested by the URL, which is how one opens without scripts."""
    return request.GET.get("ask", "")


def note_look(video: Video) -> None:
    """Note that somebody looks at this video: after the answer, which waits for no write."""
    mark_rows_watched([video])
    refresh_if_stale(video)


def panel_context(video: Video) -> dict[str, object]:
    """The context of the panel. `stage` changes whenever the possible actions on the video change."""
    now = timezone.now()
    return {
        "video": video,
        "now": now,
        "stage": f"{video.status}-{video.wants_delete}{'-trashed' if video.is_trashed else ''}{'-asks' if video.asks_a_person else ''}",
        "estimate": estimate(video, at=now),
        "events": video.events.select_related("actor").order_by("-at", "-pk"),
        "embed_url": (player := embed_url(video)),
        **link_context(video),
        "state_template": f"videos/states/_{state_of(video, is_playable=bool(player))}.html",
        "copies": list(video.extra_copies) if video.has_extra_copies else [],
    }


def moved_to_trash(video: Video) -> str:
    """Say where a video is now, and what becomes of its rendering."""
    if video.is_waiting:
        return _("Moved to trash and cancelled. You were not charged.")
    if video.is_rendered_in_trash:
        return _("Moved to trash. Rendering continues.")
    return _("Moved to trash.")


def state_of(video: Video, *, is_playable: bool) -> str:
    """Name the template in `videos/states` that the panel shows."""
    if video.wants_delete:
        return "deleting"
    if video.is_trashed:
        return "trashed"
    if video.is_rendering:
        return "rendering"
    if video.is_ready:
        return "player" if is_playable else "unframed"
    return str(video.status)


def videos_of(request: WorkspaceRequest) -> "VideoQuerySet":
    return request.workspace.videos.select_related("api_key", "audio", "created_by")


def version_page(request: WorkspaceRequest, version: DraftVersion, *, status: int = 200) -> HttpResponse:
    """Two versions of a draft, to decide between."""
    video = version.video
    context = {"video": video, "version": version, "differences": list(differences(version.spec, video.spec))}
    return render(request, "videos/draft_version.html", context, status=status)
