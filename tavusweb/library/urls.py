from django.urls import path

from . import views

urlpatterns = [
    path("videos/", views.videos, name="videos"),
    path("videos/filters/", views.saved_filter_save, name="saved_filter_save"),
    path("videos/filters/<int:pk>/delete/", views.saved_filter_delete, name="saved_filter_delete"),
    path("videos/refresh/", views.videos_refresh, name="videos_refresh"),
]
