from django.urls import path

from . import views

urlpatterns = [
    path("videos/<uuid:pk>/comments/", views.video_comments, name="video_comments"),
    path("comments/<int:pk>/resolve/", views.comment_resolve, name="comment_resolve"),
    path("comments/<int:pk>/reopen/", views.comment_reopen, name="comment_reopen"),
    path("comments/<int:pk>/delete/", views.comment_delete, name="comment_delete"),
]
