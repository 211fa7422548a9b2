"""Personal links: one for each recipient of a pasted list."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.audit.models import AuditEvent
from tavusweb.sharing import deliveries
from tavusweb.sharing.models import Delivery, ShareLink, Visit
from tavusweb.sharing.recipients import MOST, Recipient, read_recipients
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

ADA, BOB = Recipient("Ada Byron", "ada@example.com"), Recipient("", "bob@example.com")
LISTS = [
    ("an address", "bob@example.com", [BOB]),
    ("a name", "Chloé", [Recipient("Chloé")]),
    ("a name and an address", "Ada Byron <ada@example.com>", [ADA]),
    ("in quotes and capitals", '"Ada Byron" <ADA@Example.com>', [ADA]),
    ("an address in brackets", "<bob@example.com>", [BOB]),
    ("blank lines, Windows line ends, invisible characters", "\r\n\u200b\r\n  bob@example.com  \r\n", [BOB]),
    ("as mail programs write them", "Ada Byron <ada@example.com>; bob@example.com;", [ADA, BOB]),
    ("with commas between", "ada@example.com, bob@example.com", [Recipient("", "ada@example.com"), BOB]),
    ("a comma in a name", "Byron, Ada <ada@example.com>", [Recipient("Byron, Ada", "ada@example.com")]),
    ("from right to left", "עדה <ada@example.com>", [Recipient("עדה", "ada@example.com")]),
]


@pytest.mark.parametrize(("text", "people"), [row[1:] for row in LISTS], ids=[row[0] for row in LISTS])
def test_recipient_list_is_parsed(text: str, people: list[Recipient]) -> None:
    found = read_recipients(text)

    assert (found.people, found.problems) == (people, [])


@pytest.mark.parametrize(
    "line", ["ada@", "@example.com", "Ada <ada>", "<>", "a@b@c", "Ada <ada@example.com", "x" * 81, "a b@example.com"]
)
def test_invalid_line_is_named(line: str) -> None:
    found = read_recipients(f"bob@example.com\n{line}")

    assert found.people == [BOB]
    assert found.problems[0].startswith("Line 2: “")


def test_duplicates_are_merged_and_long_lists_rejected() -> None:
    found = read_recipients("Ada <a@b.example>\nA@B.example\nBob\nbob")
    assert (len(found.people), found.duplicates) == (2, 2)

    found = read_recipients("\n".join(f"Guest {number}" for number in range(MOST + 1)))
    assert "at most 500 recipients. This list has 501." in found.problems[0]


def test_name_alone_is_not_enough_for_mail() -> None:
    assert read_recipients("Ada", needs_email=True).problems == ["Line 1: “Ada” has no email address."]


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1")


@pytest.fixture
def page(video: Video) -> str:
    return reverse("share_personal", args=["acme", video.pk])


def test_each_recipient_gets_a_link_with_the_same_rules_and_counts_of_its_own(page: str, as_maria: Client) -> None:
    given = {"recipients": "Ada <ada@example.com>\nBob", "expires": "30", "view_limit": "5", "password": "open sesame"}

    answer = as_maria.post(page, given, follow=True)

    ada, bob = ShareLink.objects.order_by("pk")
    assert (ada.name, ada.recipient_email, bob.name, bob.recipient_email) == ("Ada", "ada@example.com", "Bob", "")
    assert ada.token != bob.token
    assert ada.is_password("open sesame")
    assert bob.is_password("open sesame")
    assert ada.view_limit == bob.view_limit == 5
    assert "2 personal links created." in answer.text
    assert answer.text.count("data-link=") == 2
    assert AuditEvent.objects.get(action="shares_created").after["links"] == 2


def test_gated_link_opens_only_for_its_recipient(page: str, as_maria: Client) -> None:
    as_maria.post(page, {"recipients": "ada@example.com\nbob@example.com", "is_gated": "on"})

    ada, bob = ShareLink.objects.order_by("pk")
    assert (ada.email_rule, ada.allowed_addresses) == ("confirmed", "ada@example.com")
    assert bob.allowed_addresses == "bob@example.com"


@pytest.mark.parametrize("gate", [{}, {"is_gated": "on"}, {"password": "open sesame"}, {"view_limit": "3"}])
def test_forwarded_link_shows_nobodys_name(gate: dict[str, str], page: str, as_maria: Client) -> None:
    as_maria.post(page, {"recipients": "Ada Byron <ada.byron@example.com>", "comments": "named"} | gate)
    link = ShareLink.objects.get()

    for address in (link.get_absolute_url(), f"{link.get_absolute_url()}panel/", f"/oembed?url={link.public_url}"):
        shown = Client().get(address).text
        assert not [name for name in ("Ada", "Byron", "ada.byron") if name in shown], address


def test_invalid_line_is_named_and_no_link_is_created(page: str, as_maria: Client) -> None:
    answer = as_maria.post(page, {"recipients": "ada@example.com\nbob@", "expires": "30"})

    assert answer.status_code == 422
    assert "Line 2: “bob@” isn’t an email address or a name." in answer.text
    assert "ada@example.com\nbob@" in answer.text, "what was typed is still there"
    assert not ShareLink.objects.exists()


def test_links_can_be_downloaded_as_csv(page: str, as_maria: Client) -> None:
    as_maria.post(page, {"recipients": "=1+1 <ada@example.com>\nBob"})
    ada, bob = ShareLink.objects.order_by("pk")
    Visit.objects.create(link=bob, number="a" * 32, viewer="v", played_at=timezone.now())

    answer = as_maria.get(reverse("share_personal_file", args=["acme", ada.group]) + "?separator=comma")

    header, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    assert header == ["Name", "Email", "Link", "Views", "Plays"]
    assert [row[1:] for row in rows] == [
        ["ada@example.com", ada.public_url, "0", "0"],
        ["", bob.public_url, "1", "1"],
    ]
    assert not rows[0][0].startswith("=")
    assert "attachment" in answer["Content-Disposition"]


def test_links_are_mailed_where_mail_is_set_up(page: str, as_maria: Client, settings: Any) -> None:
    given = {"recipients": "Ada <ada@example.com>\nbob@example.com", "is_mailed": "on", "mail_note": "Have a look."}
    as_maria.post(page, given | {"language": "de"})
    for delivery in Delivery.objects.order_by("pk"):
        deliveries.deliver(delivery.pk)

    ada, bob = ShareLink.objects.order_by("pk")
    assert [message.to for message in mail.outbox] == [["ada@example.com"], ["bob@example.com"]]
    assert ada.public_url in mail.outbox[0].body
    assert bob.public_url not in mail.outbox[0].body
    assert "Have a look." in mail.outbox[0].body

    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "Email each link" not in as_maria.get(page).text


def test_five_hundred_links_take_few_queries(page: str, as_maria: Client, django_assert_max_num_queries: Any) -> None:
    text = "\n".join(f"Guest {number} <guest{number}@example.com>" for number in range(MOST))

    with django_assert_max_num_queries(40):
        as_maria.post(page, {"recipients": text})

    assert ShareLink.objects.values("token").distinct().count() == MOST


@pytest.mark.parametrize(("browsers", "is_hinted"), [(2, False), (3, True)])
def test_link_opened_in_many_browsers_is_marked_as_forwarded(
    browsers: int, is_hinted: bool, video: Video, page: str, as_maria: Client
) -> None:
    as_maria.post(page, {"recipients": "Ada"})
    link, now = ShareLink.objects.get(), timezone.now().replace(hour=12)
    ShareLink.objects.create(video=video)  # an ordinary link, which anyone may open
    for number in range(browsers):
        for name, at in (("a", now), ("b", now - timedelta(days=number + 1))):
            Visit.objects.create(link=link, number=f"{name}{number}".ljust(32, "0"), viewer=f"{name}{number}", at=at)
    Visit.objects.create(link=link, number="f" * 32, viewer="m", at=now, is_member=True)

    shown = as_maria.get(reverse("shared_links", args=["acme"])).text

    assert (f"Opened in {browsers} browsers on one day" in shown) is is_hinted


def test_another_workspaces_group_is_unknown(video: Video, page: str, as_maria: Client, zoe: Any) -> None:
    as_maria.post(page, {"recipients": "Ada"})
    group, client = ShareLink.objects.get().group, Client()
    client.force_login(zoe)

    assert client.get(reverse("share_personal_file", args=["rival", group])).status_code == 404
    assert "data-link=" not in client.get(reverse("shared_links", args=["rival"]), {"group": str(group)}).text


def test_links_can_start_from_a_preset(page: str, workspace: Any, as_maria: Client) -> None:
    preset = workspace.share_presets.create(name="For clients", values={"comments": "named"})
    shown = as_maria.get(page, {"preset": preset.pk}).text
    assert re.search(r'<option value="named"[^>]* selected', shown)
    assert "For clients" in shown
