from django.urls import path

from .views import inbox

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/live/", inbox.inbox_live, name="inbox_live"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<uuid:pk>/<slug:act>/", inbox.inbox_act, name="inbox_act"),
]
