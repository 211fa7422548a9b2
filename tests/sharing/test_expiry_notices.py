"""The notice to a link's owner three days before it expires."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.notify.kinds import Kind
from tavusweb.notify.models import Notice
from tavusweb.sharing import expiry_notices
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status

DAYS = timedelta(days=1)


@pytest.fixture
def video(make_video: Any) -> Video:
    return make_video(Status.READY, title="Launch")


@pytest.fixture
def link(video: Video, maria: User) -> ShareLink:
    now = timezone.now()
    return ShareLink.objects.create(
        video=video, created_by=maria, created_at=now - 20 * DAYS, expires_at=now + 2 * DAYS, name="For Ada"
    )


def told() -> int:
    return Notice.objects.filter(kind=Kind.LINK_EXPIRES).count()


def test_owner_is_notified_once_with_a_link_to_extend(link: ShareLink, maria: User) -> None:
    expiry_notices.tell_of_expiring()
    expiry_notices.tell_of_expiring()

    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (maria, Kind.LINK_EXPIRES)
    assert notice.url == f"/w/acme/shared/{link.pk}/"
    assert (notice.data["title"], notice.data["link"]) == ("Launch", "For Ada")
    assert link.token not in str(notice.data)


def test_extended_link_notifies_again_before_its_new_expiry(link: ShareLink) -> None:
    expiry_notices.tell_of_expiring()
    ShareLink.objects.update(expires_at=timezone.now() + 30 * DAYS)
    expiry_notices.tell_of_expiring()
    assert told() == 1

    ShareLink.objects.update(expires_at=timezone.now() + 3 * DAYS)
    expiry_notices.tell_of_expiring()

    assert told() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timezone.now() + 4 * DAYS},
        {"expires_at": timezone.now() - DAYS},
        {"expires_at": None},
        {"revoked_at": timezone.now()},
        {"closed_at": timezone.now()},
        {"created_at": timezone.now()},
        {"created_by": None},
    ],
    ids=["distant", "expired", "unlimited", "revoked", "closed", "new", "ownerless"],
)
def test_other_links_notify_nobody(fields: dict[str, Any], link: ShareLink) -> None:
    ShareLink.objects.update(**fields)

    expiry_notices.tell_of_expiring()

    assert told() == 0


def test_expiry_changed_meanwhile_sends_no_notice(link: ShareLink) -> None:
    stale = ShareLink.objects.select_related("video__workspace").get()
    ShareLink.objects.update(expires_at=timezone.now() + 30 * DAYS)

    expiry_notices._tell(stale)

    assert told() == 0
