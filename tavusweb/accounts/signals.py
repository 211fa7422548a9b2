"""What happens to accounts that allauth does not know of, for whoever wants to hear it."""

from django.dispatch import Signal

name_changed = Signal()  # request, user, was
