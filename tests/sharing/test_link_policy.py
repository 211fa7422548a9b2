"""The policy for a workspace's share links: its decisions as a table, the same in the database, and its page."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AuditEvent
from tavusweb.sharing import actions
from tavusweb.sharing.link_policy import LinkPolicy, Part
from tavusweb.sharing.models import ShareLink, WorkspaceLinkPolicy, policy_of
from tavusweb.sharing.policy_reach import breaks
from tavusweb.sharing.visitor_policy import CommentRule, EmailRule, Rules
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAYS = timedelta(days=1)
PAGE = reverse("share_policy", args=["acme"])

MONTH = LinkPolicy(max_days=30)
GATED = LinkPolicy(needs_gate=True)
KEPT = LinkPolicy(allows_download=False)
NAMED = LinkPolicy(comments=CommentRule.NAMED)
SILENT = LinkPolicy(comments=CommentRule.OFF)
STRICT = LinkPolicy(max_days=30, needs_gate=True, allows_download=False, comments=CommentRule.OFF)
LOOSE = Rules(comments=CommentRule.ANONYMOUS, download=True)

TABLE = [
    ("no policy", LinkPolicy(), LOOSE, set()),
    ("no expiry", MONTH, Rules(), {Part.EXPIRY}),
    ("within the days", MONTH, Rules(expires_at=NOW + 30 * DAYS), set()),
    ("to the end of the last day", MONTH, Rules(expires_at=NOW + 31 * DAYS), set()),
    ("beyond the last day", MONTH, Rules(expires_at=NOW + 32 * DAYS), {Part.EXPIRY}),
    ("neither password nor code", GATED, Rules(email=EmailRule.ANY), {Part.GATE}),
    ("a password", GATED, Rules(has_password=True), set()),
    ("a confirmed email", GATED, Rules(email=EmailRule.CONFIRMED), set()),
    ("a download", KEPT, LOOSE, {Part.DOWNLOAD}),
    ("no download", KEPT, Rules(), set()),
    ("anonymous comments", NAMED, LOOSE, {Part.COMMENTS}),
    ("named comments", NAMED, Rules(comments=CommentRule.NAMED), set()),
    ("named comments where none are allowed", SILENT, Rules(comments=CommentRule.NAMED), {Part.COMMENTS}),
    ("no comments", SILENT, Rules(), set()),
    ("everything", STRICT, LOOSE, set(Part)),
]


@pytest.mark.parametrize(("policy", "rules", "broken"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_policy_violations_are_reported(policy: LinkPolicy, rules: Rules, broken: set[Part]) -> None:
    assert set(policy.problems(rules, NOW)) == broken


@pytest.mark.parametrize("policy", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
@pytest.mark.parametrize("rules", [row[2] for row in TABLE], ids=[row[0] for row in TABLE])
def test_applied_policy_makes_only_the_needed_changes(policy: LinkPolicy, rules: Rules) -> None:
    applied = policy.apply(rules, NOW, sends_mail=True)

    assert not policy.problems(applied, NOW)
    assert policy.apply(applied, NOW, sends_mail=True) == applied
    assert (applied == rules) == (not policy.problems(rules, NOW))


def test_open_link_is_revoked_where_no_code_can_be_sent() -> None:
    assert GATED.apply(Rules(), NOW, sends_mail=False).is_revoked
    assert not GATED.apply(Rules(has_password=True), NOW, sends_mail=False).is_revoked


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY)


@pytest.fixture
def every_kind(video: Video) -> list[ShareLink]:
    now = timezone.now()
    rows = product(
        [None, now + 29 * DAYS, now + 40 * DAYS], ["", "x"], EmailRule.values, CommentRule.values, [True, False]
    )
    names = ("expires_at", "password_hash", "email_rule", "comments", "allow_download")
    links = [ShareLink(video=video, **dict(zip(names, row, strict=True))) for row in rows]
    return ShareLink.objects.bulk_create(links)


@pytest.mark.parametrize("policy", [LinkPolicy(), MONTH, GATED, KEPT, NAMED, SILENT, STRICT], ids=repr)
@pytest.mark.parametrize("sends_mail", [True, False])
def test_database_and_python_rules_agree(
    policy: LinkPolicy, sends_mail: bool, every_kind: list[ShareLink], workspace: Workspace, maria: User, settings: Any
) -> None:
    if not sends_mail:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    now = timezone.now()
    by_table = {link.pk for link in every_kind if policy.problems(link.rules, now)}
    assert set(ShareLink.objects.filter(breaks(policy, now)).values_list("pk", flat=True)) == by_table

    changed = actions.change_policy(Actor(maria), workspace, policy, is_for_live_links=True)

    assert changed == len(by_table)
    changed_links = ShareLink.objects.in_bulk()
    for link in every_kind:
        expected = policy.apply(link.rules, now, sends_mail=sends_mail)
        stored = changed_links[link.pk].rules
        assert (stored.email, stored.comments, stored.download) == (
            expected.email,
            expected.comments,
            expected.download,
        )
        assert stored.is_revoked == expected.is_revoked
        assert bool(stored.expires_at) == bool(expected.expires_at)
        if stored.expires_at and expected.expires_at:
            assert abs(stored.expires_at - expected.expires_at) < timedelta(minutes=1)


class TestPage:
    def test_affected_live_links_are_shown_before_saving(self, as_maria: Client, video: Video) -> None:
        ShareLink.objects.create(video=video, name="For Ada")
        ShareLink.objects.create(video=video, revoked_at=timezone.now())

        page = as_maria.post(PAGE, {"max_days": "90"})

        assert 'data-touched="1"' in page.text
        assert "1 live link doesn’t follow this policy." in page.text
        assert "For Ada" in page.text
        assert not policy_of(video.workspace).is_set
        assert ShareLink.objects.filter(expires_at=None).count() == 2

    def test_confirmation_changes_live_links_and_reports_the_count(self, as_maria: Client, video: Video) -> None:
        link = ShareLink.objects.create(video=video)
        revoked = ShareLink.objects.create(video=video, revoked_at=timezone.now())

        page = as_maria.post(PAGE, {"max_days": "90", "apply": "all"}, follow=True)

        assert "Policy saved. 1 link changed." in page.text
        link.refresh_from_db()
        revoked.refresh_from_db()
        assert link.expires_at is not None
        assert revoked.expires_at is None
        event = AuditEvent.objects.get(action="share_policy_changed")
        assert event.after == {"max_days": 90, "links": 1}

    def test_policy_for_new_links_only_keeps_and_lists_live_ones(self, as_maria: Client, video: Video) -> None:
        link = ShareLink.objects.create(video=video, allow_download=True)

        as_maria.post(PAGE, {"no_downloads": "on", "apply": "new"})

        link.refresh_from_db()
        assert link.allow_download
        page = as_maria.get(PAGE).text
        assert "This workspace doesn’t allow downloads." in page

    @pytest.mark.parametrize("max_days", ["0", "-1", "abc", "99999"])
    def test_invalid_number_of_days_is_rejected(self, max_days: str, as_maria: Client) -> None:
        page = as_maria.post(PAGE, {"max_days": max_days})

        assert page.status_code == 422
        assert not WorkspaceLinkPolicy.objects.exists()


class TestObeying:
    """Whatever makes or changes a link keeps to the policy."""

    @pytest.fixture
    def create(self, video: Video) -> str:
        return reverse("share_link_create", args=["acme", video.pk])

    @pytest.fixture
    def strict(self, workspace: Workspace) -> None:
        WorkspaceLinkPolicy.objects.create(
            workspace=workspace, max_days=20, needs_gate=True, allows_download=False, comments="named"
        )

    def test_default_link_rules_comply_with_the_policy(self, strict: None, create: str, as_maria: Client) -> None:
        as_maria.post(create)

        link = ShareLink.objects.get()
        assert link.email_rule == "confirmed"
        assert timedelta(days=19) < link.expires_at - timezone.now() < timedelta(days=21)

    def test_form_defaults_comply_with_the_policy(self, strict: None, video: Video, as_maria: Client) -> None:
        page = as_maria.get(reverse("video", args=["acme", video.pk])).text

        assert 'value="date" selected' in page
        assert 'value="confirmed" selected' in page

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"expires": "never"}, "This workspace’s links expire within 20 days."),
            ({"expires": "30"}, "This workspace’s links expire within 20 days."),
            ({"email_rule": "any"}, "need a password or an email confirmed by a code"),
            ({"allow_download": "on"}, "doesn’t allow downloads"),
            ({"comments": "anonymous"}, "doesn’t allow anonymous comments"),
        ],
    )
    def test_policy_violation_is_a_field_error(
        self, given: dict[str, str], words: str, strict: None, create: str, as_maria: Client
    ) -> None:
        page = as_maria.post(create, {"expires": "7", "email_rule": "confirmed", "comments": "off"} | given)

        assert page.status_code == 422
        assert words in page.text
        assert not ShareLink.objects.exists()

    def test_edit_must_comply_and_a_password_suffices(self, strict: None, video: Video, as_maria: Client) -> None:
        link = ShareLink(video=video, expires_at=timezone.now() + 5 * DAYS)
        link.put_password("open sesame")
        link.save()
        url = reverse("share_link", args=["acme", link.pk])
        given = {"expires": "7", "comments": "named"}

        assert as_maria.post(url, given).status_code == 302
        assert as_maria.post(url, given | {"remove_password": "on"}).status_code == 422
        assert as_maria.post(url, given | {"expires": "never"}).status_code == 422
        link.refresh_from_db()
        assert link.has_password

    def test_restoring_a_noncompliant_link_opens_its_rules(self, strict: None, video: Video, as_maria: Client) -> None:
        link = ShareLink.objects.create(video=video, revoked_at=timezone.now())

        page = as_maria.post(reverse("share_link_restore", args=["acme", link.pk]), follow=True)

        link.refresh_from_db()
        assert link.is_revoked
        assert "doesn’t follow the workspace’s policy" in page.text
        assert "This workspace’s links expire within 20 days." in page.text

        as_maria.post(reverse("share_link", args=["acme", link.pk]), {"expires": "7", "email_rule": "confirmed"})
        as_maria.post(reverse("share_link_restore", args=["acme", link.pk]))
        link.refresh_from_db()
        assert not link.is_revoked

    def test_actions_enforce_the_policy_without_a_form(self, strict: None, video: Video, maria: User) -> None:
        link = ShareLink.objects.create(video=video)

        with pytest.raises(actions.AgainstPolicy):
            actions.share(Actor(maria), video)
        with pytest.raises(actions.AgainstPolicy):
            actions.change(Actor(maria), link, name="New")
        assert ShareLink.objects.get().name == ""

    def test_bulk_expiry_is_no_later_than_the_policy_allows(
        self, workspace: Workspace, video: Video, as_maria: Client
    ) -> None:
        WorkspaceLinkPolicy.objects.create(workspace=workspace, max_days=20)
        link = ShareLink.objects.create(video=video)

        as_maria.post(reverse("share_links_repair", args=["acme"]), {"link": [link.pk], "repair": "expire_90"})

        link.refresh_from_db()
        assert link.expires_at - timezone.now() <= timedelta(days=20)

    def test_without_mail_a_password_has_to_be_entered(
        self, strict: None, create: str, as_maria: Client, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

        assert as_maria.post(create).status_code == 422
        assert as_maria.post(create, {"password": "open sesame"}).status_code == 302
