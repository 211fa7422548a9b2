from django.db import migrations, models


SCHEDULES = [
    {
        "name": "sandbox callbacks",
        "func": "tavusweb.sandbox.callbacks.send_due",
        "schedule_type": "I",
        "minutes": 1,
        "repeats": -1,
    },
]


def add_schedules(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    for schedule in SCHEDULES:
        Schedule.objects.update_or_create(name=schedule["name"], defaults=schedule)


def remove_schedules(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    Schedule.objects.filter(name__in=[schedule["name"] for schedule in SCHEDULES]).delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.CreateModel(
            name="SandboxReplica",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.CharField(help_text="SHA-256 of the API key that asked for it", max_length=64)),
                ("name", models.TextField()),
                (
                    "request",
                    models.JSONField(help_text="What was asked for, as it came; emptied when deleted for good"),
                ),
                ("size", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("erased", models.BooleanField(default=False, help_text="Deleted for good, with its files")),
                (
                    "callback_due_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        help_text="When its callback is sent; empty when none is, or no longer",
                        null=True,
                    ),
                ),
                ("replica_id", models.CharField(max_length=12)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key_hash", "replica_id"), name="sandbox_one_replica_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxVideo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.CharField(help_text="SHA-256 of the API key that asked for it", max_length=64)),
                ("name", models.TextField()),
                (
                    "request",
                    models.JSONField(help_text="What was asked for, as it came; emptied when deleted for good"),
                ),
                ("size", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("erased", models.BooleanField(default=False, help_text="Deleted for good, with its files")),
                (
                    "callback_due_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        help_text="When its callback is sent; empty when none is, or no longer",
                        null=True,
                    ),
                ),
                ("video_id", models.CharField(max_length=10, unique=True)),
                (
                    "training_until",
                    models.DateTimeField(blank=True, help_text="When the training of its replica ends", null=True),
                ),
                ("replica_fails", models.BooleanField(default=False, help_text="Whether that training fails")),
            ],
            options={
                "indexes": [models.Index(fields=["key_hash", "erased", "-id"], name="sandbox_newest_of_key")],
            },
        ),
        migrations.RunPython(add_schedules, remove_schedules),
    ]
