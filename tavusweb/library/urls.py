from django.urls import path

from . import views

urlpatterns = [
    path("videos/", views.videos, name="videos"),
    path("videos/refresh/", views.videos_refresh, name="videos_refresh"),
]
