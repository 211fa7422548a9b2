from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tavusweb.audit.actor import Actor

from ..actions import choose, unmute
from ..forms import NotificationsForm
from ..mail import sends_mail
from ..models import Mute


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """Edit notification preferences, language and time zone."""
    form = NotificationsForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        choose(
            Actor.of(request),
            request.user,
            form.choices(),
            language=cleaned["language"],
            time_zone=cleaned["time_zone"],
        )
        messages.success(request, _("Notifications saved."))
        return redirect("notification_settings")
    context = {
        "form": form,
        "mutes": Mute.objects.filter(user=request.user.pk).select_related("workspace").order_by("-at"),
        "sends_mail": sends_mail(),
    }
    return render(request, "notify/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def notification_unmute(request: HttpRequest, pk: int) -> HttpResponse:
    """Unmute a subject."""
    mute = get_object_or_404(Mute, pk=pk, user=request.user.pk)
    unmute(request.user, mute.about)
    messages.success(request, _("Unmuted."))
    return redirect("notification_settings")
