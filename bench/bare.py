"""A minimal view behind the program's own middleware, as a baseline.

It looks up four rows by primary key and returns the requested number of bytes. A page as fast as this has nothing left
to save.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tavusweb import urls
from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Membership, Workspace

handler500 = urls.handler500
LONG = ("script", "script_folded", "title_folded", "replica_folded", "remote_details")


def bare(request: HttpRequest, video: str, link: int, workspace: int, person: int, size: int) -> HttpResponse:
    rows = [
        Video.objects.get(pk=video),
        ShareLink.objects.get(pk=link),
        Workspace.objects.get(pk=workspace),
        User.objects.get(pk=person),
    ]
    return HttpResponse(b"x" * (size if all(rows) else 0))


def bare_page(
    request: HttpRequest, workspace: int, video: str, key: str, link: int, rows: int, size: int
) -> HttpResponse:
    """What a member's page cannot do without: the session, the person and six more look-ups, and its rows."""
    member = Membership.objects.select_related("workspace").get(user=request.user, workspace=workspace)
    found = [
        Video.objects.get(pk=video),
        APIKey.objects.get(pk=key),
        ShareLink.objects.get(pk=link),
        Workspace.objects.get(pk=workspace),
        list(member.workspace.videos.current().defer(*LONG).order_by("-created_at", "-id")[:rows])
        if rows
        else member.role,
    ]
    return HttpResponse(b"x" * (size if all(found) else 0))


urlpatterns = [
    *urls.urlpatterns,
    path("bare-page/<int:workspace>/<uuid:video>/<uuid:key>/<int:link>/<int:rows>/<int:size>/", bare_page),
    path("bare/<uuid:video>/<int:link>/<int:workspace>/<int:person>/<int:size>/", bare),
]
