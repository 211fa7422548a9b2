import re
import uuid
from functools import partial
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tavusweb.audit.actor import Actor
from tavusweb.keys.models import Replica
from tavusweb.uploads import NOT_STORED, NoRoom, accepts_files
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..checks import look_over, over_budget, unused_keys
from ..drafts import Edit, NotADraft
from ..forms import UPLOAD_FAILURES, VideoForm
from ..forms.options import chosen_options
from ..models import DraftVersion, OverBudget
from ..naming import copy_title
from ..pages import version_page
from ..quotas import TooManyDrafts, upload_room
from ..script_notes import script_notes
from ..spec import VideoSpec

receives_recordings = partial(accepts_files, room=lambda request: upload_room(request.workspace, request.user))
WINDOW = re.compile(r"[0-9a-f-]{1,36}")


@in_workspace(Permission.MAKE)
@receives_recordings
def video_new(request: WorkspaceRequest) -> HttpResponse:
    """Show a blank form, a duplicate (`?from=`), or one with a replica chosen (`?replica=`). It contains the new id, so sending it twice creates one video."""
    if request.method == "POST":
        return _save(request, _uuid(request.POST.get("video_id", "")))
    source = request.workspace.videos.filter(pk=_uuid(request.GET.get("from", ""))).first()
    initial = model_to_dict(source, VideoSpec.names()) | {"title": copy_title(source.title)} if source else {}
    if replica := _asked_replica(request):
        initial = {"api_key": replica.api_key_id, "replica_id": replica.replica_id}
    form = VideoForm(initial=initial, workspace=request.workspace, user=request.user)
    return _form_page(request, form, uuid.uuid4(), is_new=True)


