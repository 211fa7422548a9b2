import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

import tavusweb.search_field


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workspaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="APIKey",
            fields=[
                (
                    "health",
                    models.CharField(
                        choices=[
                            ("unchecked", "Not checked yet"),
                            ("works", "Works"),
                            ("not_recognised", "Not recognised"),
                            ("not_allowed", "Not allowed from this server"),
                            ("out_of_credits", "Out of credits"),
                            ("rate_limited", "Rate limited"),
                            ("unreachable", "Tavus unreachable"),
                            ("unreadable", "Can’t be decrypted"),
                        ],
                        default="unchecked",
                        max_length=20,
                    ),
                ),
                ("health_detail", models.CharField(blank=True, max_length=500, verbose_name="message from Tavus")),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("worked_at", models.DateTimeField(blank=True, null=True, verbose_name="last success")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="last failure")),
                (
                    "failed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unchecked", "Not checked yet"),
                            ("works", "Works"),
                            ("not_recognised", "Not recognised"),
                            ("not_allowed", "Not allowed from this server"),
                            ("out_of_credits", "Out of credits"),
                            ("rate_limited", "Rate limited"),
                            ("unreachable", "Tavus unreachable"),
                            ("unreadable", "Can’t be decrypted"),
                        ],
                        max_length=20,
                        verbose_name="kind of the last failure",
                    ),
                ),
                (
                    "failed_detail",
                    models.CharField(blank=True, max_length=500, verbose_name="message from Tavus at the last failure"),
                ),
                ("polls_wait_until", models.DateTimeField(blank=True, null=True)),
                ("submissions_wait_until", models.DateTimeField(blank=True, null=True)),
                (
                    "max_slots",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many videos this key may have in production at Tavus.",
                        null=True,
                        verbose_name="videos at once",
                    ),
                ),
                (
                    "learned_slots",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="videos at once, learned from Tavus"
                    ),
                ),
                ("learned_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("requests_at_once", models.PositiveSmallIntegerField(default=8)),
                (
                    "replicas_refresh_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="next refresh of the replicas"
                    ),
                ),
                ("replicas_read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "replicas_whole_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="replicas last read completely at"
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("sealed", models.TextField(editable=False)),
                ("last4", models.CharField(editable=False, max_length=4)),
                ("is_sandbox", models.BooleanField(default=False, verbose_name="sandbox")),
                (
                    "sandbox_digest",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
                ),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("replaced_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted at")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predecessors",
                        to="keys.apikey",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="api_keys", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "ordering": ["created_at"],
            },
        ),
        migrations.CreateModel(
            name="Replica",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("replica_id", models.CharField(max_length=200)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(blank=True, choices=[("user", "Custom"), ("system", "Stock")], max_length=10),
                ),
                ("status", models.CharField(blank=True, max_length=60)),
                ("training_progress", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("thumbnail_url", models.URLField(blank=True, max_length=4096)),
                ("image_url", models.URLField(blank=True, max_length=4096)),
                ("error_message", models.CharField(blank=True, max_length=500)),
                ("is_usable", models.BooleanField(default=True)),
                ("seen_at", models.DateTimeField()),
                ("name_folded", tavusweb.search_field.FoldedField("name", blank=True, default="", editable=False)),
                (
                    "api_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replicas", to="keys.apikey"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "name", "replica_id"],
            },
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None), ("successor", None)),
                fields=("workspace", "name"),
                name="one_current_key_per_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("workspace",), name="one_default_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="replica",
            constraint=models.UniqueConstraint(fields=("api_key", "replica_id"), name="one_replica_per_key"),
        ),
    ]
