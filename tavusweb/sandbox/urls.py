from django.urls import path, re_path

from tavusweb.sandbox import api, views

app_name = "sandbox"

urlpatterns = [
    path("", views.guide, name="guide"),
    path("watch/<str:video_id>", views.watch, name="watch"),
    path("files/<str:video_id>.<str:file_type>", views.download, name="download"),
    path("files/<str:video_id>/index.m3u8", views.stream, name="stream"),
    path("files/<str:video_id>/captions.vtt", views.captions, name="captions"),
    path("thumbnails/<str:video_id>.<str:file_type>", views.thumbnail, name="thumbnail"),
    path("portraits/<str:look>.<str:file_type>", views.portrait, name="portrait"),
    # The provider's own paths: no slash at the end.
    path("v2/videos", api.endpoint(GET=api.list_videos, POST=api.create_video), name="videos"),
    path("v2/videos/<str:video_id>", api.endpoint(GET=api.show_video, DELETE=api.delete_video), name="video"),
    path("v2/videos/<str:video_id>/name", api.endpoint(PATCH=api.rename_video), name="video_name"),
    path("v2/replicas", api.endpoint(GET=api.list_replicas), {"spelling": "replica"}, name="replicas"),
    path("v2/replicas/<str:replica_id>", api.endpoint(GET=api.show_replica), {"spelling": "replica"}, name="replica"),
    path("v2/faces", api.endpoint(GET=api.list_replicas), {"spelling": "face"}, name="faces"),
    path("v2/faces/<str:replica_id>", api.endpoint(GET=api.show_replica), {"spelling": "face"}, name="face"),
    re_path(r"^v2(?:/.*)?$", api.not_found),
]
