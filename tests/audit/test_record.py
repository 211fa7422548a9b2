"""The audit log: what an event holds, that nobody changes one, and that whoever does is found."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.audit import chain as audit_chain
from tavusweb.audit import triggers, verify
from tavusweb.audit.actions import AuditAction
from tavusweb.audit.actor import Actor
from tavusweb.audit.models import AppendOnly, AuditChain, AuditEvent
from tavusweb.audit.record import record
from tavusweb.audit.retention import close, close_old_parts
from tavusweb.audit.verify import first_break
from tavusweb.audit.words import VALUES
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role
from tests.audit_tables import rows, unguarded
from tests.simultaneous import simultaneously


@pytest.fixture
def no_guard(db: None) -> Iterator[None]:
    """What a person has who may alter the database's tables."""
    with unguarded():
        yield


@pytest.fixture
def chain(workspace: Workspace, maria: User) -> AuditChain:
    """Five events of Acme, from its first."""
    for number in range(1, 6):
        action = AuditAction.KEY_RENAMED if number > 1 else AuditAction.WORKSPACE_CREATED
        record(Actor(maria), action, workspace=workspace, before={"n": number}, after={"n": number + 1})
    return AuditChain.objects.get(workspace=workspace)


class TestAnEvent:
    def test_event_has_who_where_what_before_and_after(self, workspace: Workspace, maria: User, settings: Any) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        request = RequestFactory().get(
            "/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7", "User-Agent": "Fox " * 90}
        )
        request.user = maria

        record(
            Actor.of(request),
            AuditAction.ROLE_CHANGED,
            workspace=workspace,
            target=maria,
            before={"role": "viewer"},
            after={"role": "admin"},
        )

        event = AuditEvent.objects.get()
        assert (event.chain.name, event.seq) == (f"acme#{workspace.pk}", 1)
        assert (event.actor, event.actor_pk, event.address) == ("maria@example.com", maria.pk, "203.0.113.7")
        assert len(event.agent) == 200
        assert (event.target, event.target_type, event.target_pk) == ("Maria", "accounts.user", str(maria.pk))
        assert event.changes == [{"name": "role", "was": "viewer", "is": "admin"}]

    @pytest.mark.parametrize(
        ("value", "words"), [(True, "yes"), (False, "no"), (None, "none"), (["a", "b"], "a, b"), (1, "1"), ([], "none")]
    )
    def test_values_are_shown_in_words(self, value: object, words: str) -> None:
        event = AuditEvent(before={"limit": 2}, after={"limit": value})

        assert event.changes == [{"name": "limit", "was": "2", "is": words}]

    @pytest.mark.parametrize(
        ("stored", "shown"),
        [
            ({"by": ["password", "totp"]}, {"name": "method", "is": "password, authenticator app"}),
            ({"by": "Corp ID"}, {"name": "method", "is": "Corp ID"}),
            ({"title": "password"}, {"name": "title", "is": "password"}),
            ({"is_locked": True}, {"name": "password protected", "is": "yes"}),
            ({"next_poll_at": "noon"}, {"name": "next poll at", "is": "noon"}),
        ],
    )
    def test_kinds_are_stored_and_words_are_shown(self, stored: dict[str, Any], shown: dict[str, str]) -> None:
        assert AuditEvent(after=stored).changes == [{"was": None} | shown]

    def test_every_role_has_its_word(self) -> None:
        assert set(VALUES["role"]) == set(Role)

    def test_missing_value_is_shown_as_removed(self) -> None:
        assert AuditEvent(before={"limit": 2}).changes == [{"name": "limit", "was": "2", "is": "removed"}]

    @pytest.mark.parametrize(
        ("count", "forwarded", "address"),
        [
            (0, "203.0.113.7", "127.0.0.1"),
            (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
            (2, "203.0.113.7", "127.0.0.1"),
            (1, "nonsense", ""),
            (1, "2001:DB8::1", "2001:db8::1"),
        ],
    )
    def test_address_is_trusted_only_through_own_proxies(
        self, count: int, forwarded: str, address: str, settings: Any, db: None
    ) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = count

        record(Actor.of(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})), AuditAction.SIGN_IN_FAILED)

        assert AuditEvent.objects.get().address == address

    def test_event_outlives_actor_and_target(self, workspace: Workspace, maria: User, erik: User) -> None:
        record(Actor(erik), AuditAction.MEMBER_REMOVED, workspace=workspace, target=erik)
        erik.delete()
        workspace.delete()

        event = AuditEvent.objects.get()

        assert (event.actor, event.target) == ("erik@example.com", "Erik")
        assert first_break(event.chain) is None

    def test_event_is_written_with_the_action_or_not_at_all(self, workspace: Workspace) -> None:
        with transaction.atomic():
            record(Actor(), AuditAction.KEY_ADDED, workspace=workspace)
            transaction.set_rollback(True)

        assert not AuditEvent.objects.exists()

    @pytest.mark.parametrize(
        "secret",
        [
            "0123456789abcdef0123456789abcdef",
            "sandbox-00112233445566778899aabbccddeeff",
            "Xy7_-abcdefghijklmnopqrstuvwxyz0123456789ABCD",
        ],
    )
    def test_secret_in_an_event_is_not_kept(self, secret: str, workspace: Workspace, maria: User) -> None:
        named = Workspace(pk=7, name=f"oops {secret} oops")
        shown = dict.fromkeys(("secret", "password", "API_token", "sealed", "token_hash", "session_key"), secret)
        request = RequestFactory().get("/", headers={"User-Agent": f"curl {secret}"})

        record(
            Actor.of(request),
            AuditAction.KEY_ADDED,
            workspace=workspace,
            target=named,
            before=shown,
            after={
                "name": secret,
                "list": [secret],
                "url": f"https://x.example/?a={secret}#b",
                "short password": "abc",
            },
        )

        stored = json.dumps(list(AuditEvent.objects.values()), default=str)
        assert secret not in stored
        assert "abc" not in stored.replace(AuditEvent.objects.get().hash, "").replace(AuditEvent.objects.get().seal, "")

    def test_actor_with_a_long_address_is_named(self, workspace: Workspace) -> None:
        email = f"{'a' * 64}@{'b' * 59}.{'c' * 60}.{'d' * 60}.example"
        person = User.objects.create_user(email)

        record(Actor(person), AuditAction.MEMBER_INVITED, workspace=workspace, target=person, after={"email": email})

        event = AuditEvent.objects.get()
        assert event.actor == email
        assert event.target == event.after["email"] == email[:200]
        assert first_break(event.chain) is None

    def test_uuid_and_sentence_are_kept(self, workspace: Workspace) -> None:
        values = {"id": "123e4567-e89b-12d3-a456-426614174000", "title": "Willkommen im Frühjahr 2026, 日本"}

        record(Actor(), AuditAction.VIDEO_RENAMED, workspace=workspace, after=values)

        assert AuditEvent.objects.get().after == values

    @pytest.mark.parametrize("odd", ["a\0b", "\ud800", "‮gnp", "x" * 10_000, "🙂" * 300, '"\\\n\t'])
    def test_unusual_text_is_stored_verifiably(self, odd: str, workspace: Workspace) -> None:
        record(
            Actor(), AuditAction.VIDEO_RENAMED, workspace=workspace, target=Workspace(pk=1, name=odd), after={"t": odd}
        )

        assert first_break(AuditChain.objects.get()) is None


