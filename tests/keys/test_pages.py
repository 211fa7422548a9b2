import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.health_states import ADVICE, Health
from tavusweb.keys.models import REFRESH_EVERY, REFRESH_LEASE, APIKey, Replica
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace
from tests.conftest import SECRET
from tests.fake_tavus import FakeTavus

READ = ["keys", "replicas", "replica_grid", "replica_picker"]
MANAGED = ["key_add", "key", "key_delete"]
WRITTEN = ["key_rename", "key_replace", "key_check", "key_unfreeze", "key_freeze"]
OF_ONE_KEY = {"key", "key_delete", *WRITTEN}


def url(name: str, key: APIKey) -> str:
    return reverse(name, args=[key.workspace.slug, *([key.pk] if name in OF_ONE_KEY else [])])


@pytest.fixture
def make_replicas(key: APIKey) -> Any:
    def make(*names: str, **fields: Any) -> None:
        for name in names:
            row = {"replica_id": f"r-{name.lower()}", "kind": "system", "seen_at": timezone.now()} | fields
            Replica.objects.create(api_key=key, name=name, **row)

    return make


class TestDoors:
    @pytest.mark.parametrize("name", [*WRITTEN, "key_delete", "key_add", "replicas_refresh"])
    def test_stranger_changes_nothing(self, name: str, client: Client, key: APIKey, zoe: User) -> None:
        client.force_login(zoe)
        before = APIKey.objects.values().get()

        response = client.post(url(name, key), {"name": "Mine", "secret": "another-key-123"})

        assert response.status_code == 404
        assert APIKey.objects.values().get() == before


class TestSecret:
    @pytest.mark.parametrize("name", [*READ, *MANAGED])
    def test_no_page_shows_the_secret(self, name: str, as_maria: Client, key: APIKey) -> None:
        page = as_maria.get(url(name, key)).content.decode()

        assert SECRET not in page
        assert key.sealed not in page

    def test_form_with_errors_does_not_return_the_secret(self, as_maria: Client, key: APIKey, tavus_url: str) -> None:
        refused = "a-key-that-tavus-does-not-know"

        added = as_maria.post(url("key_add", key), {"name": "Second", "secret": refused})
        replaced = as_maria.post(url("key_replace", key), {"secret": refused})

        for response in (added, replaced):
            assert response.status_code == 422
            assert b"recognise this API key" in response.content
            assert refused.encode() not in response.content
        assert b'value="Second"' in added.content


class TestList:
    def test_list_shows_tail_health_and_replicas(self, as_maria: Client, key: APIKey, make_replicas: Any) -> None:
        make_replicas("Anna", "Ben")

        page = as_maria.get(url("keys", key)).content.decode()

        assert "…7890" in page
        assert 'data-health="works">Works<' in page
        assert "2 replicas of Main" in page
        assert "by Maria" in page

    def test_trouble_is_shown_with_advice(self, as_maria: Client, key: APIKey) -> None:
        key.record_trouble(Health.OUT_OF_CREDITS, "No credits")

        response = as_maria.get(url("keys", key))

        assert response.context["keys"][0].has_trouble
        assert str(ADVICE[Health.OUT_OF_CREDITS]) in response.content.decode()

    def test_list_marks_sandbox_and_frozen_keys(self, as_maria: Client, key: APIKey) -> None:
        APIKey.objects.filter(pk=key.pk).update(is_sandbox=True, frozen_at=timezone.now())

        page = as_maria.get(url("keys", key)).content.decode()

        assert "Sandbox</span>" in page
        assert "Frozen</span>" in page

    def test_only_key_managers_see_the_actions(self, client: Client, key: APIKey, maria: User, erik: User) -> None:
        offers = {}
        for user in (maria, erik):
            client.force_login(user)
            page = client.get(url("keys", key)).content.decode()
            offers[user.name] = (url("key_add", key) in page, url("key", key) in page)

        assert offers == {"Maria": (True, True), "Erik": (False, False)}

    def test_empty_list_offers_to_add_a_key(self, as_maria: Client, workspace: Workspace) -> None:
        page = as_maria.get(reverse("keys", args=["acme"])).content.decode()

        assert "No API keys yet" in page
        assert page.count("Add API key</a>") == 1

    def test_query_count_does_not_depend_on_the_keys(
        self, as_maria: Client, key: APIKey, django_assert_num_queries: Any
    ) -> None:
        for number in range(10):
            APIKey.make(key.workspace, name=f"K{number}", secret=SECRET, is_sandbox=False, by=key.created_by).save()

        with django_assert_num_queries(5):  # session, user, membership, keys, the sidebar
            as_maria.get(url("keys", key))


