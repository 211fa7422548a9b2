"""Folders and tags: one level deep, flat, named once in a workspace whatever the case."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tavusweb.search_field import FoldedField, FoldingQuerySet
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace

LONGEST_LABEL = 60
MOST_LABELS = 500  # folders of a workspace, and as many tags


class Label(models.Model):
    """What folders and tags share: a name that is unique in its workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="%(class)ss")
    name = models.CharField(_("name"), max_length=LONGEST_LABEL)
    name_folded = FoldedField("name")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint("workspace", "name_folded", name="one_%(class)s_per_name")]

    def __str__(self) -> str:
        return self.name


class Folder(Label):
    """A video is in one folder or in none."""

    objects = FoldingQuerySet.as_manager()


class Tag(Label):
    """A video has any number of tags."""

    objects = FoldingQuerySet.as_manager()


class FolderEntry(models.Model):
    """The folder that a video is in."""

    video = models.OneToOneField(Video, models.CASCADE, primary_key=True, related_name="folder_entry")
    folder = models.ForeignKey(Folder, models.CASCADE, related_name="entries")

    def __str__(self) -> str:
        return f"{self.video_id} in {self.folder_id}"


class VideoTag(models.Model):
    """A tag that a video has."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="tag_entries")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["video", "tag"], name="tag_once_per_video")]

    def __str__(self) -> str:
        return f"{self.video_id} has {self.tag_id}"
