from django.db import migrations, models


SCHEDULES = [
    {"name": "sweep", "func": "tavusweb.engine.tasks.sweep_now", "schedule_type": "I", "minutes": 1, "repeats": -1},
    {"name": "tidy", "func": "tavusweb.backoffice.maintenance.tidy", "schedule_type": "H", "repeats": -1},
    {"name": "notify", "func": "tavusweb.notify.delivery.deliver", "schedule_type": "I", "minutes": 1, "repeats": -1},
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
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("holder", models.CharField(max_length=32)),
                ("renewed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(add_schedules, remove_schedules),
    ]
