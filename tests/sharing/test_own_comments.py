"""What guests do with their own comments: write at a moment, reply, edit and delete for some minutes; nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.reviews.models import Comment
from tavusweb.reviews.sentences import sentences
from tavusweb.sharing.guests import COOKIE
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tests.accounts.conftest import fresh_limits  # noqa: F401

SCRIPT = "Welcome aboard. Your first day is Monday."


@pytest.fixture
def link(make_video: Any, maria: User) -> ShareLink:
    video = make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1", tavus_id="v1", script=SCRIPT)
    return ShareLink.objects.create(video=video, created_by=maria, comments="named", shows_transcript=True)


def post(client: Client, route: str, link: ShareLink, **fields: Any) -> Any:
    return client.post(reverse(route, args=[link.token]), fields)


def write(client: Client, link: ShareLink, words: str = "The date is wrong.", **fields: Any) -> Any:
    return post(client, "share_comment", link, **{"name": "Ada", "comment": words} | fields)


def page(client: Client, link: ShareLink, query: str = "") -> str:
    return client.get(link.get_absolute_url() + query).text


class TestPlaces:
    def test_comment_shows_its_time_and_sentence(self, link: ShareLink) -> None:
        write(Client(), link, at="0:42", sentence=sentences(SCRIPT)[1].key)

        shown = page(Client(), link)
        assert f'<a href="{link.get_absolute_url()}?t=42" data-seek="42">0:42</a>' in shown
        assert ">Your first day is Monday.</q>" in shown
        assert "Take of" in shown

    def test_invalid_time_is_rejected_and_input_is_kept(self, link: ShareLink) -> None:
        refused = write(Client(), link, at="1:75")

        assert refused.status_code == 422
        assert "Enter a time like 1:23." in refused.text
        assert "The date is wrong." in refused.text

    def test_sentences_of_a_hidden_script_are_not_offered(self, link: ShareLink) -> None:
        assert "Your first day is Monday." in page(Client(), link)

        ShareLink.objects.update(shows_transcript=False)

        assert "Your first day" not in page(Client(), link)

    def test_reply_link_works_without_scripts(self, link: ShareLink) -> None:
        write(Client(), link)
        said = Comment.objects.get()

        form = page(Client(), link, f"?reply={said.pk}")

        assert "Reply to Ada" in form
        assert f'<input type="hidden" name="answers" value="{said.pk}"' in form


class TestOwn:
    def test_guest_is_recognised_by_an_opaque_cookie_for_this_page(self, link: ShareLink) -> None:
        cookie = write(Client(), link).cookies[COOKIE]

        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (link.get_absolute_url(), True, "Lax")
        assert "Ada" not in cookie.value
        assert Comment.objects.get().guest not in cookie.value

    def test_edited_comment_is_marked_as_edited(self, link: ShareLink) -> None:
        guest = Client()
        write(guest, link)
        said = Comment.objects.get()
        assert f'value="{said.pk}">Delete</button>' in page(guest, link)
        assert "The date is wrong.</textarea>" in page(guest, link, f"?edit={said.pk}")

        answer = post(guest, "share_comment_edit", link, pk=said.pk, comment="The year is wrong.")

        assert answer["Location"] == f"{link.get_absolute_url()}#comment-{said.pk}"
        assert "The year is wrong." in page(Client(), link)
        assert "edited" in page(Client(), link)

    def test_empty_edit_is_rejected(self, link: ShareLink) -> None:
        guest = Client()
        write(guest, link)

        refused = post(guest, "share_comment_edit", link, pk=Comment.objects.get().pk, comment="  ")

        assert refused.status_code == 422
        assert "Edit your comment" in refused.text
        assert Comment.objects.get().body == "The date is wrong."

    def test_deleting_twice_reports_that_the_comment_is_gone(self, link: ShareLink) -> None:
        guest = Client()
        write(guest, link)
        said = Comment.objects.get()

        answers = [post(guest, "share_comment_delete", link, pk=said.pk).status_code for _ in range(2)]

        assert answers == [302, 409]
        assert "The date is wrong." not in page(guest, link)

    @pytest.mark.parametrize("who", ["a stranger", "another guest", "too late", "a forged cookie"])
    def test_only_the_author_can_edit_and_only_for_a_while(self, who: str, link: ShareLink) -> None:
        guest = client = Client()
        write(guest, link)
        said = Comment.objects.get()
        if who == "too late":
            Comment.objects.update(created_at=timezone.now() - timedelta(minutes=16))
        else:
            client = Client()
        if who == "another guest":
            write(client, link, "Mine")
        if who == "a forged cookie":
            client.cookies[COOKIE] = said.guest

        edited = post(client, "share_comment_edit", link, pk=said.pk, comment="Changed")
        deleted = post(client, "share_comment_delete", link, pk=said.pk)

        assert (edited.status_code, deleted.status_code) == (409, 409)
        assert "can’t be changed any more" in edited.text
        assert f'value="{said.pk}">Delete</button>' not in page(client, link)
        assert Comment.objects.visible().get(pk=said.pk).body == "The date is wrong."

    def test_cookie_of_another_link_is_ignored(self, link: ShareLink) -> None:
        other, guest = ShareLink.objects.create(video=link.video, comments="named"), Client()
        mark = write(guest, other).cookies[COOKIE].value
        write(Client(), link)
        client = Client()
        client.cookies[COOKIE] = mark

        said = Comment.objects.get(link=str(link.pk))
        assert post(client, "share_comment_delete", link, pk=said.pk).status_code == 409

    @pytest.mark.parametrize("pk", ["", "x", "9" * 40, "-1", "१"])
    def test_invalid_comment_id_gets_the_same_response(self, pk: str, link: ShareLink) -> None:
        assert post(Client(), "share_comment_delete", link, pk=pk).status_code == 409

    def test_members_get_no_guest_cookie(self, link: ShareLink, as_maria: Client) -> None:
        assert COOKIE not in write(as_maria, link).cookies

    def test_double_submit_creates_one_comment(self, link: ShareLink) -> None:
        guest = Client()

        places = {write(guest, link, once="ab" * 8)["Location"] for _ in range(2)}

        assert len(places) == 1
        assert Comment.objects.count() == 1
        assert Video.objects.count() == 1


class TestName:
    def test_guest_who_commented_is_not_asked_for_the_name_again(self, link: ShareLink) -> None:
        ShareLink.objects.update(approval=True)
        ada = Client()
        write(ada, link)

        assert page(ada, link).count('value="Ada"') == 3, (
            "in the comment's, the approval's and the change request's form"
        )
        assert 'value="Ada"' not in page(Client(), link), "nobody else's browser"
