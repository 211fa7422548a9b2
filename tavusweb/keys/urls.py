from django.urls import path

from .views import actions, checking, one, replicas

urlpatterns = [
    path("keys/", one.keys, name="keys"),
    path("keys/add/", checking.key_add, name="key_add"),
    path("keys/<uuid:pk>/", one.key, name="key"),
    path("keys/<uuid:pk>/rename/", one.key_rename, name="key_rename"),
    path("keys/<uuid:pk>/limit/", one.key_limit, name="key_limit"),
    path("keys/<uuid:pk>/replace/", checking.key_replace, name="key_replace"),
    path("keys/<uuid:pk>/check/", checking.key_check, name="key_check"),
    path("keys/<uuid:pk>/default/", actions.key_default, name="key_default"),
    path("keys/<uuid:pk>/freeze/", actions.key_freeze, name="key_freeze"),
    path("keys/<uuid:pk>/unfreeze/", actions.key_unfreeze, name="key_unfreeze"),
    path("keys/<uuid:pk>/delete/", actions.key_delete, name="key_delete"),
    path("replicas/", replicas.replicas, name="replicas"),
    path("replicas/refresh/", replicas.replicas_refresh, name="replicas_refresh"),
    path("replicas/grid/", replicas.replica_grid, name="replica_grid"),
    path("replicas/picker/", replicas.replica_picker, name="replica_picker"),
]
