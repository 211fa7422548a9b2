from django.apps import AppConfig


class Accounts(AppConfig):
    name = "tavusweb.accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from .sessions import note_sign_in

        user_logged_in.connect(note_sign_in)
