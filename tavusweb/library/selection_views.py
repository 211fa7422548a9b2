"""What is done with the selected videos, and the page of folders and tags."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.sharing.actions import AgainstPolicy, LinkClosed
from tavusweb.sharing.forms.presets import new_link_form
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from . import actions
from .actions import Act, Outcome
from .filters import LibraryFilter, as_uuid
from .models import Folder, Tag
from .selection import Selection
from .zip_stream import Busy, ZipStream

KINDS: dict[str, type[Folder] | type[Tag]] = {"folder": Folder, "tag": Tag}


@in_workspace(Permission.MAKE)
@require_POST
def videos_selected(request: WorkspaceRequest) -> HttpResponseBase:
    """Do one act to all selected videos, and say what was done and what was not."""
    back = f"{request.workspace.url}{LibraryFilter.read(QueryDict(request.POST.get('query', ''))).url()}"
    act, name = _act(request.POST)
    pks = Selection.read(request.POST).of(request.workspace, request.user)
    if not pks:
        messages.error(request, _("Select videos first."))
        return redirect(back)
    if act is None:
        messages.error(request, _("Choose what to do with the selected videos."))
        return redirect(back)
    if act == Act.DELETE_FOR_GOOD and not request.POST.get("confirmed"):
        return render(request, "library/delete_for_good.html", {"number": len(pks), "pks": pks, "back": back})
    if act == Act.DOWNLOAD:
        return _download(request, pks, back)
    if act == Act.SHARE:
        return _share(request, pks, back)
    try:
        outcome = actions.act_on_selected(Actor.of(request), request.workspace, pks, act, name=name)
    except actions.BadName as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    undo = ""
    if act == Act.DELETE:
        undo = f"{reverse('videos_undo', args=[request.workspace.slug])}?at={outcome.at:%Y-%m-%dT%H:%M:%S.%fZ}"
    _say(request, act, outcome, undo=undo)
    return redirect(back)


@in_workspace(Permission.MAKE)
@require_POST
def videos_undo(request: WorkspaceRequest) -> HttpResponse:
    """Bring back what this person moved to the trash together."""
    try:
        at = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return redirect(request.workspace.url)
    count = actions.restore_trashed(Actor.of(request), request.workspace, at)
    _say(request, Act.RESTORE, Outcome(done=count))
    return redirect(request.workspace.url)


def _act(given: QueryDict) -> tuple[Act | None, str]:
    """The act of the pressed button, or of the field in which Enter was pressed, and the name that it needs."""
    tag, folder = given.get("tag", ""), given.get("folder", "")
    word = given.get("act") or (Act.TAG if tag else Act.MOVE if folder else "")
    act = Act(word) if word in Act.values else None
    return act, folder if act == Act.MOVE else tag if act in {Act.TAG, Act.UNTAG} else ""


def _download(request: WorkspaceRequest, pks: list[UUID], back: str) -> HttpResponseBase:
    """Stream the videos as one zip file."""
    entries = actions.download_selected(Actor.of(request), request.workspace, pks)
    if not any(entry.url for entry in entries):
        messages.error(request, _("None of the selected videos is ready to download."))
        return redirect(back)
    try:
        stream = ZipStream(entries, left_out=len(pks) - len(entries))
    except Busy:
        messages.error(request, _("Other downloads are running. Try again when they’re finished."))
        return redirect(back)
    headers = {"Content-Disposition": 'attachment; filename="videos.zip"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(stream, content_type="application/zip", headers=headers)


def _share(request: WorkspaceRequest, pks: list[UUID], back: str) -> HttpResponse:
    group = as_uuid(request.POST.get("share_group", ""))
    form = new_link_form(request.workspace, QueryDict())
    if group is None or not form.is_valid():
        messages.error(request, _("The workspace’s default for new links doesn’t follow its link policy."))
        return redirect(back)
    try:
        outcome = actions.share_selected(
            Actor.of(request),
            request.workspace,
            pks,
            group=group,
            password=form.cleaned_data["password"],
            **form.fields_of_link(),
        )
    except AgainstPolicy as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    except LinkClosed:
        messages.error(request, _("The staff of this server turned off all share links of this workspace."))
        return redirect(back)
    _say(request, Act.SHARE, outcome)
    if not outcome.done:
        return redirect(back)
    return redirect(f"{reverse('shared_links', args=[request.workspace.slug])}?group={group}")


def _say(request: HttpRequest, act: Act, outcome: Outcome, *, undo: str = "") -> None:
    if outcome.done:
        messages.success(request, _DONE[act](outcome.done) % {"count": outcome.done}, extra_tags=undo)
    for reason, number in outcome.left.items():
        unchanged = ngettext("%(count)d video is unchanged.", "%(count)d videos are unchanged.", number)
        messages.warning(request, f"{unchanged % {'count': number}} {reason.label}")


_DONE: dict[Act, Callable[[int], str]] = {
    Act.TAG: lambda n: ngettext("%(count)d video tagged.", "%(count)d videos tagged.", n),
    Act.UNTAG: lambda n: ngettext("Tag removed from %(count)d video.", "Tag removed from %(count)d videos.", n),
    Act.MOVE: lambda n: ngettext("%(count)d video moved.", "%(count)d videos moved.", n),
    Act.RETRY: lambda n: ngettext(
        "%(count)d video is back in the queue.", "%(count)d videos are back in the queue.", n
    ),
    Act.SHARE: lambda n: ngettext("%(count)d share link created.", "%(count)d share links created.", n),
    Act.DELETE: lambda n: ngettext("%(count)d video moved to trash.", "%(count)d videos moved to trash.", n),
    Act.RESTORE: lambda n: ngettext("%(count)d video restored.", "%(count)d videos restored.", n),
    Act.DELETE_FOR_GOOD: lambda n: ngettext(
        "%(count)d video is being deleted for good.", "%(count)d videos are being deleted for good.", n
    ),
}


# Folders and tags.


@in_workspace(Permission.MAKE)
@require_safe
def labels(request: WorkspaceRequest) -> HttpResponse:
    context = {
        "folders": request.workspace.folders.order_by("name_folded"),
        "tags": request.workspace.tags.order_by("name_folded"),
    }
    return render(request, "library/labels.html", context)


@in_workspace(Permission.MAKE)
@require_POST
def label_add(request: WorkspaceRequest, kind: str) -> HttpResponse:
    def add() -> None:
        actions.add_label(Actor.of(request), request.workspace, KINDS[kind], request.POST.get("name", ""))

    return _labelled(request, add, _("Folder created.") if kind == "folder" else _("Tag created."))


@in_workspace(Permission.MAKE)
@require_POST
def label_rename(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    label = _label(request, kind, pk)

    def rename() -> None:
        actions.rename_label(Actor.of(request), label, request.POST.get("name", ""))

    return _labelled(request, rename, _("Folder renamed.") if kind == "folder" else _("Tag renamed."))


@in_workspace(Permission.MAKE)
@require_POST
def label_delete(request: WorkspaceRequest, kind: str, pk: int) -> HttpResponse:
    label = _label(request, kind, pk)
    message = _("Folder deleted. Its videos stay.") if kind == "folder" else _("Tag deleted. Its videos stay.")
    return _labelled(request, lambda: actions.delete_label(Actor.of(request), label), message)


def _label(request: WorkspaceRequest, kind: str, pk: int) -> Folder | Tag:
    model: Any = KINDS[kind]
    label: Folder | Tag = get_object_or_404(
        model.objects.select_related("workspace"), workspace=request.workspace, pk=pk
    )
    return label


def _labelled(request: WorkspaceRequest, act: Callable[[], None], message: str) -> HttpResponse:
    try:
        act()
    except actions.BadName as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, message)
    return redirect("labels", request.workspace.slug)
