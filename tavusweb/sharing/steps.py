"""Process the gate's forms: one step at a time, each proving one thing.

The step that completes a link with a view limit consumes a view atomically. Reloads are then free until the pass
expires.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tavusweb import guesses
from tavusweb.http import address_group

from . import codes, password
from .forms import CodeForm, EmailForm, PasswordForm
from .gate import Entry, enter
from .passes import Pass
from .visitor_policy import EmailRule, Step, may_watch

FORMS: dict[Step, type[forms.Form]] = {
    Step.EMAIL: EmailForm,
    Step.CODE: CodeForm,
    Step.PASSWORD: PasswordForm,
    Step.WATCH: forms.Form,
}
TOO_MANY, INVALID = 429, 422


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a step: `proven` if it passed, else the rejected form and its HTTP status."""

    proven: Pass | None = None
    form: forms.Form = field(default_factory=forms.Form)
    status: int = 200
    wait: int = 0  # seconds until the next attempt is looked at
    is_attempt: bool = False  # somebody tried something that was wrong, not just left it out


def take(request: HttpRequest, entry: Entry) -> Outcome:
    """Process the step that the page asks for. A form for another step, such as one from an outdated page, is ignored."""
    step = entry.decision.step
    if step is None:
        return Outcome(proven=entry.proven)
    if "restart" in request.POST and step == Step.CODE:
        return Outcome(proven=entry.proven.with_email(""))
    form = FORMS[step](request.POST)
    if not form.is_valid():
        return Outcome(form=form, status=INVALID)
    outcome = TAKERS[step](request, entry, form)
    if outcome.proven is None or step == Step.WATCH:
        return outcome
    after = enter(entry.link, outcome.proven)
    return _watch(request, after, forms.Form()) if after.decision.step == Step.WATCH else outcome


def _email(request: HttpRequest, entry: Entry, form: forms.Form) -> Outcome:
    email, rules, link = form.cleaned_data["email"], entry.link.rules, entry.link
    is_let_in = may_watch(rules, email)
    if rules.email == EmailRule.CONFIRMED:
        # What it answers is the same for every address: only who reads its mail learns whether it is let in.
        if is_let_in and not codes.send(link, email, address=address_group(request)):
            return _refused(form, "email", _("Too many codes were sent. Try again in an hour."), TOO_MANY)
    elif not is_let_in:
        return _refused(form, "email", _("This video wasn’t shared with this address."))
    return Outcome(proven=entry.proven.with_email(email))


def _code(request: HttpRequest, entry: Entry, form: forms.Form) -> Outcome:
    if not codes.confirm(entry.link, entry.proven.email, form.cleaned_data["code"]):
        return _refused(form, "code", _("Wrong code. Codes work once, for 10 minutes."))
    return Outcome(proven=entry.proven.with_confirmed_email())


def _password(request: HttpRequest, entry: Entry, form: forms.Form) -> Outcome:
    link = entry.link
    is_right, wait = password.check(request, link, form.cleaned_data["password"])
    if is_right:
        return Outcome(proven=entry.proven.with_password_of(link))
    if wait:
        return replace(_refused(form, "password", guesses.too_many(wait), TOO_MANY), wait=wait)
    return _refused(form, "password", _("Wrong password. Passwords are case-sensitive."))


def _watch(request: HttpRequest, entry: Entry, form: forms.Form) -> Outcome:
    # Without a view left, the page says so itself.
    return Outcome(proven=entry.proven.admitted() if entry.link.use_view() else entry.proven)


def _refused(form: forms.Form, name: str, words: str, status: int = INVALID) -> Outcome:
    form.add_error(name, words)
    return Outcome(form=form, status=status, is_attempt=True)


TAKERS: dict[Step, Callable[[HttpRequest, Entry, forms.Form], Outcome]] = {
    Step.EMAIL: _email,
    Step.CODE: _code,
    Step.PASSWORD: _password,
    Step.WATCH: _watch,
}
