from django import forms


class ShareForm(forms.Form):
    """The rules of a new share link."""

    password = forms.CharField(
        label="Password for this link",
        required=False,
        strip=False,
        min_length=8,
        max_length=100,
        error_messages={"min_length": "Use at least 8 characters: who has the link may try many."},
    )


class UnlockForm(forms.Form):
    password = forms.CharField(
        strip=False,
        max_length=100,
        error_messages={"max_length": "This is not the password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
