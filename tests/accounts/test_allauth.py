"""allauth's internals that we import: an update of allauth may move any of them, so it is made with this list at hand."""

import ast
import inspect
from pathlib import Path

import allauth.mfa.base.forms
import allauth.mfa.totp.forms
import allauth.mfa.webauthn.forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.totp.internal.auth import TOTP

import tavusweb

INTERNALS = {
    "allauth.account.internal.flows.login.record_authentication",
    "allauth.account.internal.flows.reauthentication.STATE_SESSION_KEY",
    "allauth.account.internal.flows.reauthentication.resume_request",
    "allauth.account.internal.flows.signup.complete_signup",
    "allauth.account.internal.flows.signup.prevent_enumeration",
    "allauth.mfa.totp.internal.auth.TOTP",
    "allauth.mfa.webauthn.internal.auth",
    "allauth.socialaccount.internal.jwtkit",
}


def test_imports_of_allauth_internals_are_listed_here() -> None:
    imported = set()
    sources = [path.read_text() for path in Path(tavusweb.__path__[0]).rglob("*.py")]
    for source in [each for each in sources if "allauth" in each]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and "allauth" in (node.module or "") and "internal" in node.module:
                imported |= {f"{node.module}.{each.name}" for each in node.names}

    assert imported == INTERNALS


def test_private_methods_that_are_replaced_still_exist() -> None:
    for forms in (allauth.mfa.base.forms, allauth.mfa.totp.forms, allauth.mfa.webauthn.forms):
        assert inspect.getsource(forms).count("check_rate_limit(") == 1
    assert callable(DefaultAccountAdapter._rollback_login_failed_rl_usage)
    assert callable(DefaultAccountAdapter._delete_login_attempts_cached_email)
    assert callable(TOTP._get_used_cache_key)
    assert callable(TOTP._mark_code_used)