def _asked_replica(request: WorkspaceRequest) -> Replica | None:
    pk = request.GET.get("replica", "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    return Replica.objects.filter(pk=pk, api_key__in=request.workspace.api_keys.current()).first()


@in_workspace(Permission.MAKE)
@receives_recordings
def video_edit(request: WorkspaceRequest, pk: uuid.UUID) -> HttpResponse:
    """Show and save a draft's form; for a failed or cancelled video, the form of its next attempt."""
    video = get_object_or_404(request.workspace.videos.select_related("audio"), pk=pk)
    if request.method == "POST":
        return _save(request, pk)
    if video.is_trashed or not (video.is_draft or video.can_retry):
        return redirect("video", request.workspace.slug, pk)
    form = VideoForm(instance=video, workspace=request.workspace, user=request.user)
    return _form_page(request, form, pk, is_new=False, retries="" if video.is_draft else str(video.attempt))


@in_workspace(Permission.MAKE)
@require_POST
def video_draft(request: WorkspaceRequest, pk: uuid.UUID) -> HttpResponse:
    """Autosave: 204 with the draft's new version, or 409 when it was not saved.

    A 409 tells where what was sent is kept: `compare` beside a draft that another window saved, `kept` as a new draft
    when the video was generated from another window; neither when this very window generated it.
    """
    form = VideoForm(request.POST, workspace=request.workspace, user=request.user, as_draft=True)
    form.is_valid()
    slug, actor = request.workspace.slug, Actor.of(request)
    try:
        changes, edit = form.spec_changes() | _original(request), _edit(request, is_autosave=True)
        video = actions.save_draft(actor, request.workspace, pk, changes, edit)
    except actions.ChangedElsewhere as changed:
        compare = reverse("draft_version", args=[slug, pk, changed.version.pk])
        return JsonResponse({"compare": compare}, status=409)
    except actions.AlreadyGenerated as already:
        return JsonResponse({"kept": reverse("video_edit", args=[slug, already.kept.pk])}, status=409)
    except TooManyDrafts as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    except NotADraft:
        get_object_or_404(request.workspace.videos, pk=pk)
        return JsonResponse({}, status=409)
    unsaved = [str(form[name].label) for name in form.errors if name in form.fields]
    headers = {"X-Draft-Version": str(video.version)} | ({"X-Unsaved": quote(", ".join(unsaved))} if unsaved else {})
    return HttpResponse(status=204, headers=headers)


def _save(request: WorkspaceRequest, pk: uuid.UUID) -> HttpResponse:
    """Save as a draft, or save and generate. Errors are shown beside their fields, and all input is kept."""
    as_draft = request.POST.get("intent") == "draft"
    form = VideoForm(
        request.POST,
        request.FILES,
        workspace=request.workspace,
        user=request.user,
        as_draft=as_draft,
        upload_failure=getattr(request, "upload_failure", ""),
    )
    is_valid = form.is_valid()
    audio = None
    try:
        audio = form.keep_upload()
    except OSError:
        form.add_error("audio_file", UPLOAD_FAILURES[NOT_STORED])
        is_valid = False
    except NoRoom as problem:
        form.add_error("audio_file", str(problem))
        is_valid = False
    retries = "" if as_draft else request.POST.get("retries", "")
    if not is_valid or request.POST.get("intent") == "check":
        return _form_page(request, form, pk, is_new=not request.workspace.videos.filter(pk=pk).exists(), audio=audio)
    actor, changes = Actor.of(request), form.spec_changes() | {"audio": audio} | _original(request)
    try:
        if as_draft:
            actions.save_draft(actor, request.workspace, pk, changes, _edit(request))
            messages.success(request, _("Draft saved."))
            return _saved(request, redirect("videos", request.workspace.slug))
        if retries.isdecimal():
            attempt, edit = int(retries[:9]), _edit(request)
            actions.edit_and_retry(actor, request.workspace, pk, changes, attempt=attempt, edit=edit)
        else:
            actions.generate(actor, request.workspace, pk, changes, _edit(request))
    except actions.ChangedElsewhere as changed:
        return _saved(request, version_page(request, changed.version, status=409))
    except actions.AlreadyGenerated as already:
        context = {"video": get_object_or_404(request.workspace.videos, pk=pk), "kept": already.kept}
        return _saved(request, render(request, "videos/already_generated.html", context, status=409))
    except OverBudget as problem:
        form.add_error(None, over_budget(problem))
        return _form_page(request, form, pk, is_new=False, audio=audio)
    except TooManyDrafts as problem:
        form.add_error(None, str(problem))
        return _form_page(request, form, pk, is_new=True, audio=audio)
    except NotADraft:
        get_object_or_404(request.workspace.videos, pk=pk)
    return _saved(request, redirect("video", request.workspace.slug, pk))


def _original(request: WorkspaceRequest) -> dict[str, object]:
    """What a duplicate was made from, at the beginning of the chain, so that it is offered as another take of it."""
    if not (given := request.POST.get("from")):
        return {}
    source = request.workspace.videos.filter(pk=_uuid(given)).first()
    return {"original_id": source.original_id or source.pk} if source else {}


def _edit(request: WorkspaceRequest, *, is_autosave: bool = False) -> Edit:
    version = request.POST.get("version", "")
    window = request.POST.get("window", "")[:36]
    return Edit(window, int(version[:9]) if version.isdecimal() else None, is_autosave)


def _saved(request: WorkspaceRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser that it need not keep what this window had (js/kept.js)."""
    window = _edit(request).window
    if WINDOW.fullmatch(window):
        response.set_cookie(
            f"saved_{window}", "yes", max_age=600, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", path="/w/"
        )
    return response


def _form_page(
    request: WorkspaceRequest, form: VideoForm, pk: uuid.UUID, *, is_new: bool, audio: object = None, retries: str = ""
) -> HttpResponse:
    drafts = request.workspace.videos.current().filter(status="draft", created_by=request.user).exclude(pk=pk)
    context = {
        "form": form,
        "video_id": pk,
        "is_new": is_new,
        "retries": retries or request.POST.get("retries", ""),
        "version": request.POST.get("version") or form.instance.version,
        "window": request.POST.get("window") or uuid.uuid4(),
        "versions": DraftVersion.objects.filter(video=pk).select_related("saved_by"),
        "kept_audio": audio or form.kept_audio(),
        "replica": form.chosen_replica(),
        "from": request.POST.get("from") or request.GET.get("from", ""),
        "refused_file": _refused_file(request, form),
        "script_notes": script_notes(form["script"].value() or ""),
        "options": chosen_options(form),
        "checks": look_over(request.workspace, form.spec_so_far(), by=request.user, pk=pk),
        "first_keys": unused_keys(request.workspace),
        "drafts": drafts.newest_first()[:3] if is_new and not form.is_bound else [],
        "action": request.get_full_path() if not is_new else None,
    }
    return render(request, "videos/video_form.html", context, status=422 if form.is_bound else 200)


def _refused_file(request: WorkspaceRequest, form: VideoForm) -> str:
    """The name of the file that was chosen and not kept."""
    chosen: list[str] = getattr(request, "chosen_files", [])
    return chosen[-1] if chosen and form.is_bound and "audio_file" in form.errors else ""


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