class TestAppendOnly:
    def test_events_cannot_be_changed_or_deleted_by_the_orm(self, chain: AuditChain) -> None:
        event = AuditEvent.objects.filter(seq=3).get()
        attempts: list[Callable[[], Any]] = [
            event.save,
            event.delete,
            lambda: AuditEvent.objects.update(actor="nobody"),
            AuditEvent.objects.all().delete,
            lambda: AuditEvent.objects.bulk_create([AuditEvent()]),
            lambda: AuditEvent.objects.bulk_update([event], ["actor"]),
            lambda: AuditEvent.objects.update_or_create(seq=3, defaults={"actor": "nobody"}),
            lambda: chain.events.update(actor="nobody"),
        ]

        for attempt in attempts:
            with pytest.raises(AppendOnly), transaction.atomic():
                attempt()

        assert first_break(chain) is None

    def test_chain_with_events_cannot_be_deleted(self, chain: AuditChain) -> None:
        with pytest.raises(models.ProtectedError):
            chain.delete()

    def test_admin_shows_chain_heads_read_only(self, chain: AuditChain, client: Client) -> None:
        client.force_login(User.objects.create_superuser("root@example.com"))
        change, delete = (reverse(f"admin:audit_auditchain_{page}", args=[chain.pk]) for page in ("change", "delete"))

        answers = [
            client.get(change).status_code,
            client.post(change, {"last_seq": "1"}).status_code,
            client.post(delete, {"post": "yes"}).status_code,
            client.get(reverse("admin:audit_auditchain_add")).status_code,
        ]

        assert answers == [200, 403, 403, 403]
        assert first_break(chain) is None


