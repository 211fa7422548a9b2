from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """What we change of allauth: nobody signs up without an invitation, and mail names this server's public address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Allauth writes links with the name that the request came under, which a visitor chooses."""
        asked_under = f"{self.request.scheme}://{self.request.get_host()}/"
        public = {
            name: f"{settings.SITE_URL}/{value.removeprefix(asked_under)}"
            for name, value in context.items()
            if isinstance(value, str) and value.startswith(asked_under)
        }
        site = {"domain": urlsplit(settings.SITE_URL).netloc}
        super().send_mail(template_prefix, email, context | public | {"current_site": site})
