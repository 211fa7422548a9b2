"""The people of a run: they ask for videos as the views do, and some change their mind."""

import random
import time

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.videos import wakeup
from tavusweb.videos.models import Video
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

NAMES = ("Maria", "Erik", "Zoe", "Ines", "Tom")
BUSIEST = 0.5  # Maria's share of the videos
CHANGES_MIND = 0.0003  # of what waits, each second
LONGEST_TITLE = 90  # characters; short ones and long ones, as what cuts names leaves something else of each


class People:
    def __init__(self, seed: int, keys: list[str]) -> None:
        self.random = random.Random(seed)
        self.users = [User.objects.create_user(f"{name}@example.com".lower(), None, name=name) for name in NAMES]
        self.workspace = Workspace.objects.create_with_owner("Chaos", self.users[0])
        self.keys = [
            APIKey.make(self.workspace, name=secret, secret=secret, is_sandbox=False, by=self.users[0])
            for secret in keys
        ]
        for key in self.keys:
            key.save()

    def draft(self, number: int) -> Video:
        is_busiest = self.random.random() < BUSIEST
        return Video.objects.create(
            workspace=self.workspace,
            created_by=self.users[0] if is_busiest else self.random.choice(self.users[1:]),
            api_key=self.random.choice(self.keys),
            title=self._title(number),
            replica_id="r1",
            script=f"Hello there, this is video {number}.",  # like no other, so that purchases are counted by it
        )

    def _title(self, number: int) -> str:
        words = f"Chaos {number}, a welcome from Ada and everybody else in the northern office of Acme and its friends"
        return words[: self.random.randint(8, LONGEST_TITLE)]

    def ask(self, video: Video) -> None:
        """Press Generate, and again when the page was an error."""
        while True:
            try:
                row = Video.objects.select_related("created_by").get(pk=video.pk)
                if row.is_draft:
                    with transaction.atomic():
                        row.enqueue(by=row.created_by)
                        wakeup.submit_later(row)
                return
            except DatabaseError:
                connection.close()
                time.sleep(0.5)

    def change_minds(self) -> None:
        """Some cancel what waits, some look at what they asked for."""
        try:
            for video in Video.objects.filter(status=Status.WAITING):
                if self.random.random() < CHANGES_MIND:
                    video.cancel(by=video.created_by)
            looked_at = Video.objects.order_by("?").values_list("pk", flat=True)[:3]
            Video.objects.filter(pk__in=list(looked_at)).update(watched_at=timezone.now())
        except DatabaseError:
            connection.close()
