from django.apps import AppConfig


class Accounts(AppConfig):
    name = "tavusweb.accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from . import receivers  # noqa: F401 - its receivers register themselves
        from .mfa import note_set_up
        from .sessions import note_sign_in

        user_logged_in.connect(note_sign_in)
        authenticator_added.connect(note_set_up)
