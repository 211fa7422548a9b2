"""What the video pages show: the controls by their names, the statuses, and with how many queries."""

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey, Replica
from tavusweb.videos.media_urls import FRAME_MAY
from tavusweb.videos.models import AudioFile, EventKind, Video
from tavusweb.videos.models.status import Status
from tavusweb.videos.wait_reasons import Wait
from tavusweb.workspaces.models import Workspace
from tavusweb.workspaces.permissions import Role

FIELDS = [
    "Title", "Replica", "Script", "Audio file", "Audio URL", "Background", "Background URL", "Watermark image URL",
    "Fast render", "Transparent background", "Start with a wave",
]  # fmt: skip
ACTIONS = {"Retry", "Edit and retry", "Duplicate", "Cancel", "Delete", "Download", "Rename"}


def text(markup: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", "", markup).split()))


def labels(page: str) -> list[str]:
    return [text(label) for label in re.findall(r"<label[^>]*>(.*?)</label>", page, re.DOTALL)]


def controls(page: str) -> list[str]:
    """The names of the buttons, and of the links that look like one, outside of what closes a dialog."""
    page = re.sub(r'<form method="dialog">.*?</form>', "", page, flags=re.DOTALL)
    matches = re.findall(r"<(button|a)\b([^>]*)>(.*?)</\1>", page, re.DOTALL)
    return [text(inside) for tag, attributes, inside in matches if tag == "button" or 'class="btn' in attributes]


def rows(page: str) -> dict[str, str]:
    return dict(re.findall(r'<li data-video="([^"]+)">(.*?)</li>', page, re.DOTALL))


def actions(page: str) -> set[str]:
    return ACTIONS & set(controls(page))


@pytest.fixture
def viewer(client: Client, workspace: Workspace) -> Client:
    user = User.objects.create_user("vera@example.com", "vera-pass-12", name="Vera")
    workspace.memberships.create(user=user, role=Role.VIEWER)
    client.force_login(user)
    return client


class TestLibrary:
    def url(self, workspace: Workspace, query: str = "") -> str:
        return reverse("videos", args=[workspace.slug]) + query

    def test_row_shows_creator_and_status(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        video = make_video(Status.GENERATING, progress=37, replica_name="Anna")

        row = rows(as_maria.get(self.url(workspace)).text)[str(video.pk)]

        assert 'data-status="generating" data-progress="37"' in row
        assert "Generating 37%" in row
        assert text(row).startswith("Welcome now · Maria · Anna ")
        assert f'href="{reverse("video", args=[workspace.slug, video.pk])}"' in row

    def test_progress_is_shown_only_while_rendering(
        self, as_maria: Client, workspace: Workspace, make_video: Any
    ) -> None:
        for status in Status:
            make_video(status, title=status.label)

        shown = rows(as_maria.get(self.url(workspace)).text)
        progressing = {Video.objects.get(pk=pk).status for pk, row in shown.items() if "data-progress" in row}

        assert len(shown) == len(Status) - 1  # all but the deleted one
        assert progressing == {Status.QUEUED, Status.GENERATING}

    def test_waiting_row_shows_the_reason(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        video = make_video(Status.WAITING, wait=Wait.OUT_OF_CREDITS)

        assert str(Wait.OUT_OF_CREDITS.label) in rows(as_maria.get(self.url(workspace)).text)[str(video.pk)]

    def test_rendering_video_shows_its_estimate(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        begun = timezone.now() - timedelta(seconds=60)
        video = make_video(Status.GENERATING, progress=40, submitted_at=begun, watched_at=timezone.now())
        refresh = reverse("videos_refresh", args=[workspace.slug]) + f"?ids={video.pk.hex}"

        row = rows(as_maria.get(self.url(workspace)).text)[str(video.pk)]

        assert "About 1 to 3 min left" in row
        assert "About 1 to 3 min left" in as_maria.get(refresh).text
        assert "About 1 to 3 min left" in as_maria.get(video.get_absolute_url()).text

    def test_draft_links_to_its_form(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        video = make_video(Status.DRAFT)

        row = rows(as_maria.get(self.url(workspace)).text)[str(video.pk)]

        assert f'href="{reverse("video_edit", args=[workspace.slug, video.pk])}"' in row

    def test_viewer_gets_no_link_to_the_form(self, viewer: Client, workspace: Workspace, make_video: Any) -> None:
        video = make_video(Status.DRAFT)

        page = viewer.get(self.url(workspace)).text

        assert "<a" not in rows(page)[str(video.pk)]
        assert "New video" not in controls(page)

    def test_title_is_escaped(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        make_video(Status.READY, title="<script>alert(1)</script>")

        page = as_maria.get(self.url(workspace)).text

        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"Draft", "Waiting", "Sending", "Checking with Tavus", "Queued", "Generating", "Ready", "Failed", "Cancelled"}),
            ("?status=ready", {"Ready"}),
            ("?status=generating", {"Generating"}),
            ("?status=in_progress", {"Waiting", "Sending", "Checking with Tavus", "Queued", "Generating"}),
            ("?status=deleted", {"Deleted"}),
            ("?q=canc", {"Cancelled"}),
            ("?q=canc&status=ready", set()),
        ],
    )  # fmt: skip
    def test_filter_and_search_narrow_the_list(
        self, query: str, expected: set[str], as_maria: Client, workspace: Workspace, make_video: Any
    ) -> None:
        for status in Status:
            make_video(status, title=status.label)

        page = as_maria.get(self.url(workspace, query)).text

        assert {re.findall(r"<h2>\s*<a[^>]*>(.*?)</a>", row)[0] for row in rows(page).values()} == expected

    def test_filter_keeps_the_search(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        make_video(Status.READY)

        page = as_maria.get(self.url(workspace, "?q=Wel&status=ready")).text

        assert '<a href="?status=failed&amp;q=Wel">Failed</a>' in page
        assert '<a href="?status=ready&amp;q=Wel" aria-current="page">Ready</a>' in page
        assert '<input type="hidden" name="status" value="ready">' in page

    def test_library_without_a_key_links_to_add_one(self, as_maria: Client, workspace: Workspace) -> None:
        assert "Add API key" in controls(as_maria.get(self.url(workspace)).text)

    def test_empty_library_links_to_the_form(self, as_maria: Client, workspace: Workspace, key: APIKey) -> None:
        shown = controls(as_maria.get(self.url(workspace)).text)

        assert shown.count("New video") == 1
        assert "Create your first video" in shown

    def test_query_count_does_not_depend_on_the_rows(
        self, as_maria: Client, workspace: Workspace, make_video: Any, django_assert_num_queries: Any
    ) -> None:
        for _ in range(100):
            make_video(Status.READY, thumbnail_url="https://image.mux.com/a.jpg")

        # session, user, membership, choices, videos, counts, the switcher's workspaces with what is unread
        with django_assert_num_queries(8):
            page = as_maria.get(self.url(workspace)).text

        assert len(rows(page)) == 100


class TestRefresh:
    def test_settled_page_does_not_poll(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        make_video(Status.READY)

        page = as_maria.get(reverse("videos", args=[workspace.slug])).text

        assert '<div id="videos_refresh"></div>' in page
        assert "hx-swap-oob" not in page

    def test_one_request_refreshes_all_pending_rows(
        self, as_maria: Client, workspace: Workspace, make_video: Any, django_assert_num_queries: Any
    ) -> None:
        videos = [make_video(Status.GENERATING, watched_at=timezone.now()) for _ in range(100)]
        url = reverse("videos_refresh", args=[workspace.slug]) + "?ids=" + ",".join(video.pk.hex for video in videos)

        with django_assert_num_queries(4):  # session, user, membership, videos
            answer = as_maria.get(url).text

        assert answer.count("data-status=") == 100
        assert answer.count('hx-trigger="every 2s, seen"') == 1

    def test_finished_row_gets_its_thumbnail_and_polling_stops(
        self, as_maria: Client, workspace: Workspace, make_video: Any
    ) -> None:
        video = make_video(Status.READY, thumbnail_url="https://image.mux.com/still.jpg")

        answer = as_maria.get(reverse("videos_refresh", args=[workspace.slug]) + f"?ids={video.pk.hex}").text

        assert f'<span id="video_status_{video.pk}" class="status" data-status="ready" hx-swap-oob="true">' in answer
        assert f'<div id="video_thumb_{video.pk}" class="thumb" hx-swap-oob="true">' in answer
        assert "https://image.mux.com/still.jpg" in answer
        assert "hx-get" not in answer

    def test_rows_of_another_workspace_are_not_returned(
        self, client: Client, zoe: User, make_video: Any, workspace: Workspace
    ) -> None:
        video = make_video(Status.GENERATING)
        client.force_login(zoe)

        answer = client.get(reverse("videos_refresh", args=["rival"]) + f"?ids={video.pk.hex}")

        assert answer.status_code == 200
        assert "data-status" not in answer.text


SANDBOX = f'sandbox="{FRAME_MAY}"'


class TestOneVideo:
    def url(self, video: Video, name: str = "video") -> str:
        return reverse(name, args=[video.workspace.slug, video.pk])

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (Status.WAITING, {"Duplicate", "Rename", "Cancel", "Delete"}),
            (Status.SENDING, {"Duplicate", "Rename", "Delete"}),
            (Status.UNSURE, {"Duplicate", "Rename", "Delete"}),
            (Status.QUEUED, {"Duplicate", "Rename", "Delete"}),
            (Status.GENERATING, {"Duplicate", "Rename", "Delete"}),
            (Status.READY, {"Duplicate", "Rename", "Delete", "Download"}),
            (Status.FAILED, {"Duplicate", "Rename", "Delete", "Retry", "Edit and retry"}),
            (Status.CANCELLED, {"Duplicate", "Rename", "Delete", "Retry", "Edit and retry"}),
            (Status.DELETED, {"Duplicate"}),
        ],
    )
    def test_actions_depend_on_the_status(
        self, status: Status, expected: set[str], as_maria: Client, make_video: Any
    ) -> None:
        video = make_video(status, download_url="https://example.com/v.mp4")

        page = as_maria.get(self.url(video)).text

        assert actions(page) == expected
        assert page.count(f'data-status="{status}"') == 1

    def test_controls_have_unique_names(self, as_maria: Client, make_video: Any) -> None:
        video = make_video(Status.FAILED)
        for _ in range(3):
            video.share_links.create()

        shown = [name for name in controls(as_maria.get(self.url(video)).text) if name]

        assert len(shown) == len(set(shown))
        assert {"Create share link", "Copy link", "Revoke", "Copy link 2", "Revoke 3"} <= set(shown)

    def test_viewer_is_offered_no_actions(self, viewer: Client, make_video: Any) -> None:
        video = make_video(Status.READY, download_url="https://example.com/v.mp4")

        page = viewer.get(self.url(video)).text

        assert actions(page) == {"Download"}
        assert "Create share link" not in controls(page)
        assert "<dialog" not in page

    def test_panel_polls_only_while_pending(self, as_maria: Client, make_video: Any) -> None:
        pending = as_maria.get(self.url(make_video(Status.QUEUED))).text
        ready = as_maria.get(self.url(make_video(Status.READY))).text

        assert 'hx-trigger="every 2s, seen"' in pending
        assert "every 2s" not in ready

    def test_ready_video_is_played_from_an_allowed_host(self, as_maria: Client, make_video: Any) -> None:
        shown = as_maria.get(self.url(make_video(Status.READY, hosted_url="https://tavus.video/1e30"))).text
        strange = as_maria.get(self.url(make_video(Status.READY, hosted_url="https://evil.example/1e30"))).text

        assert f'<iframe src="https://tavus.video/1e30" {SANDBOX}' in shown
        assert "<iframe" not in strange

    def test_video_whose_player_moved_says_what_to_set_and_offers_a_link(
        self, as_maria: Client, make_video: Any
    ) -> None:
        video = make_video(Status.READY, hosted_url="https://player.moved.example:8443/1e30")

        page = as_maria.get(self.url(video)).text

        assert "The operator can add https://player.moved.example:8443 to TAVUS_HOSTED_ORIGINS." in page
        assert 'href="https://player.moved.example:8443/1e30" target="_blank" rel="noopener noreferrer"' in page
        assert "Watch on player.moved.example:8443" in page

    def test_frame_may_do_everything_but_lead_the_page_elsewhere(
        self, as_maria: Client, make_video: Any, settings: Any
    ) -> None:
        video = make_video(Status.READY, hosted_url="https://tavus.video/1e30")
        assert "allow-top-navigation" not in as_maria.get(self.url(video)).text

        settings.FRAME_SANDBOX = False

        assert "sandbox=" not in as_maria.get(self.url(video)).text

    @pytest.mark.parametrize("url", ["https://tracker.example/a.jpg", "http://image.mux.com/a.jpg", "//x.example/a"])
    def test_picture_of_an_unknown_host_is_not_loaded(self, url: str, as_maria: Client, make_video: Any) -> None:
        make_video(Status.READY, thumbnail_url=url, gif_url=url)

        page = as_maria.get(reverse("videos", args=["acme"])).text

        assert url not in page
        assert "#clapperboard" in page

    def test_hosted_url_alone_shows_no_player(self, as_maria: Client, make_video: Any) -> None:
        video = make_video(Status.FAILED, hosted_url="https://tavus.video/1e30")

        assert "<iframe" not in as_maria.get(self.url(video)).text

    def test_failure_shows_the_message_and_advice(self, as_maria: Client, make_video: Any) -> None:
        video = make_video(Status.FAILED, failure_code="audio_too_short", remote_details="Audio <3s")

        page = as_maria.get(self.url(video)).text

        assert "Audio &lt;3s" in page
        assert video.failure_advice in page

    def test_waiting_video_shows_reason_and_next_attempt(self, as_maria: Client, make_video: Any) -> None:
        soon = timezone.now() + timedelta(minutes=5, seconds=30)
        video = make_video(Status.WAITING, wait=Wait.RATE_LIMITED, wait_detail="Slow down", next_attempt_at=soon)

        page = text(as_maria.get(self.url(video)).text)

        assert "Tavus asked us to slow down. Tavus said: Slow down Next attempt in 5" in page

    def test_next_attempt_is_shown_to_the_second_within_a_minute(self, as_maria: Client, make_video: Any) -> None:
        soon = timezone.now() + timedelta(seconds=40)
        video = make_video(Status.WAITING, wait=Wait.RATE_LIMITED, next_attempt_at=soon)

        page = text(as_maria.get(self.url(video)).text)

        assert re.search(r"Next attempt in (3[5-9]|40) seconds\.", page)

    def test_panel_includes_actions_only_after_a_status_change(self, as_maria: Client, make_video: Any) -> None:
        video = make_video(Status.GENERATING, progress=5)

        same = as_maria.get(self.url(video, "video_panel") + "?was=generating-").text
        moved = as_maria.get(self.url(video, "video_panel") + "?was=queued-").text

        assert same.lstrip().startswith('<div id="video_panel"')
        assert 'id="video_timeline" class="timeline" hx-swap-oob="true"' in same
        assert "video_actions" not in same
        assert '<div id="video_actions" class="cluster" hx-swap-oob="true">' in moved
        assert '<div id="video_announcement" hx-swap-oob="innerHTML">Generating</div>' in moved

    def test_timeline_shows_who_did_what_newest_first(self, as_maria: Client, maria: User, make_video: Any) -> None:
        video = make_video(Status.DRAFT)
        video.enqueue(by=maria)
        video.cancel(by=maria)

        page = as_maria.get(self.url(video)).text
        timeline = text(page.split('id="video_timeline"')[1].split("</ol>")[0])

        assert timeline.index("Cancelled by Maria") < timeline.index("Created by Maria")

    def test_invalid_title_keeps_the_dialog_open_with_the_error(self, as_maria: Client, make_video: Any) -> None:
        video = make_video(Status.READY)

        refused = as_maria.post(self.url(video, "video_rename"), {"title": "x" * 121})

        assert refused.status_code == 422
        assert re.search(r'<dialog id="rename_dialog"[^>]* open>', refused.text)
        assert "x" * 121 in refused.text
        assert Video.objects.get().title == "Welcome"

    def test_query_count_does_not_depend_on_the_timeline(
        self, as_maria: Client, maria: User, make_video: Any, django_assert_max_num_queries: Any
    ) -> None:
        video = make_video(Status.READY, polled_at=timezone.now())
        for _ in range(30):
            video.events.create(kind=EventKind.RENAMED, actor=maria)
            video.share_links.create(created_by=maria)

        with django_assert_max_num_queries(
            20
        ):  # with those of links, presets, affected links, comments, verdicts (earlier ones too), captions and the inbox
            as_maria.get(self.url(video))


class TestForm:
    def url(self, workspace: Workspace, query: str = "") -> str:
        return reverse("video_new", args=[workspace.slug]) + query

    def test_every_field_has_a_unique_exact_label(self, as_maria: Client, workspace: Workspace, key: APIKey) -> None:
        page = as_maria.get(self.url(workspace)).text

        assert [labels(page).count(name) for name in FIELDS] == [1] * len(FIELDS)
        assert "API key" not in labels(page)
        assert controls(page).count("Generate") == controls(page).count("Save draft") == 1

    def test_several_keys_can_be_chosen(self, as_maria: Client, workspace: Workspace, key: APIKey, maria: User) -> None:
        APIKey.make(workspace, name="Second", secret="tavus-key-0987654321", is_sandbox=False, by=maria).save()

        assert "API key" in labels(as_maria.get(self.url(workspace)).text)

    def test_form_without_a_key_links_to_add_one(self, as_maria: Client, workspace: Workspace) -> None:
        page = as_maria.get(self.url(workspace)).text

        assert "Add API key" in controls(page)
        assert "Generate" not in controls(page)

    def test_enter_saves_the_draft_and_never_generates(
        self, as_maria: Client, workspace: Workspace, key: APIKey
    ) -> None:
        form = as_maria.get(self.url(workspace)).text.split('id="video_form"')[1]

        first = re.findall(r"<button[^>]*>", form)[0]

        assert 'value="draft"' in first

    def test_errors_are_shown_beside_the_field_and_on_top(
        self, as_maria: Client, workspace: Workspace, key: APIKey
    ) -> None:
        given = {
            "video_id": uuid.uuid4(),
            "title": "Spring",
            "script": "Hello  there\n",
            "audio_url": "ftp://x.example",
        }

        answer = as_maria.post(self.url(workspace), given | {"intent": "generate"})

        assert answer.status_code == 422
        assert '<a href="#id_replica_id">Replica</a>: Choose a replica.' in answer.text
        assert 'id="id_replica_id_error"' in answer.text
        assert 'value="Spring"' in answer.text
        assert "Hello  there\n" in unescape(answer.text)
        assert 'value="ftp://x.example"' in answer.text
        assert not Video.objects.exists()

    def test_fields_that_do_not_apply_keep_their_defaults(
        self, as_maria: Client, workspace: Workspace, key: APIKey
    ) -> None:
        given = {"video_id": uuid.uuid4(), "replica_id": "r1", "script": "Hello", "fast": "on", "intent": "generate"}

        answer = as_maria.post(self.url(workspace), given)

        video = Video.objects.get()
        assert answer.status_code == 302
        assert (video.status, video.background, video.background_scroll_type) == (Status.WAITING, "none", "human")

    def test_kept_recording_is_shown_and_can_be_removed(
        self, as_maria: Client, workspace: Workspace, make_video: Any
    ) -> None:
        audio = AudioFile.objects.create(workspace=workspace, name="intro.mp3", extension="mp3", size=9, seconds=80.2)
        video = make_video(Status.DRAFT, audio=audio)

        page = as_maria.get(reverse("video_edit", args=[workspace.slug, video.pk])).text

        assert "intro.mp3" in page
        assert "1 min 20 s" in page
        assert f'<input type="hidden" name="audio" value="{audio.pk}">' in page
        assert "Remove the recording" in labels(page)

    def test_chosen_replica_is_shown_by_name(
        self, as_maria: Client, workspace: Workspace, key: APIKey, make_video: Any
    ) -> None:
        Replica.objects.create(api_key=key, replica_id="r1", name="Anna", seen_at=timezone.now())

        page = as_maria.get(self.url(workspace, f"?from={make_video(Status.FAILED).pk}")).text

        assert 'value="r1"' in page
        assert "<strong>Anna</strong>" in page

    def test_input_is_kept_as_a_draft_until_generate(self, as_maria: Client, workspace: Workspace, key: APIKey) -> None:
        pk = uuid.uuid4()
        url = reverse("video_draft", args=[workspace.slug, pk])

        stored = as_maria.post(url, {"title": "Spr", "audio_url": "https://"})
        Video.objects.filter(pk=pk).update(status=Status.WAITING)
        late = as_maria.post(url, {"title": "Spring"})

        assert (stored.status_code, late.status_code) == (204, 409)
        assert Video.objects.get().title == "Spr"

    def test_own_drafts_are_offered(self, as_maria: Client, workspace: Workspace, make_video: Any) -> None:
        draft = make_video(Status.DRAFT, title="Half a thought")

        page = as_maria.get(self.url(workspace)).text

        assert f'<a href="{reverse("video_edit", args=[workspace.slug, draft.pk])}">Half a thought</a>' in page


class TestPicker:
    def url(self, workspace: Workspace, query: str = "") -> str:
        return reverse("replica_picker", args=[workspace.slug]) + query

    def test_each_replica_is_a_button_with_its_id(self, as_maria: Client, workspace: Workspace, key: APIKey) -> None:
        now = timezone.now()
        rows: list[dict[str, Any]] = [
            {"replica_id": "r1", "name": "Anna", "kind": "system", "status": "completed"},
            {"replica_id": "r2", "name": "Ben", "status": "started", "is_usable": False, "training_progress": 62},
            {"replica_id": "r3", "name": "Cleo", "status": "error", "is_usable": False},
        ]
        for row in rows:
            Replica.objects.create(api_key=key, seen_at=now, **row)

        page = as_maria.get(self.url(workspace)).text

        assert {"Anna Stock", "Ben Training 62%", "Cleo Failed"} <= set(controls(page))
        assert re.search(r'data-pick="r3" disabled', page)

    def test_filter_and_pages_keep_the_search_and_the_key(
        self, as_maria: Client, workspace: Workspace, key: APIKey
    ) -> None:
        for number in range(30):
            Replica.objects.create(
                api_key=key, replica_id=f"r{number}", name=f"Anna {number}", kind="user", seen_at=timezone.now()
            )

        page = unescape(as_maria.get(self.url(workspace, f"?key={key.pk}&q=anna&kind=user")).text)

        assert page.count("data-pick=") == 24
        assert f'hx-get="{self.url(workspace)}?key={key.pk}&q=anna&kind=user&page=2"' in page
        assert f'hx-get="{self.url(workspace)}?key={key.pk}&q=anna&kind=system"' in page


def test_draft_has_no_panel(as_maria: Client, make_video: Any) -> None:
    draft = make_video(Status.DRAFT)

    answer = as_maria.get(reverse("video_panel", args=[draft.workspace.slug, draft.pk]))

    assert answer.status_code == 404
