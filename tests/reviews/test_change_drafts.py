"""From comments to a draft in one press, with the sentences marked that they are about."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tavusweb.accounts.models import User
from tavusweb.audit.actor import Actor
from tavusweb.reviews import actions
from tavusweb.reviews.fingerprint import fingerprint_of
from tavusweb.reviews.models import ChangeDraft, VerdictKind
from tavusweb.reviews.speaker import Proof, Speaker
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

ADA = Speaker(Proof.NAME, "Ada", link="7")
SCRIPT = "Welcome aboard, all of you. Your first day is Monday. See you there."


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch", tavus_id="v1", script=SCRIPT, hosted_url="https://tavus.video/v1")


def press(client: Client, video: Video) -> Any:
    return client.post(reverse("video_draft_changes", args=["acme", video.pk]))


def test_draft_from_comments_shows_the_comments_to_address(as_maria: Client, video: Video) -> None:
    actions.comment(ADA, video, "It is <b>Tuesday</b>.", quote="Your first day is Monday.")
    actions.comment(ADA, video, "Warmer, please.", at_seconds=0)
    actions.comment(ADA, video, "Well done.")
    actions.decide(Actor(), ADA, video, VerdictKind.CHANGES, shown=fingerprint_of(video), reason="Wrong day.")
    assert "Create draft from comments" in as_maria.get(video.get_absolute_url()).text

    answer = press(as_maria, video)

    draft = ChangeDraft.objects.get().draft
    assert answer["Location"] == reverse("video_edit", args=["acme", draft.pk])
    assert (draft.status, draft.script, draft.api_key) == (Status.DRAFT, SCRIPT, video.api_key)
    page = as_maria.get(answer["Location"]).text
    for words in ("It is &lt;b&gt;Tuesday&lt;/b&gt;.", "Warmer, please.", "Well done.", "Wrong day."):
        assert words in page
    assert page.count("<mark>Your first day is Monday.</mark>") == 2, "in the script and above its comment"
    assert "<mark>Welcome aboard, all of you.</mark>" in page, "spoken at the moment of the comment"
    assert "<mark>See you there.</mark>" not in page


def test_repeated_click_reuses_the_draft_until_a_new_comment(as_maria: Client, video: Video) -> None:
    actions.comment(ADA, video, "It is Tuesday.")

    places = [press(as_maria, video)["Location"] for _ in range(2)]
    assert places[0] == places[1]
    actions.comment(ADA, video, "And too long.")

    assert press(as_maria, video)["Location"] != places[0]
    assert ChangeDraft.objects.count() == 2


def test_new_draft_is_created_once_the_first_was_generated(as_maria: Client, video: Video) -> None:
    actions.comment(ADA, video, "It is Tuesday.")
    first = press(as_maria, video)["Location"]

    Video.objects.filter(status=Status.DRAFT).update(status=Status.WAITING)

    assert press(as_maria, video)["Location"] != first


def test_rewritten_sentence_is_marked_as_changed(as_maria: Client, video: Video) -> None:
    actions.comment(ADA, video, "It is Tuesday.", quote="Your first day is Monday.")
    address = press(as_maria, video)["Location"]
    assert "Changed</span>" not in as_maria.get(address).text

    Video.objects.filter(status=Status.DRAFT).update(script=SCRIPT.replace("Monday", "Tuesday"))

    assert "Changed</span>" in as_maria.get(address).text


def test_resolved_and_deleted_threads_are_left_out(as_maria: Client, maria: User, video: Video) -> None:
    for act in (lambda said: actions.resolve(Actor(maria), said), lambda said: actions.delete(Actor(maria), said)):
        act(actions.comment(ADA, video, "Old news"))
    assert "Create draft from comments" not in as_maria.get(video.get_absolute_url()).text

    assert "Old news" not in as_maria.get(press(as_maria, video)["Location"]).text


def test_deleted_api_key_is_not_copied_to_the_draft(as_maria: Client, video: Video, key: Any) -> None:
    actions.comment(ADA, video, "It is Tuesday.")
    type(key).objects.update(retired_at=video.created_at)

    press(as_maria, video)

    assert ChangeDraft.objects.get().draft.api_key is None
