"""Bring notices to people's mailboxes: collect what is due into letters, and send the letters."""


def deliver() -> None:
    """A task of django-q2's schedule, each minute."""
