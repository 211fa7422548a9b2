from django.apps import AppConfig


class Inbox(AppConfig):
    name = "tavusweb.inbox"

    def ready(self) -> None:
        from tavusweb.notify.registry import register_judge, register_words

        from .access import visible
        from .words import WORDS

        register_judge(visible)
        for kind, words in WORDS.items():
            register_words(kind, words)
