"""Taking up an invitation. Only a button does: mail scanners open links.

Whoever comes without an account gets one at the invitation's address, and has to show that the address is theirs: by
the link that was mailed there, or else by a code. A copied link alone proves nothing, because who invites can read it.
Where this server sends no mail, nobody can show anything, and the link has to do.
"""

from typing import cast

from allauth.account.internal.flows.signup import complete_signup, prevent_enumeration
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tavusweb.accounts.adapters import can_verify_addresses
from tavusweb.accounts.forms import JoinForm
from tavusweb.accounts.models import User
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.record import record
from tavusweb.http import client_address
from tavusweb.rate_limits import may_go_on
from tavusweb.workspaces.models import Invitation, was_mailed

HOUR = 60 * 60


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST" and not may_go_on("join", client_address(request), most=100, seconds=HOUR):
        return _private(render(request, "workspaces/invitation_limit.html", status=429))
    found = Invitation.objects.open(timezone.now()).by_token(token).select_related("workspace", "invited_by").first()
    if found is None or not found.is_backed:
        return _ended(request, token)
    is_theirs = was_mailed(token) or not can_verify_addresses()
    if request.user.is_authenticated:
        return _private(_as_member(request, found, token, is_theirs=is_theirs))
    return _private(_as_newcomer(request, found, token, is_theirs=is_theirs))


def _as_member(request: HttpRequest, found: Invitation, token: str, *, is_theirs: bool) -> HttpResponse:
    user = cast(User, request.user)
    is_for = found.is_for(user) or (is_theirs and found.is_addressed_to(user))
    if request.method == "POST" and is_for:
        return _welcome(request, found) if _accept(request, found, user) else _ended(request, token)
    context = {
        "invitation": found,
        "is_for_another": not is_for,
        "is_unverified": not is_for and found.is_addressed_to(user),
    }
    status = 403 if request.method == "POST" else 200
    return render(request, "workspaces/invitation.html", context, status=status)


def _as_newcomer(request: HttpRequest, found: Invitation, token: str, *, is_theirs: bool) -> HttpResponse:
    """Whether there is an account at the address is told only to whom the address belongs."""
    has_account = User.objects.filter(email__iexact=found.email).exists()
    form = JoinForm(request.POST or None, email=found.email)
    context = {
        "invitation": found,
        "form": None if is_theirs and has_account else form,
        "may_have_account": not is_theirs,
    }
    if request.method != "POST" or context["form"] is None:
        return render(request, "workspaces/invitation.html", context)
    if not form.is_valid():
        return render(request, "workspaces/invitation.html", context, status=422)
    if is_theirs:
        return _welcome(request, found) if _accept(request, found, None, form) else _ended(request, token)
    return _sign_up(request, form)


def _accept(request: HttpRequest, found: Invitation, user: User | None, form: JoinForm | None = None) -> bool:
    """Make the person a member, with a new account if need be; False when the invitation was taken meanwhile."""
    try:
        with transaction.atomic():
            joining = user or _new_account(cast(JoinForm, form))
            if not found.accept(joining):
                transaction.set_rollback(True)
                return False
            if form:
                record(Actor.of(request).as_user(joining), AuditAction.ACCOUNT_CREATED, target=joining)
            role = {"role": found.role}
            record(
                Actor.of(request).as_user(joining),
                AuditAction.MEMBER_JOINED,
                workspace=found.workspace,
                target=found,
                after=role,
            )
    except IntegrityError:  # a second click: the first has just made this account
        return False
    if form:
        EmailAddress.objects.filter(user=joining).update(verified=can_verify_addresses())
        login(request, joining, backend=settings.AUTHENTICATION_BACKENDS[0])
    return True


def _sign_up(request: HttpRequest, form: JoinForm) -> HttpResponse:
    """Make an account that opens with the code that is mailed now; with the same answer, and work, when there is one."""
    try:
        with transaction.atomic():
            user = _new_account(form)
    except IntegrityError:
        return prevent_enumeration(request, email=form.email)
    return complete_signup(request, user=user, redirect_url=request.path)


def _new_account(form: JoinForm) -> User:
    user = form.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    messages.success(request, f"Welcome to {found.workspace.name}.")
    return redirect(found.workspace)


def _ended(request: HttpRequest, token: str) -> HttpResponse:
    """Who is in by now only follows an old link, or clicked twice; for others it no longer works."""
    used = Invitation.objects.by_token(token).select_related("workspace").first()
    if used and used.workspace.memberships.filter(user_id=request.user.pk or 0).exists():
        return _private(redirect(used.workspace))
    return _private(render(request, "workspaces/invitation_gone.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
