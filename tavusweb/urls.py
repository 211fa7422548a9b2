from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tavusweb.backoffice.views import health as backoffice
from tavusweb.reviews.views import certificates
from tavusweb.sharing.views import brand, embed
from tavusweb.team.views import accept_invitation
from tavusweb.videos.views import audio, callback
from tavusweb.workspaces import views

handler500 = "tavusweb.failures.server_error"

workspace_pages: list[URLPattern | URLResolver] = [
    path("", views.enter, name="workspace"),
    path("", include("tavusweb.team.urls")),
    path("", include("tavusweb.keys.urls")),
    path("", include("tavusweb.videos.urls")),
    path("", include("tavusweb.inbox.urls")),
    path("", include("tavusweb.library.urls")),
    path("", include("tavusweb.reviews.urls")),
    path("", include("tavusweb.sharing.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("workspaces/", views.workspace_list, name="workspaces"),
    path("workspaces/new/", views.workspace_new, name="workspace_new"),
    path("invitations/<str:token>/", accept_invitation.invitation, name="invitation"),
    path("w/<slug:slug>/", include(workspace_pages)),
    path("s/", include("tavusweb.sharing.public_urls")),
    path("style/<str:accent>.css", brand.brand_style, name="brand_style"),
    path(".well-known/tavusweb-certificates.json", certificates.certificate_keys, name="certificate_keys"),
    path("oembed", embed.oembed, name="oembed"),
    path("callbacks/<str:secret>/", callback.tavus_callback, name="tavus_callback"),
    path("audio/<str:token>/recording.<str:extension>", audio.audio_file, name="audio_file"),
    path("", include("tavusweb.notify.urls")),
    path("account/", include("tavusweb.accounts.urls")),
    path("backoffice/", include("tavusweb.backoffice.urls")),
    path("admin/", admin.site.urls),
    path("healthz", backoffice.healthz, name="healthz"),
    path("readyz", backoffice.readyz, name="readyz"),
]
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("tavusweb.sandbox.urls")))
