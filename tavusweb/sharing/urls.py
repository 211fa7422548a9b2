from django.urls import path

from .views import links

urlpatterns = [
    path("shared/", links.shared_links, name="shared_links"),
    path("videos/<uuid:pk>/share/", links.share_link_create, name="share_link_create"),
    path("shared/<int:pk>/", links.share_link, name="share_link"),
    path("shared/<int:pk>/restore/", links.share_link_restore, name="share_link_restore"),
    path("shared/<int:pk>/revoke/", links.share_link_revoke, name="share_link_revoke"),
]
