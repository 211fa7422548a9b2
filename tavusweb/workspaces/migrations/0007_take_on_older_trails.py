from typing import Any

from django.db import migrations
from django.utils import timezone


def take_on(apps: Any, schema_editor: Any) -> None:
    """From now on a trail begins with how its workspace came to be. Of those that do not, say that they are known."""
    workspaces, chains = apps.get_model("workspaces", "Workspace"), apps.get_model("workspaces", "AuditChain")
    for workspace in workspaces.objects.order_by("pk").iterator():
        name = f"{workspace.slug}#{workspace.pk}"
        chain = chains.objects.filter(workspace=workspace).first()
        if chain is None and not chains.objects.filter(name=name).exists():
            chain = chains.objects.create(workspace=workspace, name=name)
        if chain and not chain.closed_seq and not chain.events.filter(seq=1, deed="workspace_created").exists():
            append(apps.get_model("workspaces", "AuditEvent"), chain)


def append(events: Any, chain: Any) -> None:
    from tavusweb.workspaces import audit

    event = events(
        chain=chain,
        seq=chain.last_seq + 1,
        at=timezone.now(),
        deed="trail_taken_on",
        target=chain.workspace.name,
        target_type="workspaces.workspace",
        target_pk=str(chain.workspace_id),
        previous=chain.last_hash,
    )
    event.hash = audit.digest(event)
    event.seal = audit.seal(event.hash)
    event.save()
    chain.last_seq, chain.last_hash = event.seq, event.hash
    chain.save(update_fields=["last_seq", "last_hash"])


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0006_longer_agents"),
    ]

    operations = [
        migrations.RunPython(take_on, migrations.RunPython.noop),
    ]
