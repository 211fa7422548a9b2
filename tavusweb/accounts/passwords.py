from django.contrib.auth.password_validation import MinimumLengthValidator

from tavusweb.text_policy import as_secret


class MinimumLength(MinimumLengthValidator):
    """Count the characters of a password as it is compared: without invisible ones and surrounding blanks."""

    def validate(self, password: str, user: object = None) -> None:
        super().validate(as_secret(password), user)  # type: ignore[arg-type]
