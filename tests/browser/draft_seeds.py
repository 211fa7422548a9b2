"""Drafts for browser tests, created inside the site; see `seeds`."""

from tavusweb.videos.models import DraftVersion, Video
from tavusweb.workspaces.models import Workspace
from tests.browser.seeds import _maria

LONG = "Long script, typed twice. " * 60


def two_versions(slug: str) -> str:
    """Create a draft with a version from another window; return the path of their comparison."""
    made = Workspace.objects.get(slug=slug)
    key = made.api_keys.first()
    draft = Video.objects.create(
        workspace=made, title="Two windows", script=f"{LONG}\n\nمرحبا", api_key=key, created_by=_maria()
    )
    draft.script, draft.title = f"{LONG}\n\nAnother ending.", "Two windows, and a title as long as one may well type it"
    fields = DraftVersion.storable(draft.spec)
    version = DraftVersion.objects.create(video=draft, window="other", saved_by=_maria(), fields=fields)
    return f"/w/{slug}/videos/{draft.pk}/versions/{version.pk}/"
