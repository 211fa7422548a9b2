"""Leave out what Django and pytest-django do for every test and hardly any test here uses."""

from typing import Any
from unittest.mock import patch

import pytest
from _pytest.unittest import TestCaseFunction
from django.db import connection, transaction
from django.template import Context, RequestContext, Template
from django.test import TransactionTestCase, utils
from django.test.signals import template_rendered
from django.utils.safestring import SafeString

from tavusweb.audit import triggers

# Fixtures that pytest-django runs around every test, and the marker that makes them do something.
UNMARKED = {
    "_django_db_marker": "django_db",
    "_django_isolate_apps": "django_isolate_apps",
    "_django_set_urlconf": "urls",
    "_fail_for_invalid_template_variable": "ignore_template_errors",
    "_template_string_if_invalid_marker": "ignore_template_errors",
}
# The site framework is not installed, and no test uses `live_server`.
UNUSED = {"_django_clear_site_cache", "_live_server_helper"}
OF_UNITTEST = "_django_setup_unittest"


def leave_out_fixtures(items: list[pytest.Item]) -> None:
    """Remove automatic fixtures that would do nothing for these tests: each takes time before and after each test."""
    for item in items:
        names: list[str] = item.fixturenames  # type: ignore[attr-defined]
        marked = {marker.name for marker in item.iter_markers()}
        left_out = UNUSED | {name for name, marker in UNMARKED.items() if marker not in marked}
        if not isinstance(item, TestCaseFunction):
            left_out.add(OF_UNITTEST)
        names[:] = [name for name in names if name not in left_out]


def _render(template: Template, context: Context) -> SafeString:
    """Send the signal that copies the context once for each page, not for each include, parent and form widget."""
    if context.template is template and isinstance(context, RequestContext):
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


# What migrations put there and no test changes. Django would delete and recreate it after each test that commits.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def _empty_tables(self: TransactionTestCase) -> None:
    """Delete every row after a test that commits, audit events included; the triggers are restored afterwards."""
    tables = sorted({*connection.introspection.django_table_names(only_existing=True)} - KEPT)
    triggers.take_down()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    triggers.put_up()


def quick_flush() -> Any:
    return patch.object(TransactionTestCase, "_fixture_teardown", _empty_tables)


def pages_only() -> Any:
    """Let `response.context` and `response.templates` contain what views render, not what templates include."""
    return patch.object(Template, "_render", _render)


def every_template() -> Any:
    """Let them contain included and extended templates too, as Django does."""
    return patch.object(Template, "_render", utils.instrumented_test_render)
