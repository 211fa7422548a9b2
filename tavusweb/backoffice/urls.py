from django.urls import path
from django.views.generic import RedirectView

from .views import audit_log, health, links

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index", http_method_names=["get", "head"]), name="backoffice"),
    path("audit-log/", audit_log.audit_log, name="backoffice_audit_log"),
    path("audit-log/export.<str:form>", audit_log.audit_log_export, name="backoffice_audit_log_export"),
    path("links/<int:pk>/", links.link, name="backoffice_link"),
    path("components/", health.components, name="components"),
]
