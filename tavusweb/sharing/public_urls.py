from django.urls import path

from .views import public

urlpatterns = [
    path("<str:token>/", public.share, name="share"),
    path("<str:token>/panel/", public.share_panel, name="share_panel"),
]
