"""Names of browsers."""

from django.utils.translation import gettext as _

# The first match counts: most browsers also claim to be others.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),  # not translated: a name
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """Return "Firefox on Windows" for a User-Agent header; the header itself when it is unknown."""
    names = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    program, system = names
    if program and system:
        return _("%(browser)s on %(system)s") % {"browser": program, "system": system}
    return program or system or user_agent or _("Unknown browser")
