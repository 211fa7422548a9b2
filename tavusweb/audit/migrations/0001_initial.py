import django.db.models.deletion
import django.utils.timezone
import tavusweb.audit.actions
from django.db import migrations, models

import tavusweb.search_field


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("last_seq", models.PositiveBigIntegerField(default=0)),
                ("last_hash", models.CharField(blank=True, max_length=64)),
                ("closed_seq", models.PositiveBigIntegerField(default=0)),
                ("closed_hash", models.CharField(blank=True, max_length=64)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_seal", models.CharField(blank=True, max_length=64)),
                (
                    "workspace",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="audit_chain",
                        to="workspaces.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("actor", models.CharField(blank=True, max_length=254, verbose_name="actor")),
                ("actor_pk", models.BigIntegerField(blank=True, null=True)),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="browser")),
                (
                    "action",
                    models.CharField(
                        choices=tavusweb.audit.actions.action_choices, max_length=30, verbose_name="action"
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=200, verbose_name="target")),
                ("target_type", models.CharField(blank=True, max_length=40)),
                ("target_pk", models.CharField(blank=True, max_length=64)),
                ("before", models.JSONField(blank=True, default=dict)),
                ("after", models.JSONField(blank=True, default=dict)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("seal", models.CharField(max_length=64)),
                ("actor_folded", tavusweb.search_field.FoldedField("actor", blank=True, default="", editable=False)),
                ("target_folded", tavusweb.search_field.FoldedField("target", blank=True, default="", editable=False)),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="audit.auditchain"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["chain", "action", "seq"], name="audit_by_action"),
                    models.Index(fields=["chain", "actor_pk", "seq"], name="audit_by_actor"),
                    models.Index(fields=["chain", "at"], name="audit_by_time"),
                ],
                "constraints": [models.UniqueConstraint(fields=("chain", "seq"), name="one_event_per_link")],
            },
        ),
    ]
