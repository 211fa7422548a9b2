from django.db import models

from tavusweb.videos.models import Video


class SearchEntry(models.Model):
    """What a search finds of one video: the folded text of its title, script, replica and comments.

    Triggers in the database write it in the transaction of each change, whatever code makes the change; see
    `search_index`. `position` sorts like the video's time of creation and is unique: it is the row number in SQLite's
    full-text index, which therefore yields the newest videos first. The plain numbers are not foreign keys, since
    nothing is ever looked up through them.
    """

    video = models.OneToOneField(Video, models.CASCADE, primary_key=True, related_name="+")
    workspace_pk = models.BigIntegerField()
    person_pk = models.BigIntegerField(null=True)
    position = models.BigIntegerField(unique=True)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["workspace_pk", "position"], name="search_newest")]

    def __str__(self) -> str:
        return str(self.video_id)