class TestAdding:
    def test_pasted_key_is_trimmed_checked_and_saved(
        self, as_maria: Client, workspace: Workspace, tavus: FakeTavus, tavus_url: str
    ) -> None:
        form = {"name": "Sales", "secret": f"  {SECRET}\n"}

        response = as_maria.post(reverse("key_add", args=["acme"]), form, follow=True)

        assert b"Sales: Key works." in response.content
        assert APIKey.objects.get().health == Health.WORKS
        assert tavus.requests[0].headers["x-api-key"] == SECRET

    def test_unreachable_tavus_keeps_the_key_unchecked(self, as_maria: Client, workspace: Workspace) -> None:
        form = {"name": "Sales", "secret": SECRET}

        response = as_maria.post(reverse("key_add", args=["acme"]), form, follow=True)

        assert b"reach Tavus" in response.content
        assert APIKey.objects.get().health == Health.UNCHECKED

    @pytest.mark.parametrize(
        ("form", "message"),
        [
            ({"name": "", "secret": SECRET}, "This field is required."),
            ({"name": "Sales", "secret": ""}, "Paste the API key from your Tavus account."),
            ({"name": "Sales", "secret": "schlüssel"}, "only letters, digits and symbols"),
            ({"name": "Main", "secret": SECRET}, "Another API key in this workspace has this name."),
        ],
    )
    def test_invalid_field_shows_its_error(
        self, form: dict[str, str], message: str, as_maria: Client, key: APIKey
    ) -> None:
        response = as_maria.post(url("key_add", key), form)

        assert response.status_code == 422
        assert message in response.content.decode()
        assert APIKey.objects.count() == 1


class TestOneKey:
    def test_page_shows_the_message_and_advice(self, as_maria: Client, key: APIKey) -> None:
        key.record_trouble(Health.NOT_ALLOWED, "IP <203.0.113.7> is not on the list")

        page = as_maria.get(url("key", key)).content.decode()

        assert "IP &lt;203.0.113.7&gt; is not on the list" in page
        assert "add the public IP address of this server" in page

    def test_key_can_be_renamed(self, as_maria: Client, key: APIKey) -> None:
        response = as_maria.post(url("key_rename", key), {"name": "Marketing"}, follow=True)

        assert b"<h1>Marketing</h1>" in response.content

    def test_refused_name_stays_in_the_field(self, as_maria: Client, key: APIKey) -> None:
        response = as_maria.post(url("key_rename", key), {"name": "x" * 81})

        assert response.status_code == 422
        assert b"<h1>Main</h1>" in response.content
        assert b"x" * 81 in response.content

    def test_key_can_be_frozen_and_unfrozen(self, as_maria: Client, key: APIKey) -> None:
        frozen = as_maria.post(url("key_freeze", key), follow=True).content
        unfrozen = as_maria.post(url("key_unfreeze", key), follow=True).content

        assert url("key_unfreeze", key).encode() in frozen
        assert url("key_freeze", key).encode() not in frozen
        assert url("key_freeze", key).encode() in unfrozen

    def test_deleting_asks_for_confirmation(self, as_maria: Client, key: APIKey) -> None:
        asked = as_maria.get(url("key_delete", key))

        assert b"Delete Main?" in asked.content
        assert APIKey.objects.current().exists()

    def test_deleting_erases_the_secret(self, as_maria: Client, key: APIKey) -> None:
        response = as_maria.post(url("key_delete", key), follow=True)

        assert b"Main deleted" in response.content
        assert APIKey.objects.get().sealed == ""
        assert as_maria.get(url("key", key)).status_code == 404

    def test_key_in_use_is_not_deleted_and_the_page_says_why(
        self, as_maria: Client, key: APIKey, make_video: Any
    ) -> None:
        make_video(Status.QUEUED)

        response = as_maria.post(url("key_delete", key), follow=True)

        assert b"1 video still needs this key." in response.content
        assert APIKey.objects.current().exists()

    def test_unknown_key_is_not_found(self, as_maria: Client, key: APIKey) -> None:
        assert as_maria.get(reverse("key", args=["acme", uuid.uuid4()])).status_code == 404


