"""A minimal view behind the program's own middleware, as a baseline.

It looks up four rows by primary key and returns the requested number of bytes. A page as fast as this has nothing left
to save.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tavusweb import urls
from tavusweb.accounts.models import User
from tavusweb.sharing.models import ShareLink
from tavusweb.videos.models import Video
from tavusweb.workspaces.models import Workspace

handler500 = urls.handler500


def bare(request: HttpRequest, video: str, link: int, workspace: int, person: int, size: int) -> HttpResponse:
    rows = [
        Video.objects.get(pk=video),
        ShareLink.objects.get(pk=link),
        Workspace.objects.get(pk=workspace),
        User.objects.get(pk=person),
    ]
    return HttpResponse(b"x" * (size if all(rows) else 0))


urlpatterns = [
    *urls.urlpatterns,
    path("bare/<uuid:video>/<int:link>/<int:workspace>/<int:person>/<int:size>/", bare),
]
