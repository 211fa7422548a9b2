from django.db import migrations

SCHEDULES = [
    {"name": "sweep", "func": "tavusweb.videos.tasks.sweep_now", "schedule_type": "I", "minutes": 1},
    {"name": "tidy", "func": "tavusweb.videos.tasks.tidy", "schedule_type": "D"},
]


def add(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    for schedule in SCHEDULES:
        Schedule.objects.update_or_create(name=schedule["name"], defaults=schedule | {"repeats": -1})


def remove(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    Schedule.objects.filter(name__in=[schedule["name"] for schedule in SCHEDULES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0001_initial"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [migrations.RunPython(add, remove)]
