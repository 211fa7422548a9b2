from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from tavusweb.sandbox import replica_api, video_api, views
from tavusweb.sandbox.api import endpoint, not_found

app_name = "sandbox"


class Identity(StringConverter):
    regex = "[^/\0]+"  # PostgreSQL stores no NUL


register_converter(Identity, "identity")

VIDEOS = endpoint(GET=video_api.list_videos, POST=video_api.create_video)
VIDEO = endpoint(GET=video_api.show_video, DELETE=video_api.delete_video)
REPLICAS = endpoint(GET=replica_api.list_replicas, POST=replica_api.train_replica)
REPLICA = endpoint(GET=replica_api.show_replica, DELETE=replica_api.delete_replica)
REPLICA_NAME = endpoint(PATCH=replica_api.rename_replica)

urlpatterns = [
    path("", views.guide, name="guide"),
    path("watch/<identity:video_id>", views.watch, name="watch"),
    path("files/<identity:video_id>.<str:file_type>", views.download, name="download"),
    path("files/<identity:video_id>/index.m3u8", views.stream, name="stream"),
    path("files/<identity:video_id>/captions.vtt", views.captions, name="captions"),
    path("thumbnails/<identity:video_id>.<str:file_type>", views.thumbnail, name="thumbnail"),
    path("portraits/<str:appearance>.<str:file_type>", views.portrait, name="portrait"),
    path("voices/<str:appearance>.mp4", views.voice, name="voice"),
    # The provider's paths have no trailing slash.
    path("v2/videos", VIDEOS, name="videos"),
    path("v2/videos/<identity:video_id>", VIDEO, name="video"),
    path("v2/videos/<identity:video_id>/name", endpoint(PATCH=video_api.rename_video), name="video_name"),
    path("v2/replicas", REPLICAS, {"spelling": "replica"}, name="replicas"),
    path("v2/replicas/<identity:replica_id>", REPLICA, {"spelling": "replica"}, name="replica"),
    path("v2/replicas/<identity:replica_id>/name", REPLICA_NAME, {"spelling": "replica"}, name="replica_name"),
    path("v2/faces", REPLICAS, {"spelling": "face"}, name="faces"),
    path("v2/faces/<identity:replica_id>", REPLICA, {"spelling": "face"}, name="face"),
    path("v2/faces/<identity:replica_id>/name", REPLICA_NAME, {"spelling": "face"}, name="face_name"),
    path("v2/voices", endpoint(GET=replica_api.list_voices), name="voices"),
    re_path(r"^v2(?:/.*)?$", not_found),
]
