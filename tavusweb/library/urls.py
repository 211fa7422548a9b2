from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import selection_views, views


class LabelKind(StringConverter):
    regex = "folder|tag"


register_converter(LabelKind, "label_kind")

urlpatterns = [
    path("videos/", views.videos, name="videos"),
    path("videos/filters/", views.saved_filter_save, name="saved_filter_save"),
    path("videos/filters/<int:pk>/delete/", views.saved_filter_delete, name="saved_filter_delete"),
    path("videos/refresh/", views.videos_refresh, name="videos_refresh"),
    path("videos/commands/", views.commands, name="commands"),
    path("videos/found/", views.videos_found, name="videos_found"),
    path("videos/selected/", selection_views.videos_selected, name="videos_selected"),
    path("videos/selected/undo/", selection_views.videos_undo, name="videos_undo"),
    path("videos/labels/", selection_views.labels, name="labels"),
    path("videos/labels/<label_kind:kind>/add/", selection_views.label_add, name="label_add"),
    path("videos/labels/<label_kind:kind>/<int:pk>/rename/", selection_views.label_rename, name="label_rename"),
    path("videos/labels/<label_kind:kind>/<int:pk>/delete/", selection_views.label_delete, name="label_delete"),
]
