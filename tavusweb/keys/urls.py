from django.urls import path

from . import views

urlpatterns = [
    path("keys/", views.keys, name="keys"),
    path("keys/add/", views.key_add, name="key_add"),
    path("keys/<uuid:pk>/", views.key, name="key"),
    path("keys/<uuid:pk>/rename/", views.key_rename, name="key_rename"),
    path("keys/<uuid:pk>/limit/", views.key_limit, name="key_limit"),
    path("keys/<uuid:pk>/replace/", views.key_replace, name="key_replace"),
    path("keys/<uuid:pk>/check/", views.key_check, name="key_check"),
    path("keys/<uuid:pk>/default/", views.key_default, name="key_default"),
    path("keys/<uuid:pk>/freeze/", views.key_freeze, name="key_freeze"),
    path("keys/<uuid:pk>/unfreeze/", views.key_unfreeze, name="key_unfreeze"),
    path("keys/<uuid:pk>/delete/", views.key_delete, name="key_delete"),
    path("replicas/", views.replicas, name="replicas"),
    path("replicas/refresh/", views.replicas_refresh, name="replicas_refresh"),
    path("replicas/grid/", views.replica_grid, name="replica_grid"),
    path("replicas/picker/", views.replica_picker, name="replica_picker"),
]
