"""Viewers choose among takes: one vote each, which they can change; and what the owner is shown of it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews.models import Vote
from tavusweb.sharing import actions
from tavusweb.sharing.models import ShareLink
from tavusweb.sharing.takes.offers import offers_of
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import DeleteMode, Status
from tests.accounts.conftest import fresh_limits  # noqa: F401

ASKS = "Which take do you prefer?"


@pytest.fixture
def first(make_video: Any) -> Video:
    return make_video(Status.READY, title="Calm", hosted_url="https://tavus.video/calm")


@pytest.fixture
def second(make_video: Any) -> Video:
    return make_video(Status.READY, title="Lively", hosted_url="https://tavus.video/lively")


@pytest.fixture
def link(first: Video, second: Video, maria: User) -> ShareLink:
    link = ShareLink.objects.create(video=first, created_by=maria, name="For the board")
    actions.offer_takes(Actor(maria), link, [first, second])
    link.refresh_from_db()
    return link


def vote(client: Client, link: ShareLink, take: Video | str, name: str = "Ada", **fields: str) -> Any:
    sent = {"take": str(getattr(take, "pk", take)), "name": name} | fields
    return client.post(reverse("share_vote", args=[link.token]), sent)


def page(link: ShareLink, client: Client | None = None) -> str:
    return (client or Client()).get(link.get_absolute_url()).text


def counts(link: ShareLink) -> dict[str, tuple[int, int]]:
    offers = offers_of(ShareLink.objects.get(pk=link.pk), [])
    return {each.video.title: (len(each.tally.viewers), len(each.tally.members)) for each in offers if each.number}


class TestVoting:
    def test_page_shows_every_take_and_counts_one_vote(self, link: ShareLink, first: Video, second: Video) -> None:
        shown = page(link)
        assert ASKS in shown
        assert shown.count("https://tavus.video/calm") == 1, "the page's own player shows it already"
        assert "https://tavus.video/lively" in shown

        answer = vote(Client(), link, second)

        assert answer["Location"] == f"{link.get_absolute_url()}#choice"
        assert counts(link) == {"Calm": (0, 0), "Lively": (1, 0)}

    def test_second_vote_replaces_the_first(self, link: ShareLink, first: Video, second: Video) -> None:
        guest = Client()
        vote(guest, link, second)
        assert "You chose take 2, “Lively”." in page(link, guest)

        vote(guest, link, first, name="ADA")

        assert counts(link) == {"Calm": (1, 0), "Lively": (0, 0)}
        assert "You chose take 1, “Calm”." in page(link, guest)
        assert "You chose" not in page(link), "nobody else is told"

    def test_member_votes_are_counted_separately(
        self, as_maria: Client, link: ShareLink, first: Video, second: Video
    ) -> None:
        vote(as_maria, link, first, name="")
        vote(Client(), link, first)
        vote(Client(), link, second, name="Bob")

        assert counts(link) == {"Calm": (1, 1), "Lively": (1, 0)}
        shown = as_maria.get(reverse("share_link_takes", args=["acme", link.pk])).text
        assert f'data-offer="{first.pk}" data-votes="1"' in shown
        assert "Bob" in shown

    def test_vote_for_a_changed_take_is_reported_and_not_counted(
        self, as_maria: Client, link: ShareLink, second: Video
    ) -> None:
        vote(Client(), link, second)

        Video.objects.filter(pk=second.pk).update(script="Other words")

        assert counts(link)["Lively"] == (0, 0)
        shown = as_maria.get(reverse("share_link_takes", args=["acme", link.pk])).text
        assert "1 older vote for a changed take isn’t counted." in shown

    def test_confirmed_address_has_one_vote_across_browsers(self, link: ShareLink, first: Video, second: Video) -> None:
        ShareLink.objects.update(email_rule="any")
        for take in (first, second):
            guest = Client()
            guest.post(link.get_absolute_url(), {"email": "Ada@example.com"})
            vote(guest, link, take, name="Ada")

        assert counts(link) == {"Calm": (0, 0), "Lively": (1, 0)}
        assert "You chose take 2" in page(link, guest)

    @pytest.mark.parametrize(
        ("take", "name", "error"),
        [("", "Ada", "Choose a take."), ("nonsense", "Ada", "Select a valid choice"), ("second", "", "required")],
    )
    def test_incomplete_vote_is_a_field_error(
        self, take: str, name: str, error: str, link: ShareLink, second: Video
    ) -> None:
        answer = vote(Client(), link, second if take == "second" else take, name=name)

        assert answer.status_code == 422
        assert error in answer.text
        assert not Vote.objects.exists()

    def test_bots_and_floods_are_not_counted(self, link: ShareLink, first: Video) -> None:
        assert vote(Client(), link, first, website="https://spam.example").status_code == 302
        assert not Vote.objects.exists()

        codes = [vote(Client(), link, first, name=f"Ada {number}").status_code for number in range(21)]

        assert codes == [302] * 20 + [429]

    def test_cross_site_vote_is_rejected(self, link: ShareLink, first: Video, as_maria: Client) -> None:
        answer = as_maria.post(
            reverse("share_vote", args=[link.token]), {"take": first.pk}, headers={"Sec-Fetch-Site": "cross-site"}
        )

        assert answer.status_code == 403
        assert not Vote.objects.exists()

    @pytest.mark.parametrize("rule", [{"password_hash": "x"}, {"view_limit": 2}, {"offers_choice": False}])
    def test_no_vote_is_offered_before_the_gate(self, rule: dict[str, Any], link: ShareLink, first: Video) -> None:
        ShareLink.objects.update(**rule)

        assert vote(Client(), link, first).status_code == 404
        assert ASKS not in page(link)
        assert "https://tavus.video/lively" not in page(link)

    def test_choice_with_comments_takes_at_most_four_queries(self, link: ShareLink, second: Video) -> None:
        ShareLink.objects.update(comments="named")
        guest = Client()
        vote(guest, link, second)

        with CaptureQueriesContext(connection) as queries:
            page(link, guest)

        assert len(queries) <= 4


class TestOffering:
    def test_unwatchable_takes_are_omitted_and_one_take_is_no_choice(
        self, link: ShareLink, first: Video, second: Video, make_video: Any, maria: User
    ) -> None:
        third = make_video(Status.READY, title="Third", hosted_url="https://tavus.video/third")
        actions.offer_takes(Actor(maria), link, [first, second, third])
        Video.objects.filter(pk=second.pk).update(wants_delete=DeleteMode.SOFT)

        shown = page(link)
        assert "https://tavus.video/lively" not in shown
        assert "Take 3" in shown, "a number stays with its take"
        assert vote(Client(), link, second).status_code == 422
        Video.objects.filter(pk=third.pk).update(not_found_count=2)

        assert ASKS not in page(link)

    def test_members_select_the_offered_takes(
        self, as_maria: Client, link: ShareLink, first: Video, second: Video, make_video: Any
    ) -> None:
        offer = reverse("share_take_offer", args=["acme", link.pk])
        vote(Client(), link, second)

        rendering = make_video(Status.GENERATING)
        refused = as_maria.post(offer, {"take": [first.pk, rendering.pk]}, follow=True)
        assert "only choose among takes that are ready" in refused.text
        assert counts(link) == {"Calm": (0, 0), "Lively": (1, 0)}

        as_maria.post(offer, {"take": [first.pk]})
        assert ASKS not in page(link)
        as_maria.post(offer, {"take": [second.pk, first.pk]})
        assert counts(link) == {"Calm": (0, 0), "Lively": (1, 0)}, "votes are kept"

    def test_another_workspaces_take_is_not_offered(
        self, as_maria: Client, link: ShareLink, first: Video, second: Video, zoe: User
    ) -> None:
        theirs = Video.objects.create(workspace=zoe.memberships.get().workspace, status=Status.READY)

        as_maria.post(reverse("share_take_offer", args=["acme", link.pk]), {"take": [first.pk, second.pk, theirs.pk]})

        assert [each.video for each in link.offered_takes.all()] == [first, second]