class TestReplicas:
    def test_search_and_type_filter_the_list(self, as_maria: Client, key: APIKey, make_replicas: Any) -> None:
        make_replicas("Anna Office", "Ben Office")
        make_replicas("Anna Mine", kind="user")

        def names(**query: str) -> list[str]:
            return [str(each) for each in as_maria.get(url("replicas", key), query).context["replicas"]]

        assert names() == ["Anna Mine", "Anna Office", "Ben Office"]
        assert names(q="anna") == ["Anna Mine", "Anna Office"]
        assert names(q="office anna", kind="system") == ["Anna Office"]
        assert names(q="R-BEN") == ["Ben Office"]

    def test_paging_keeps_the_search(self, as_maria: Client, key: APIKey, make_replicas: Any) -> None:
        make_replicas(*[f"Anna {number}" for number in range(30)])

        first = as_maria.get(url("replicas", key), {"q": "anna"})

        assert len(first.context["replicas"]) == 24
        assert 'href="?q=anna&amp;page=2"' in first.content.decode()

    def test_key_can_be_chosen_among_several(self, as_maria: Client, key: APIKey) -> None:
        alone = as_maria.get(url("replicas", key)).content
        other = APIKey.make(key.workspace, name="Other", secret=SECRET, is_sandbox=True, by=None)
        other.save()

        response = as_maria.get(url("replicas", key), {"key": other.pk})

        assert b'aria-label="API key"' not in alone
        assert b'aria-label="API key"' in response.content
        assert response.context["key"] == other

    def test_refresh_keeps_the_chosen_key(self, as_maria: Client, key: APIKey) -> None:
        response = as_maria.post(url("replicas_refresh", key), {"key": key.pk})

        assert response["Location"] == f"{url('replicas', key)}?key={key.pk}"
        assert APIKey.objects.filter(replicas_refresh_at__lte=timezone.now()).exists()

    def test_grid_polls_only_while_replicas_are_read(self, as_maria: Client, key: APIKey) -> None:
        now = timezone.now()
        moments = {
            "read": {"replicas_read_at": now, "replicas_refresh_at": now + REFRESH_EVERY},
            "read, and due in a minute": {
                "replicas_read_at": now - REFRESH_EVERY + timedelta(minutes=1),
                "replicas_refresh_at": now + timedelta(minutes=1),
            },
            "asked for": {"replicas_refresh_at": now - timedelta(seconds=1)},
            "claimed": {"replicas_read_at": now - timedelta(minutes=9), "replicas_refresh_at": now + REFRESH_LEASE},
            "new": {"replicas_read_at": None, "replicas_refresh_at": now + REFRESH_LEASE},
            "new, in trouble": {
                "replicas_read_at": None,
                "replicas_refresh_at": now + REFRESH_LEASE,
                "health": "not_allowed",
            },
            "frozen": {"replicas_refresh_at": now - timedelta(seconds=1), "frozen_at": now},
        }
        polls = {}
        for moment, row in moments.items():
            APIKey.objects.filter(pk=key.pk).update(**{"health": "works", "frozen_at": None} | row)
            page = as_maria.get(url("replicas", key)).content
            polls[moment] = b'hx-trigger="every 2s"' in page
            assert as_maria.get(url("replica_grid", key)).status_code == (204 if polls[moment] else 200)

        assert [moment for moment, is_polling in polls.items() if is_polling] == ["asked for", "claimed", "new"]

    def test_page_includes_the_fragment(self, as_maria: Client, key: APIKey, make_replicas: Any) -> None:
        make_replicas("Anna")

        fragment = as_maria.get(url("replica_grid", key)).content

        assert fragment.startswith(b'<div id="replica_grid"')
        assert fragment.strip() in as_maria.get(url("replicas", key)).content

    def test_page_without_a_key_explains_replicas(self, client: Client, erik: User) -> None:
        client.force_login(erik)

        page = client.get(reverse("replicas", args=["acme"])).content.decode()

        assert "No replicas yet" in page
        assert "Add API key" not in page
