"""Two takes and a link to the first. Runs inside the site through `Site.seed(…, module="take_seeds")`."""

from django.urls import reverse

from tavusweb.sharing.models import ShareLink
from tavusweb.workspaces.models import Workspace
from tests.browser.seeds import _asked_for, _key, _maria, _until_ready


def two_takes() -> dict[str, str]:
    """Create two ready videos and an approvable link to the first; return the link's pages and the second's id."""
    made = Workspace.objects.create_with_owner("Takes", _maria())
    key = _key(made, "Practice")
    first, second = (
        _asked_for(made, key, title, script=f"{title}, all done.") for title in ("First take", "Second take")
    )
    _until_ready(first, second)
    link = ShareLink.objects.create(video=first, created_by=_maria(), approval=True)
    takes = reverse("share_link_takes", args=[made.slug, link.pk])
    return {"share": link.get_absolute_url(), "takes": takes, "second": str(second.pk)}
