from django.urls import path
from django.views.generic import RedirectView

from .views import audit, health

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index", http_method_names=["get", "head"]), name="backoffice"),
    path("trail/", audit.trail, name="backoffice_trail"),
    path("trail/export.<str:form>", audit.trail_export, name="backoffice_trail_export"),
    path("components/", health.components, name="components"),
]
