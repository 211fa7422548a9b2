from django.urls import path

from .views import comments

urlpatterns = [
    path("videos/<uuid:pk>/comments/", comments.video_comments, name="video_comments"),
    path("comments/<int:pk>/edit/", comments.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/resolve/", comments.comment_resolve, name="comment_resolve"),
    path("comments/<int:pk>/reopen/", comments.comment_reopen, name="comment_reopen"),
    path("comments/<int:pk>/delete/", comments.comment_delete, name="comment_delete"),
]
