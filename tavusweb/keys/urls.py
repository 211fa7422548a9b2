from django.urls import path

from .views import actions, credentials, detail, replicas

urlpatterns = [
    path("keys/", detail.keys, name="keys"),
    path("keys/add/", credentials.key_add, name="key_add"),
    path("keys/<uuid:pk>/", detail.key, name="key"),
    path("keys/<uuid:pk>/rename/", detail.key_rename, name="key_rename"),
    path("keys/<uuid:pk>/limit/", detail.key_limit, name="key_limit"),
    path("keys/<uuid:pk>/replace/", credentials.key_replace, name="key_replace"),
    path("keys/<uuid:pk>/check/", credentials.key_check, name="key_check"),
    path("keys/<uuid:pk>/default/", actions.key_default, name="key_default"),
    path("keys/<uuid:pk>/freeze/", actions.key_freeze, name="key_freeze"),
    path("keys/<uuid:pk>/unfreeze/", actions.key_unfreeze, name="key_unfreeze"),
    path("keys/<uuid:pk>/delete/", actions.key_delete, name="key_delete"),
    path("replicas/", replicas.replicas, name="replicas"),
    path("replicas/refresh/", replicas.replicas_refresh, name="replicas_refresh"),
    path("replicas/grid/", replicas.replica_grid, name="replica_grid"),
    path("replicas/picker/", replicas.replica_picker, name="replica_picker"),
]
