from django.contrib.auth.password_validation import MinimumLengthValidator

from tavusweb.text_policy import as_secret


class MinimumLength(MinimumLengthValidator):
    """Counts the characters of a password as it is compared: none that are invisible, no blanks around it."""

    def validate(self, password: str, user: object = None) -> None:
        super().validate(as_secret(password), user)  # type: ignore[arg-type]
