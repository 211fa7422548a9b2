"""The page of an invitation's link. Only a button accepts: mail scanners open links.

A visitor without an account creates one at the invitation's address and proves that the address is theirs: by the link
that was mailed there, or by a code. `invitation_policy` decides which step comes next.
"""

from allauth.account.internal.flows.signup import complete_signup, prevent_enumeration
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.accounts.forms import JoinForm
from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.http import address_group
from tavusweb.rate_limits import Limit, may_go_on
from tavusweb.workspaces.models import Invitation, Membership, was_mailed

from .. import actions
from ..invitation_policy import Rules, State, Step, Visitor, decide


@cache_control(private=True, no_store=True)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    row = Invitation.objects.by_token(token).select_related("workspace", "invited_by").first()
    if row is None:  # before anything is counted: a token cannot be guessed
        return _gone(request)
    if request.method == "POST" and not may_go_on(Limit.JOIN, address_group(request)):
        return render(request, "workspaces/invitation_limit.html", status=429)
    step = _next_step(request, row, token)
    if step is Step.ENTER:
        return redirect(row.workspace)
    if step is Step.GONE:
        return _gone(request)
    try:
        return _answer(request, row, step)
    except actions.Moved:  # a second click comes after the first, which let this person in
        return redirect(row.workspace) if _is_member(request, row) else _gone(request)


def _next_step(request: HttpRequest, row: Invitation, token: str) -> Step:
    user = request.user
    verified = EmailAddress.objects.filter(user=user.pk or 0, verified=True).values_list("email", flat=True)
    return decide(
        Rules(can_verify=can_verify_addresses()),
        State(
            email=row.email,
            expires_at=row.expires_at,
            is_used=row.accepted_at is not None,
            is_revoked=row.revoked_at is not None,
            is_backed=row.is_backed,
            has_account=User.objects.filter(email__iexact=row.email).exists(),
        ),
        Visitor(
            email=user.email if user.is_authenticated else "",
            verified=frozenset(verified),
            came_by_mail=was_mailed(token),
            is_member=_is_member(request, row),
        ),
        timezone.now(),
    )


def _answer(request: HttpRequest, row: Invitation, step: Step) -> HttpResponse:
    """Show the step, or take it when its button was pressed."""
    has_form = step in {Step.SIGN_UP, Step.JOIN_AS_NEWCOMER}
    form = JoinForm(request.POST or None, email=row.email) if has_form else None
    if request.method == "POST" and step is Step.JOIN:
        actions.accept(Actor.of(request), row)
        return _welcome(request, row)
    if request.method == "POST" and form and form.is_valid():
        return _sign_up(request, form) if step is Step.SIGN_UP else _join_as_newcomer(request, row, form)
    is_refused = request.method == "POST" and step in {Step.WRONG_ACCOUNT, Step.VERIFY_FIRST}
    status = 403 if is_refused else 422 if form and form.errors else 200
    context = {"invitation": row, "form": form, "step": step.value}
    return render(request, "workspaces/invitation.html", context, status=status)


def _join_as_newcomer(request: HttpRequest, row: Invitation, form: JoinForm) -> HttpResponse:
    user = actions.accept_as_newcomer(Actor.of(request), row, form.save)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return _welcome(request, row)


def _sign_up(request: HttpRequest, form: JoinForm) -> HttpResponse:
    """Create an account that is activated by an e-mailed code.

    Respond identically, after the same work, when one exists, so that addresses cannot be probed.
    """
    try:
        user = actions.create_account(form.save, verified=False)
    except IntegrityError:
        return prevent_enumeration(request, email=form.email)
    return complete_signup(request, user=user, redirect_url=request.path)


def _is_member(request: HttpRequest, row: Invitation) -> bool:
    return Membership.objects.filter(workspace=row.workspace_id, user=request.user.pk or 0).exists()


def _welcome(request: HttpRequest, row: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome to %(workspace)s.") % {"workspace": row.workspace.name})
    return redirect(row.workspace)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "workspaces/invitation_gone.html", status=404)
