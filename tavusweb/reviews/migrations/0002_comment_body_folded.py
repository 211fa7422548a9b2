from typing import Any

from django.db import migrations

import tavusweb.search_field
from tavusweb.text_policy import fold

BATCH = 500


def fold_bodies(apps: Any, schema_editor: Any) -> None:
    """Fold the comments that exist, batch by batch in the order of their keys."""
    comments = apps.get_model("reviews", "Comment")._base_manager.using(schema_editor.connection.alias)
    last = 0
    while rows := list(comments.filter(pk__gt=last).order_by("pk").only("pk", "body")[:BATCH]):
        for row in rows:
            row.body_folded = fold(row.body)
        comments.bulk_update(rows, ["body_folded"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="body_folded",
            field=tavusweb.search_field.FoldedField("body", blank=True, default="", editable=False),
        ),
        migrations.RunPython(fold_bodies, migrations.RunPython.noop),
    ]
