"""A view that does next to nothing, beside the program's own pages and behind the same middleware.

It looks four rows up by their primary keys, and answers as many bytes as it is asked for. A page that is as fast as
this does nothing that could be spared.
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
