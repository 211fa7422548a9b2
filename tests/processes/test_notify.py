"""Mail by real processes over real SMTP: several workers at once, a mail server that is away, a process that is killed."""

import base64
import os
import secrets
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tavusweb.data_folder import PROJECT
from tests.browser.mail_sink import MailSink, mail_sink

PEOPLE = 30
DELIVER = "import django; django.setup(); from tavusweb.notify.delivery import deliver; deliver()"
SEED = f"""
from tavusweb.accounts.models import User
from tavusweb.notify.actions import tell
from tavusweb.notify.kinds import Kind
from tavusweb.workspaces.models import Workspace
workspace = Workspace.objects.create_with_owner("Acme", User.objects.create_user("owner@example.com"))
people = [User.objects.create_user(f"p{{n}}@example.com") for n in range({PEOPLE})]
for person in people:
    workspace.memberships.create(user=person, role="viewer")
for n in range(3):
    tell(people, Kind.APPROVAL_ASKED, workspace=workspace, subject_key=f"ask:{{n}}", url="/w/acme/", data={{"title": "Launch"}})
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from tavusweb.notify.models import Letter
now = timezone.now()
Letter.objects.filter(sent_at=None).update(next_attempt_at=now)
"""


class Machine:
    """A data folder and its environment."""

    def __init__(self, home: Path, sink: MailSink) -> None:
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("TAVUS", "DJANGO"))} | {
            "TAVUSWEB_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "tavusweb.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            **sink.environment,
        }

    def run(self, *arguments: str) -> None:
        assert self.start(*arguments).wait(timeout=120) == 0

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, env=self.env | environment)

    def shell(self, code: str) -> None:
        self.run("manage.py", "shell", "--verbosity", "0", "-c", code)


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    with mail_sink(tmp_path) as sink:
        yield sink


@pytest.fixture
def machine(tmp_path: Path, sink: MailSink) -> Machine:
    machine = Machine(tmp_path / "home", sink)
    machine.run("manage.py", "migrate", "--verbosity", "0")
    machine.run("manage.py", "createcachetable")
    machine.shell(SEED)
    return machine


def test_workers_at_once_mail_each_person_once_also_after_an_outage(machine: Machine, sink: MailSink) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"smtps://127.0.0.1:{closed.getsockname()[1]}"
    away = [machine.start("-c", DELIVER, EMAIL_URL=nowhere) for _ in range(2)]
    assert [process.wait(timeout=120) for process in away] == [0, 0]
    assert sink.all() == []
    machine.shell(LATER)

    workers = [machine.start("-c", DELIVER) for _ in range(3)]

    assert [worker.wait(timeout=120) for worker in workers] == [0, 0, 0]
    mails = sink.all()
    assert Counter(mail["To"] for mail in mails) == Counter(f"p{number}@example.com" for number in range(PEOPLE))
    assert len({mail["Message-ID"] for mail in mails}) == PEOPLE
    body = mails[0].get_body(("plain",))
    assert body is not None
    assert "/unsubscribe/" in body.get_content()
    assert mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
