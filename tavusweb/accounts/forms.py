from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from .models import User


class JoinForm(forms.Form):
    """What an invited person without an account gives: a name and a password. The address is the invitation's."""

    name = forms.CharField(label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        return password

    def save(self) -> User:
        return User.objects.create_user(self.email, self.cleaned_data["password"], name=self.cleaned_data["name"])
