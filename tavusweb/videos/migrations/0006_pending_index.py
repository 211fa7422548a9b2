from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0005_frozen_keys")]

    operations = [
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("status", "generating"),
                    ("status", "queued"),
                    ("status", "sending"),
                    ("status", "unsure"),
                    ("status", "waiting"),
                    _connector="OR",
                ),
                name="video_pending",
            ),
        ),
    ]
