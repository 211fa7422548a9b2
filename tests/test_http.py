"""Error reports leak nothing, and only known hosts get a response."""

import sys
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.views.debug import ExceptionReporter

from tavusweb.workspaces.models import Workspace

SECRET = "tavus-key-1234567890"


@pytest.mark.parametrize("is_debugging", [True, False])
def test_error_report_contains_no_variables_and_nothing_typed(is_debugging: bool, settings: Any) -> None:
    settings.DEBUG = is_debugging
    settings.REDIS_URL = f"redis://:{SECRET}@cache"
    settings.DATABASE_URL = f"postgres://me:{SECRET}@db/x"
    settings.EMAIL_CONFIG = f"smtp://me:{SECRET}@mail"
    settings.CACHES = {"default": {"BACKEND": "x", "LOCATION": settings.REDIS_URL}}
    settings.Q_CLUSTER = {"redis": settings.REDIS_URL}
    settings.FIELD_KEYS = [SECRET]
    request = RequestFactory().post("/w/acme/keys/add/", {"secret": SECRET, "name": "Main"})
    request.COOKIES["sessionid"] = SECRET

    def ask(typed: str) -> None:
        held = {"x-api-key": typed}
        raise RuntimeError(len(held))

    try:
        ask(request.POST["secret"])
    except RuntimeError:
        report = ExceptionReporter(request, *sys.exc_info())

    assert SECRET not in report.get_traceback_text()
    assert SECRET not in report.get_traceback_html()
    assert "in ask" in report.get_traceback_text(), "it still says where"


def test_expired_form_gets_our_own_page(workspace: Workspace, maria: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(maria)

    page = client.post(reverse("workspace_new"), {"name": "X"})

    assert page.status_code == 403
    assert "403_csrf.html" in [template.name for template in page.templates]


def test_unknown_host_is_refused_with_an_empty_response(client: Client, db: None) -> None:
    with override_settings(DEBUG=False):
        response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
