"""Distribute a share link: by mail, as a QR code, or as an embed."""

from io import BytesIO
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tavusweb.accounts.adapters import sends_mail
from tavusweb.audit.actor import Actor
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..embed_code import embed_code
from ..forms.sending import SendForm
from ..models import ShareLink

SHOWN = 100  # deliveries


@in_workspace(Permission.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def share_link_send(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show the ways to distribute one link, and the delivery status of its mails."""
    link = _link_of(request, pk)
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not sends_mail():
        messages.error(request, _("This server can’t send email."))
        return redirect("share_link_send", request.workspace.slug, pk)
    if request.method == "POST" and form.is_valid() and _send(request, link, form):
        return redirect("share_link_send", request.workspace.slug, pk)
    context = {
        "link": link,
        "form": form,
        "sends_mail": sends_mail(),
        "is_live": ShareLink.objects.current().filter(pk=link.pk).exists(),
        "deliveries": link.deliveries.select_related("created_by")[:SHOWN],
        "mailto": _mailto(link),
        "embed_code": embed_code(link) if link.sites else "",
    }
    return render(request, "sharing/share_link_send.html", context, status=422 if request.method == "POST" else 200)


@in_workspace(Permission.WATCH)
@require_safe
def share_link_qr(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Serve the link's address as an SVG QR code; with `?download`, as a file."""
    import segno  # only where one is drawn

    link, picture = _link_of(request, pk), BytesIO()
    # Black on white with a margin, in dark themes as well: scanners need that.
    segno.make(link.public_url, error="m", micro=False).save(picture, kind="svg", scale=8, border=4, light="white")
    response = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="share-link-{link.pk}.svg"'
    return response


def _send(request: WorkspaceRequest, link: ShareLink, form: SendForm) -> bool:
    try:
        count = actions.send(Actor.of(request), link, form.cleaned_data["recipients"], **form.mail())
    except actions.LinkIsOff:
        form.add_error(None, _("This link is off, so it can’t be sent."))
        return False
    except actions.TooManyMails:
        form.add_error(None, _("This workspace has sent too many emails today. Try again tomorrow."))
        return False
    words = ngettext("%(count)d email is on its way.", "%(count)d emails are on their way.", count)
    messages.success(request, words % {"count": count})
    return True


def _mailto(link: ShareLink) -> str:
    """Return a mailto: URL. A gated link's title stays out, as everywhere."""
    subject = link.video.display_title if link.is_open else _("A video for you")
    return f"mailto:?subject={quote(subject)}&body={quote(link.public_url)}"


def _link_of(request: WorkspaceRequest, pk: int) -> ShareLink:
    links = ShareLink.objects.select_related("video__workspace", "created_by")
    return get_object_or_404(links, pk=pk, video__workspace=request.workspace)
