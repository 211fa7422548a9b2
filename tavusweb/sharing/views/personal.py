"""Personal links, one per recipient, and a file that lists them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from tavusweb.audit.actor import Actor
from tavusweb.http import file_separator
from tavusweb.text_policy import BYTE_ORDER_MARK, spreadsheet_line
from tavusweb.videos.models import Video
from tavusweb.workspaces.decorators import WorkspaceRequest, in_workspace
from tavusweb.workspaces.permissions import Permission

from .. import actions
from ..forms import RulesForm
from ..forms.presets import chosen_preset, new_link_form
from ..forms.sending import PersonalForm
from ..models import ShareLink
from ..visits import put_counts

# What each link gets from its recipient instead of from the rules.
OWN = ("name",)


@in_workspace(Permission.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def share_personal(request: WorkspaceRequest, pk: str) -> HttpResponse:
    """Create one link for each recipient in a pasted list."""
    video = get_object_or_404(request.workspace.videos, pk=pk)
    given = request.POST if request.method == "POST" else None
    presets, preset, start = chosen_preset(request.workspace, request.GET)
    form, rules = PersonalForm(given), new_link_form(request.workspace, given, preset=start, without=OWN)
    if given is not None and form.is_valid() & rules.is_valid():
        group = _share(request, video, form, rules)
        if group:
            return redirect(f"{reverse('shared_links', args=[request.workspace.slug])}?group={group}")
    context = {"video": video, "form": form, "rules": rules, "presets": presets, "preset": preset}
    return render(request, "sharing/share_personal.html", context, status=200 if given is None else 422)


@in_workspace(Permission.SHARE)
@require_safe
def share_personal_file(request: WorkspaceRequest, group: UUID) -> HttpResponse:
    """Download the links of one group as a spreadsheet: name, address, link, views and plays."""
    links: list[Any] = list(ShareLink.objects.filter(video__workspace=request.workspace, group=group).order_by("pk"))
    if not links:
        raise Http404
    put_counts(links)
    separator = file_separator(request)
    header = [_("Name"), _("Email"), _("Link"), _("Views"), _("Plays")]
    rows = [[link.name, link.recipient_email, link.public_url, link.views, link.plays] for link in links]
    text = BYTE_ORDER_MARK + "".join(spreadsheet_line(row, separator) for row in [header, *rows])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="share-links.csv"'
    return response


def _share(request: WorkspaceRequest, video: Video, form: PersonalForm, rules: RulesForm) -> UUID | None:
    people = form.cleaned_data["people"]
    try:
        group = actions.share_with_each(
            Actor.of(request),
            video,
            people,
            is_gated=bool(form.cleaned_data.get("is_gated")),
            mails=form.mail() or None,
            password=rules.cleaned_data["password"],
            **rules.fields_of_link(),
        )
    except actions.LinkClosed:
        form.add_error(None, _("The staff of this server turned off all share links of this workspace."))
    except actions.NotShareable:
        form.add_error(None, _("Drafts and deleted videos can’t be shared."))
    except actions.AgainstPolicy as error:
        rules.add_error(None, str(error))
    except actions.TooManyMails:
        form.add_error(None, _("This workspace has sent too many emails today. Try again tomorrow."))
    else:
        words = ngettext("%(count)d personal link created.", "%(count)d personal links created.", len(people))
        messages.success(request, words % {"count": len(people)})
        return group
    return None
