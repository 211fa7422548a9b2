from django.urls import path

from . import views

urlpatterns = [
    path("shared/", views.shared_links, name="shared_links"),
    path("videos/<uuid:pk>/share/", views.share_link_create, name="share_link_create"),
    path("shared/<int:pk>/revoke/", views.share_link_revoke, name="share_link_revoke"),
]
