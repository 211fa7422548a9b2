"""The numbers of links and videos: what is counted, added up, shown, filed, and forgotten."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.sharing import numbers, retention, visit_days, visit_notices, visits
from tavusweb.sharing.models import FirstVisit, ShareLink, Visit, VisitDay
from tavusweb.sharing.visit_numbers import ALL_SEGMENTS, Numbers, step
from tavusweb.videos.models.status import Status

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
Seen = Callable[..., Visit]


@pytest.fixture
def link(make_video: Any, maria: User) -> ShareLink:
    video = make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1")
    return ShareLink.objects.create(video=video, created_by=maria, name="Board")


@pytest.fixture
def seen(link: ShareLink) -> Seen:
    """`seen(days=2, **columns)`: a visit so many days ago."""
    made = iter(range(1_000_000))

    def make(days: float = 0, **columns: Any) -> Visit:
        at = timezone.now() - timedelta(days=days)
        row = {"link": link, "number": f"{next(made):032x}", "viewer": "v", "at": at} | columns
        return Visit.objects.create(**row)

    return make


def tell(link: ShareLink, event: str, client: Client | None = None, **sent: str) -> None:
    headers = {"User-Agent": CHROME} | {name: sent.pop(name) for name in ("DNT", "Sec-GPC") if name in sent}
    url = reverse("share_visit", args=[link.token])
    (client or Client()).post(url, {"visit": "a" * 32, "event": event} | sent, headers=headers)


class TestBeacon:
    def test_playback_accumulates_over_beacons(self, link: ShareLink) -> None:
        tell(link, "opened", player="own", watched="3", seconds="0")
        tell(link, "25", player="own", watched="4", seconds="12")
        tell(link, "left", player="own", watched="1", seconds="9")

        visit = Visit.objects.get()
        assert (visit.is_measured, visit.watched, visit.furthest, visit.seconds) == (True, 7, 25, 12)
        assert visit.video == link.video

    def test_one_visit_counts_for_an_hour_at_most(self, link: ShareLink) -> None:
        tell(link, "left", seconds="86400")

        assert Visit.objects.get().seconds == 3600

    @pytest.mark.parametrize(
        "sent", [{"seconds": "-1"}, {"seconds": "1e9"}, {"watched": "zz"}, {"watched": "f" * 14}, {"seconds": "9" * 99}]
    )
    def test_invalid_field_is_ignored(self, sent: dict[str, str], link: ShareLink) -> None:
        tell(link, "opened", **sent)

        visit = Visit.objects.get()
        assert (visit.watched, visit.seconds) == (0, None)

    def test_bits_beyond_the_last_segment_are_dropped(self, link: ShareLink) -> None:
        tell(link, "opened", player="own", watched="f" * 13)

        assert Visit.objects.get().watched == ALL_SEGMENTS

    @pytest.mark.parametrize("signal", ["DNT", "Sec-GPC"])
    def test_do_not_track_visits_are_not_counted(self, signal: str, link: ShareLink) -> None:
        tell(link, "opened", **{signal: "1"})

        assert not Visit.objects.exists()

    @pytest.mark.parametrize(("rules", "counts"), [({}, True), ({"view_limit": 3}, False)], ids=["open", "limited"])
    def test_an_embedded_page_counts_once_it_shows_the_video(
        self, rules: dict[str, Any], counts: bool, link: ShareLink
    ) -> None:
        ShareLink.objects.update(embed_sites="https://blog.example", **rules)

        page = Client().get(reverse("share_embed", args=[link.token])).text

        assert (reverse("share_visit", args=[link.token]) in page) is counts

    def test_a_visit_ends_after_a_day(self, link: ShareLink) -> None:
        tell(link, "opened")
        with time_machine.travel(timezone.now() + timedelta(hours=23)):
            tell(link, "played")
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            tell(link, "clicked")

        visit = Visit.objects.get()
        assert (bool(visit.played_at), bool(visit.clicked_at)) == (True, False)


class TestFirstVisit:
    def first(self) -> list[tuple[str, str]]:
        return list(Notice.objects.values_list("kind", "recipient__email"))

    def test_owner_is_notified_once(self, link: ShareLink) -> None:
        for visit in "abc":
            tell(link, "opened", visit=visit * 32)

        assert self.first() == [(Kind.FIRST_WATCHED, "maria@example.com")]
        assert FirstVisit.objects.get().link == link

    def test_members_and_bots_are_not_a_first_visit(self, link: ShareLink, as_maria: Client) -> None:
        tell(link, "opened", as_maria)
        Client().post(reverse("share_visit", args=[link.token]), {"visit": "b" * 32, "event": "opened"})

        assert Visit.objects.count() == 2
        assert not self.first()

    def test_yesterdays_visits_are_notified_once_per_link(self, link: ShareLink, seen: Seen) -> None:
        other = ShareLink.objects.create(video=link.video, created_by=link.created_by)
        seen(1)
        seen(1, played_at=timezone.now())
        seen(1, link=other, is_machine=True)
        seen(2, link=other)

        visit_notices.tell_of_yesterday()
        visit_notices.tell_of_yesterday()

        notice = Notice.objects.get(kind=Kind.VISITS)
        assert (notice.data["views"], notice.data["plays"], notice.about) == (2, 1, f"link:{link.pk}")

    def test_failed_notice_loses_no_visit(self, link: ShareLink, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*arguments: Any, **named: Any) -> None:
            raise OSError

        monkeypatch.setattr(visit_notices, "tell", fail)
        tell(link, "opened")
        monkeypatch.undo()
        assert Visit.objects.count() == 1

        tell(link, "played")

        assert self.first() == [(Kind.FIRST_WATCHED, "maria@example.com")]


class TestAddingUp:
    def everything(self, seen: Seen) -> None:
        for days in (0, 1, 2, 5):
            seen(days, is_measured=True, furthest=50, watched=0b11, seconds=10, played_at=timezone.now())
            seen(days, seconds=400, clicked_at=timezone.now(), downloaded_at=timezone.now())
            seen(days, viewer="w")
            seen(days, is_member=True, seconds=3600)
            seen(days, is_machine=True)

    def test_aggregation_does_not_change_a_report(self, link: ShareLink, seen: Seen) -> None:
        self.everything(seen)
        first = retention.first_day(link.video.workspace)
        before = [numbers.of_link(link, first), numbers.of_video(link.video, first)]

        assert visit_days.roll_up() == 2

        after = [numbers.of_link(link, first), numbers.of_video(link.video, first)]
        assert [report.days for report in before] == [report.days for report in after]
        assert [report.total for report in before] == [report.total for report in after]
        total = after[0].total
        assert (total.views, total.visitors, total.members, total.machines) == (12, 8, 4, 4)
        assert (total.measured, total.plays, total.quarter, total.half, total.three_quarters) == (4, 4, 4, 4, 0)
        assert (total.clicks, total.downloads, total.median_seconds) == (4, 4, 10)
        assert total.curve[:3] == [4, 4, 0]

    def test_aggregation_does_not_change_the_list(self, link: ShareLink, seen: Seen) -> None:
        self.everything(seen)
        visits.put_counts([link])
        before = link.views, link.plays  # type: ignore[attr-defined]

        visit_days.roll_up()

        visits.put_counts([link])
        assert (link.views, link.plays) == before == (12, 4)  # type: ignore[attr-defined]

    def test_aggregating_twice_changes_nothing(self, link: ShareLink, seen: Seen) -> None:
        self.everything(seen)

        assert [visit_days.roll_up(), visit_days.roll_up()] == [2, 0]

        assert VisitDay.objects.count() == 4  # of the link and of the video

    def test_visitor_of_two_links_is_counted_once_per_video(self, link: ShareLink, seen: Seen) -> None:
        other = ShareLink.objects.create(video=link.video)
        seen(3)
        seen(3, link=other)

        visit_days.roll_up()

        report = numbers.of_video(link.video, visit_days.today() - timedelta(days=7))
        assert (report.total.views, report.total.visitors) == (2, 1)

    def test_one_long_visit_does_not_move_the_median(self) -> None:
        visits_of = Numbers()
        visits_of.add_durations([(seconds, 1) for seconds in (10, 11, 12, 13, 900_000)])

        assert visits_of.median_seconds == 12
        assert max(visits_of.durations) == 3600

    @pytest.mark.parametrize(("seconds", "kept"), [(0, 0), (59, 59), (64, 60), (599, 595), (659, 600), (99_999, 3600)])
    def test_durations_are_stored_in_buckets(self, seconds: int, kept: int) -> None:
        assert step(seconds) == kept

    def test_no_visits_give_no_median(self) -> None:
        assert Numbers().median_seconds is None
        assert Numbers().share(0) is None


class TestRetention:
    def test_workspace_can_shorten_visit_retention(self, link: ShareLink, seen: Seen, settings: Any) -> None:
        settings.KEEP_VISITS_DAYS = 400
        for days in (10, 40, 401):
            seen(days)
        visit_days.roll_up()
        link.video.workspace.keep_visits_days = 30
        link.video.workspace.save()

        retention.forget_old()

        assert Visit.objects.count() == 1
        assert VisitDay.objects.filter(link=link).count() == 1

    def test_other_workspaces_keep_their_visits(self, link: ShareLink, seen: Seen, settings: Any) -> None:
        settings.KEEP_VISITS_DAYS = 0
        seen(40)

        retention.forget_old()

        assert Visit.objects.count() == 1

    @pytest.mark.parametrize(("days", "status"), [("0", 422), ("401", 422), ("400", 302), ("1", 302), ("", 302)])
    def test_retention_cannot_exceed_the_servers(self, days: str, status: int, as_maria: Client, settings: Any) -> None:
        settings.KEEP_VISITS_DAYS = 400

        page = as_maria.post(reverse("visit_settings", args=["acme"]), {"keep_visits_days": days})

        assert page.status_code == status


class TestPage:
    def test_link_statistics_are_shown_with_explanations(self, link: ShareLink, seen: Seen, as_maria: Client) -> None:
        seen(seconds=80)
        seen(is_measured=True, watched=ALL_SEGMENTS, furthest=100, played_at=timezone.now(), seconds=200)

        page = as_maria.get(reverse("link_numbers", args=["acme", link.pk])).text

        assert "Numbers of “Board”" in page
        assert "1 min 20 s" in page
        assert "In 1 visit Tavus’s own player was shown" in page
        assert "Skipped parts don’t count." in page
        assert page.count('<svg role="img"') == 2
        assert "every 10s" in page

    def test_hosted_player_visits_are_not_measurable(self, link: ShareLink, seen: Seen, as_maria: Client) -> None:
        seen()

        page = as_maria.get(reverse("link_numbers", args=["acme", link.pk])).text

        assert "Not measurable" in page
        assert "100% played" not in page

    def test_video_page_links_to_its_statistics(self, link: ShareLink, as_maria: Client) -> None:
        page = as_maria.get(reverse("video", args=["acme", link.video_id])).text

        assert reverse("video_numbers", args=["acme", link.video_id]) in page

    def test_video_statistics_list_its_links(self, link: ShareLink, seen: Seen, as_maria: Client) -> None:
        seen()

        page = as_maria.get(reverse("video_numbers", args=["acme", link.video_id]))

        assert reverse("link_numbers", args=["acme", link.pk]) in page.text

    @pytest.mark.parametrize("name", ["link_numbers", "video_numbers"])
    def test_refresh_returns_only_the_fragment(self, name: str, link: ShareLink, as_maria: Client) -> None:
        args = ["acme", link.pk if name == "link_numbers" else link.video_id]

        answer = as_maria.get(reverse(name, args=args), {"days": "all"}, headers={"HX-Request": "true"})

        assert answer.text.strip().startswith('<div id="numbers"')

    @pytest.mark.thorough
    def test_query_count_is_independent_of_visits_and_days(self, link: ShareLink, seen: Seen, as_maria: Client) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                as_maria.get(reverse("link_numbers", args=["acme", link.pk]), {"days": "all"})
            return len(queries)

        seen(3)
        visit_days.roll_up()
        few = cost()
        for days in range(4, 60):
            seen(days)
        VisitDay.objects.all().delete()
        visit_days.roll_up()

        assert cost() == few

    def test_other_workspaces_links_are_404(self, link: ShareLink, client: Client, zoe: User) -> None:
        client.force_login(zoe)

        assert client.get(reverse("link_numbers", args=["rival", link.pk])).status_code == 404
        assert client.get(reverse("video_numbers", args=["rival", link.video_id])).status_code == 404


class TestFile:
    def rows(self, client: Client, link: ShareLink) -> list[dict[str, str]]:
        answer = client.get(reverse("video_numbers_file", args=["acme", link.video_id]), {"separator": "comma"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return list(csv.DictReader(io.StringIO(text)))

    def test_csv_has_one_row_per_day_and_link(self, link: ShareLink, seen: Seen, as_maria: Client) -> None:
        other = ShareLink.objects.create(video=link.video)
        for days in (0, 4):
            seen(days)
            seen(days, link=other, is_measured=True, furthest=25, watched=1)
        visit_days.roll_up()

        rows = self.rows(as_maria, link)

        old, today = (f"{timezone.now() - timedelta(days=days):%Y-%m-%d}" for days in (4, 0))
        assert [(row["day"], row["link"]) for row in rows] == [
            *((old, str(each.pk)) for each in (link, other)),
            *((today, str(each.pk)) for each in (link, other)),
        ]
        assert [row["played_25"] for row in rows] == ["", "1", "", "1"], "nobody knows what Tavus’s player played"

    def test_csv_names_are_not_formulas(self, link: ShareLink, seen: Seen, as_maria: Client) -> None:
        ShareLink.objects.update(name='=HYPERLINK("https://evil.example")')
        seen()

        assert self.rows(as_maria, link)[0]["link_name"].startswith("'=")
