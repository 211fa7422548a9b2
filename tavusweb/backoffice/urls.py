from django.urls import path
from django.views.generic import RedirectView

from . import trail, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index", http_method_names=["get", "head"]), name="backoffice"),
    path("trail/", trail.trail, name="backoffice_trail"),
    path("trail/export.<str:form>", trail.trail_export, name="backoffice_trail_export"),
    path("components/", views.components, name="components"),
]