class TestTheDatabaseItself:
    """With a queryset that refuses nothing, and with SQL."""

    REFUSED: list[tuple[str, Callable[[], Any]]] = [
        ("an event altered", lambda: rows().filter(seq=3).update(actor="nobody")),
        ("altered in bulk", lambda: rows().bulk_update([AuditEvent(pk=rows().get(seq=3).pk, actor="x")], ["actor"])),
        ("an event moved", lambda: rows().filter(seq=3).update(chain=AuditChain.objects.create(name="mine"))),
        ("an event deleted", lambda: rows().filter(seq=3).delete()),
        ("deleted raw", lambda: rows().filter(seq=3)._raw_delete("default")),
        ("all deleted", lambda: sql("DELETE FROM audit_auditevent")),
        ("a count set back", lambda: AuditChain.objects.update(last_seq=4)),
        ("a checkpoint set back", lambda: AuditChain.objects.update(closed_seq=0)),
        ("a chain named anew", lambda: AuditChain.objects.update(name="mine")),
        ("a chain deleted", lambda: sql("DELETE FROM audit_auditchain")),
    ]

    @pytest.mark.parametrize("attempt", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
    def test_trigger_refuses_changes(self, attempt: Callable[[], Any], chain: AuditChain, workspace: Workspace) -> None:
        AuditChain.objects.update(closed_seq=1)
        before = list(rows().values())

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()

        assert list(rows().values()) == before

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    @pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditchain, audit_auditevent"])
    def test_trigger_refuses_to_empty_a_table(self, table: str, chain: AuditChain) -> None:
        connection.check_constraints()

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql(f"TRUNCATE {table}")

        assert rows().count() == 5

    def test_only_events_before_the_checkpoint_can_be_deleted(self, chain: AuditChain) -> None:
        AuditChain.objects.update(closed_seq=2)

        rows().filter(seq__lte=2).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows().filter(seq__lte=3).delete()

        assert list(rows().values_list("seq", flat=True)) == [3, 4, 5]

    def test_empty_chain_can_be_deleted(self, chain: AuditChain) -> None:
        AuditChain.objects.create(name="begun").delete()

    def test_chain_closed_as_a_whole_stays(self, chain: AuditChain, workspace: Workspace) -> None:
        workspace.delete()
        close(chain, before=timezone.now() + timedelta(days=1))

        with pytest.raises(IntegrityError), transaction.atomic():
            AuditChain.objects.get(pk=chain.pk).delete()

    def test_triggers_are_restored_after_a_migration_of_their_tables(self, chain: AuditChain) -> None:
        migration = SimpleNamespace(app_label="audit")
        triggers.before_migrations(using="default", plan=[(migration, False)])
        during = guards()
        triggers.put_up(using="default")
        triggers.put_up(using="default")

        assert (during, guards()) == (0, 6 if connection.vendor == "postgresql" else 4)

    def test_other_migrations_keep_the_triggers(self, chain: AuditChain) -> None:
        triggers.before_migrations(using="default", plan=[(SimpleNamespace(app_label="videos"), False)])

        assert guards()


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def guards() -> int:
    where = (
        "sqlite_master WHERE type = 'trigger' AND name" if connection.vendor == "sqlite" else "pg_trigger WHERE tgname"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {where} LIKE 'audit_%'")
        return int(cursor.fetchone()[0])


def alter(**values: Any) -> Callable[[], Any]:
    return lambda: rows().filter(seq=3).update(**values)


def rewrite() -> None:
    """Everything anew from the third event on, hashes included; only the key of the seals is not to be had."""
    previous = rows().get(seq=2).hash
    for event in rows().filter(seq__gte=3).select_related("chain"):
        event.actor, event.previous = "nobody@example.com", previous
        event.hash = previous = audit_chain.digest(event)
        rows().filter(pk=event.pk).update(
            actor=event.actor,
            previous=event.previous,
            hash=event.hash,
            seal=audit_chain.seal(event.hash, secret="guessed"),
        )
    AuditChain.objects.update(last_hash=previous)


def swap() -> None:
    rows().filter(seq=3).update(seq=99)
    rows().filter(seq=4).update(seq=3)
    rows().filter(seq=99).update(seq=4)


def set_back(seq: int) -> None:
    AuditChain.objects.update(last_seq=seq, last_hash=rows().get(seq=seq).hash)


TAMPERED: list[tuple[str, Callable[[], Any], int, str]] = [
    ("who", alter(actor="nobody@example.com"), 3, "was altered"),
    ("what", alter(action=AuditAction.KEY_DELETED), 3, "was altered"),
    ("when", alter(at=timezone.now() - timedelta(days=1)), 3, "was altered"),
    ("from where", alter(address="6.6.6.6"), 3, "was altered"),
    ("before", alter(before={"n": 4}), 3, "was altered"),
    ("after", alter(after={}), 3, "was altered"),
    ("target", alter(target="Another"), 3, "was altered"),
    ("hash", alter(hash="0" * 64), 3, "was altered"),
    ("seal", alter(seal="0" * 64), 3, "has a seal that is not ours"),
    ("link", alter(previous="0" * 64), 3, "does not follow the one before it"),
    ("removed", lambda: rows().filter(seq=3).delete(), 3, "is missing"),
    ("the first removed", lambda: rows().filter(seq=1).delete(), 1, "is missing"),
    ("the last removed", lambda: rows().filter(seq=5).delete(), 5, "is missing at the end"),
    ("all removed", lambda: rows().delete(), 1, "is missing at the end"),
    ("swapped", swap, 3, "does not follow the one before it"),
    ("rewritten", rewrite, 3, "has a seal that is not ours"),
    ("a head set back", lambda: AuditChain.objects.update(last_seq=4), 5, "is beyond the chain's end"),
    ("a head set back in order", lambda: set_back(4), 5, "is beyond the chain's end"),
    ("a head set on", lambda: AuditChain.objects.update(last_seq=6), 6, "is missing at the end"),
    ("a checkpoint made up", lambda: AuditChain.objects.update(closed_seq=2), 2, "is the checkpoint, and its seal is"),
]


@pytest.mark.usefixtures("no_guard")
class TestProof:
    def test_untouched_chain_verifies(self, chain: AuditChain) -> None:
        assert first_break(chain) is None

    @pytest.mark.parametrize(
        ("tamper", "seq", "reason"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED]
    )
    def test_first_altered_link_is_named(
        self, tamper: Callable[[], Any], seq: int, reason: str, chain: AuditChain
    ) -> None:
        tamper()

        broken = first_break(AuditChain.objects.get())

        assert broken is not None
        assert (broken.seq, broken.reason.startswith(reason)) == (seq, True), broken

    def test_events_of_another_chain_break_it(self, chain: AuditChain, zoe: User, maria: User) -> None:
        rival = Workspace.objects.get(slug="rival")
        record(Actor(maria), AuditAction.KEY_RENAMED, workspace=rival, before={"n": 1}, after={"n": 2})
        rows().filter(chain=chain, seq=1).delete()
        rows().filter(chain__workspace=rival).update(chain=chain)

        broken = first_break(chain)

        assert broken is not None
        assert broken.reason == "was altered"

    def test_new_secret_key_needs_the_old_one_as_fallback(self, chain: AuditChain, settings: Any) -> None:
        old, settings.SECRET_KEY = settings.SECRET_KEY, "another-" * 8

        without = first_break(chain)
        settings.SECRET_KEY_FALLBACKS = [old]

        assert without is not None
        assert first_break(chain) is None

    def test_query_count_does_not_depend_on_the_events(self, chain: AuditChain, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):  # its head, its events, whether there are any beyond it
            first_break(chain)

    def test_events_appended_during_verification_are_no_break(
        self, chain: AuditChain, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        walk = verify._walk

        def walk_late(chain: AuditChain) -> Any:
            record(Actor(), AuditAction.KEY_RENAMED, workspace=workspace)
            return walk(chain)

        monkeypatch.setattr(verify, "_walk", walk_late)

        assert first_break(chain) is None
        assert chain.last_seq == 5

    def test_shortening_during_verification_is_no_break(
        self, chain: AuditChain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        walk = verify._walk

        def walk_late(chain: AuditChain) -> Any:
            monkeypatch.setattr(verify, "_walk", walk)
            close(AuditChain.objects.get(pk=chain.pk), before=timezone.now())
            return walk(chain)

        monkeypatch.setattr(verify, "_walk", walk_late)

        assert first_break(chain) is None
        assert chain.closed_seq == 5


@pytest.mark.usefixtures("no_guard")
class TestCommand:
    def test_command_names_each_chain_and_its_head(self, chain: AuditChain, capsys: pytest.CaptureFixture[str]) -> None:
        record(Actor(), AuditAction.SIGN_IN_FAILED)

        call_command("verify_audit")

        out = capsys.readouterr().out
        assert f"whole  {chain}: events 1 to 5, {rows().filter(chain=chain).last().hash}" in out
        assert "whole  instance: events 1 to 1" in out

    def test_command_names_the_broken_link_and_fails(
        self, chain: AuditChain, capsys: pytest.CaptureFixture[str]
    ) -> None:
        alter(actor="nobody")()

        with pytest.raises(CommandError, match="1 of 1 chains do not hold"):
            call_command("verify_audit", workspace="acme")

        assert f"BROKEN {chain}: event 3 was altered" in capsys.readouterr().err

    def test_command_fails_for_an_unknown_workspace(self, chain: AuditChain) -> None:
        with pytest.raises(CommandError, match="There is no workspace nowhere"):
            call_command("verify_audit", workspace="nowhere")


class TestRetention:
    @pytest.fixture
    def old(self, chain: AuditChain, workspace: Workspace, maria: User) -> AuditChain:
        """Acme keeps 90 days; of its events the first three are older. Made so by time, not by hand."""
        other = Workspace.objects.create_with_owner("Old", maria)
        for days in (200, 150, 100, 50, 0):
            with time_machine.travel(timezone.now() - timedelta(days=days)):
                action = AuditAction.KEY_RENAMED if days < 200 else AuditAction.WORKSPACE_CREATED
                record(Actor(maria), action, workspace=other, after={"days": days})
        Workspace.objects.filter(pk=other.pk).update(keep_audit_days=90)
        return AuditChain.objects.get(workspace=other)

    def test_older_events_become_a_checkpoint_and_the_rest_verifies(self, old: AuditChain) -> None:
        removed = close_old_parts()

        old.refresh_from_db()
        assert removed == 3
        assert list(old.events.order_by("seq").values_list("seq", "action")) == [
            (4, "key_renamed"),
            (5, "key_renamed"),
            (6, "audit_log_trimmed"),
        ]
        assert old.events.get(seq=6).after == {"through": 3, "events": 3}
        assert first_break(old) is None

    def test_instances_log_is_kept_unless_limited_by_the_operator(self, old: AuditChain, settings: Any) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=40)):
            record(Actor(), AuditAction.SIGN_IN_FAILED)
        record(Actor(), AuditAction.SIGN_IN_FAILED)
        own = AuditChain.objects.get(name="instance")

        by_itself = [close_old_parts(), own.events.count()]
        settings.KEEP_INSTANCE_AUDIT_DAYS = 30
        before = [close_old_parts(), list(own.events.order_by("seq").values_list("seq", "action", "target"))]

        assert by_itself == [3, 2]
        assert before == [1, [(2, "sign_in_failed", ""), (3, "audit_log_trimmed", "")]]
        call_command("verify_audit")

    def test_deleted_workspaces_log_follows_the_instances_retention(self, old: AuditChain, settings: Any) -> None:
        settings.KEEP_INSTANCE_AUDIT_DAYS = 30
        assert old.workspace
        old.workspace.delete()

        removed = close_old_parts()

        assert removed == 4
        assert list(old.events.values_list("seq", flat=True)) == [5]
        event = AuditEvent.objects.get(action=AuditAction.AUDIT_LOG_TRIMMED)
        assert (event.chain.name, event.target, event.after) == ("instance", old.name, {"through": 4, "events": 4})
        call_command("verify_audit")

    def test_chain_is_shortened_at_most_once_a_day(self, workspace: Workspace) -> None:
        Workspace.objects.filter(pk=workspace.pk).update(keep_audit_days=90)
        removed = []
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for action in (
                AuditAction.WORKSPACE_CREATED,
                AuditAction.KEY_RENAMED,
                AuditAction.KEY_RENAMED,
            ):  # of one morning
                record(Actor(), action, workspace=workspace)
                clock.shift(timedelta(hours=2))
            clock.shift(timedelta(days=90, hours=-5))
            for hours in (0, 2, 2, 22):
                clock.shift(timedelta(hours=hours))
                removed.append(close_old_parts())

        assert removed == [1, 0, 0, 2]

    def test_second_run_does_nothing_and_other_logs_are_kept(self, old: AuditChain) -> None:
        close_old_parts()

        assert close_old_parts() == 0
        assert AuditEvent.objects.filter(chain__workspace__slug="acme").count() == 5

    @pytest.mark.parametrize(
        "forged", [{"closed_hash": "0" * 64}, {"closed_seq": 4}, {"closed_seal": "0" * 64}, {"closed_at": None}]
    )
    def test_forged_checkpoint_is_found(self, forged: dict[str, Any], old: AuditChain) -> None:
        close_old_parts()
        AuditChain.objects.filter(pk=old.pk).update(**forged)
        old.refresh_from_db()

        broken = first_break(old)

        assert broken is not None
        assert "checkpoint" in broken.reason

    @pytest.mark.usefixtures("no_guard")
    def test_removing_more_than_the_checkpoint_is_found(self, old: AuditChain) -> None:
        close_old_parts()
        rows().filter(chain=old, seq=4).delete()
        old.refresh_from_db()

        broken = first_break(old)

        assert broken is not None
        assert (broken.seq, broken.reason) == (4, "is missing")

    @pytest.mark.usefixtures("no_guard")
    def test_broken_chain_is_not_shortened(self, old: AuditChain) -> None:
        """What is there is evidence."""
        rows().filter(chain=old, seq=2).update(actor="nobody")

        assert close_old_parts() == 0
        assert rows().filter(chain=old).count() == 5

    def test_whole_chain_can_be_shortened_to_a_checkpoint(self, old: AuditChain) -> None:
        assert close(old, before=timezone.now() + timedelta(days=1)) == 5

        old.refresh_from_db()
        assert first_break(old) is None
        assert old.events.get().action == AuditAction.AUDIT_LOG_TRIMMED


class TestTogether:
    WRITERS, EACH = 4, 10

    @pytest.mark.django_db(transaction=True)
    def test_concurrent_writers_never_fork_a_chain(self, workspace: Workspace, maria: User) -> None:
        """The chain does not exist yet when they start."""

        def write() -> None:
            for number in range(self.EACH):
                with transaction.atomic():
                    Workspace.objects.filter(pk=workspace.pk).update(name=f"Acme {number}")
                    record(Actor(maria), AuditAction.SETTINGS_CHANGED, workspace=workspace, after={"n": number})

        simultaneously(*[write] * self.WRITERS)

        chain = AuditChain.objects.get()
        assert chain.last_seq == AuditEvent.objects.count() == self.WRITERS * self.EACH
        assert first_break(chain) is None


def test_exported_line_verifies_itself(chain: AuditChain, as_maria: Client) -> None:
    response = as_maria.get(reverse("audit_log_export", args=["acme", "jsonl"]))

    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    previous = ""
    for line in lines[:5]:
        body = line.removeprefix('{"event":').rpartition(',"hash"')[0]
        read = json.loads(line)
        assert hashlib.sha256(body.encode()).hexdigest() == read["hash"]
        assert read["event"]["previous"] == previous
        previous = read["hash"]
    assert [json.loads(line)["event"]["action"] for line in lines[5:]] == ["audit_log_exported"]
