import django.db.models.deletion
import django.utils.timezone
import secrets
import tavusweb.search_field
import tavusweb.videos.models.audio
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("keys", "0001_initial"),
        ("workspaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AudioFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file", models.FileField(max_length=200, upload_to=tavusweb.videos.models.audio._path)),
                ("name", models.CharField(max_length=200, verbose_name="original file name")),
                ("extension", models.CharField(max_length=3)),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("seconds", models.FloatField()),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audio_files",
                        to="workspaces.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Video",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                ("replica_id", models.CharField(blank=True, max_length=200, verbose_name="replica")),
                ("replica_name", models.CharField(blank=True, editable=False, max_length=200)),
                ("script", models.TextField(blank=True, verbose_name="script")),
                ("audio_url", models.URLField(blank=True, max_length=2000, verbose_name="audio URL")),
                (
                    "background",
                    models.CharField(
                        choices=[("none", "Replica’s default"), ("page", "Web page"), ("video", "Video")],
                        default="none",
                        max_length=5,
                        verbose_name="background",
                    ),
                ),
                ("background_url", models.URLField(blank=True, max_length=2000, verbose_name="background URL")),
                ("background_scroll", models.BooleanField(default=True, verbose_name="scroll the page")),
                (
                    "background_scroll_type",
                    models.CharField(
                        choices=[("human", "Natural"), ("smooth", "Smooth")],
                        default="human",
                        max_length=6,
                        verbose_name="scroll style",
                    ),
                ),
                (
                    "background_scroll_depth",
                    models.CharField(
                        choices=[("middle", "Middle of the page"), ("bottom", "Bottom of the page")],
                        default="middle",
                        max_length=6,
                        verbose_name="scroll to",
                    ),
                ),
                (
                    "background_scroll_return",
                    models.CharField(
                        choices=[("return", "Return to top"), ("halt", "Stay")],
                        default="return",
                        max_length=6,
                        verbose_name="after scrolling",
                    ),
                ),
                (
                    "watermark_image_url",
                    models.URLField(blank=True, max_length=2000, verbose_name="watermark image URL"),
                ),
                ("fast", models.BooleanField(default=False, verbose_name="fast render")),
                ("transparent_background", models.BooleanField(default=False, verbose_name="transparent background")),
                ("start_with_wave", models.BooleanField(default=True, verbose_name="start with a wave")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("saved_in", models.CharField(blank=True, editable=False, max_length=36)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("unsure", "Checking with Tavus"),
                            ("queued", "Queued"),
                            ("generating", "Generating"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("deleted", "Deleted"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("status_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "wait",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("turn", "Next in the queue."),
                            (
                                "slots",
                                "This API key has reached its concurrency limit. This video will be sent when a slot is free.",
                            ),
                            ("rate_limited", "Tavus asked us to slow down."),
                            (
                                "out_of_credits",
                                "Your Tavus account is out of credits. This video will be sent when credits are added.",
                            ),
                            (
                                "key_refused",
                                "Tavus rejected this API key. This video will be sent when the key works again.",
                            ),
                            ("key_frozen", "This API key is frozen. This video will be sent when the key is unfrozen."),
                            ("key_unreadable", "This server can’t decrypt the API key. Replace the key to continue."),
                            ("unreachable", "Couldn’t reach Tavus. We’ll try again automatically."),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="reason for waiting",
                    ),
                ),
                ("wait_detail", models.CharField(blank=True, editable=False, max_length=500)),
                ("next_attempt_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("attempt", models.PositiveIntegerField(default=0, editable=False, verbose_name="submissions")),
                ("submission_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "is_mark_seen",
                    models.BooleanField(default=False, editable=False, verbose_name="mark was seen at Tavus"),
                ),
                (
                    "is_named_by_us",
                    models.BooleanField(default=True, editable=False, verbose_name="named by this server at Tavus"),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "tavus_id",
                    models.CharField(
                        blank=True, db_index=True, editable=False, max_length=200, verbose_name="Tavus ID"
                    ),
                ),
                (
                    "unconfirmed_id",
                    models.CharField(
                        blank=True,
                        choices=[("answer", "An answer without a name"), ("person", "A person")],
                        editable=False,
                        max_length=6,
                        verbose_name="source of a Tavus ID that is not confirmed",
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("expected_seconds", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("failure_code", models.CharField(blank=True, editable=False, max_length=30)),
                (
                    "missing_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="first proven absent at"),
                ),
                (
                    "resent_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="re-sent automatically at"
                    ),
                ),
                ("process_deaths", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "asks",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_witness", "This API key has no other videos at Tavus to check its list against."),
                            ("too_long", "The list of videos at Tavus is too long to check completely."),
                            (
                                "no_proof",
                                "Tavus’s list couldn’t be read completely and consistently within 10 minutes.",
                            ),
                            ("absent_again", "It was already sent again once and is missing at Tavus again."),
                            ("died_twice", "The process that was sending it stopped twice."),
                            (
                                "key_replaced",
                                "The API key has been replaced, so the list may belong to another account.",
                            ),
                            ("other_answer", "Tavus answered with a video under another name."),
                            ("other_video", "This Tavus ID belongs to another video."),
                            ("id_not_found", "Tavus has no video with this ID."),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="reason for asking a person",
                    ),
                ),
                ("search_report", models.JSONField(blank=True, default=dict, editable=False)),
                ("has_extra_copies", models.BooleanField(default=False, editable=False)),
                (
                    "recheck_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="next search for extra copies"
                    ),
                ),
                ("remote_status", models.CharField(blank=True, editable=False, max_length=60)),
                ("remote_details", models.TextField(blank=True, editable=False)),
                ("hosted_url", models.URLField(blank=True, editable=False, max_length=4096)),
                ("download_url", models.URLField(blank=True, editable=False, max_length=4096)),
                ("stream_url", models.URLField(blank=True, editable=False, max_length=4096)),
                ("thumbnail_url", models.URLField(blank=True, editable=False, max_length=4096)),
                ("gif_url", models.URLField(blank=True, editable=False, max_length=4096)),
                ("remote_created_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("remote_updated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("title_folded", tavusweb.search_field.FoldedField("title", blank=True, default="", editable=False)),
                ("script_folded", tavusweb.search_field.FoldedField("script", blank=True, default="", editable=False)),
                (
                    "replica_folded",
                    tavusweb.search_field.FoldedField("replica_name", blank=True, default="", editable=False),
                ),
                ("next_poll_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("polled_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("poll_failures", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "not_found_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="not-found answers in a row"),
                ),
                ("watched_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lease", models.CharField(blank=True, editable=False, max_length=16)),
                ("lease_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "lateness",
                    models.CharField(
                        blank=True, choices=[("slow", "Slow"), ("stuck", "Stuck")], editable=False, max_length=5
                    ),
                ),
                ("late_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "defect",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason for quarantine"),
                ),
                ("defect_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "callback_secret",
                    models.CharField(default=secrets.token_urlsafe, editable=False, max_length=43, unique=True),
                ),
                ("wants_rename", models.BooleanField(default=False, editable=False)),
                (
                    "wants_delete",
                    models.CharField(
                        blank=True,
                        choices=[("soft", "Delete"), ("hard", "Delete permanently")],
                        editable=False,
                        max_length=4,
                    ),
                ),
                (
                    "api_key",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="videos",
                        to="keys.apikey",
                        verbose_name="API key",
                    ),
                ),
                (
                    "recheck_key",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rechecked_videos",
                        to="keys.apikey",
                    ),
                ),
                (
                    "audio",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="videos",
                        to="videos.audiofile",
                    ),
                ),
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
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="videos", to="workspaces.workspace"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemoteCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("extra", "Extra"), ("past", "Left by a retry")], max_length=5)),
                ("tavus_id", models.CharField(max_length=200, verbose_name="Tavus ID")),
                ("attempt", models.PositiveIntegerField()),
                ("seconds", models.FloatField(blank=True, null=True, verbose_name="estimated length in seconds")),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("delete_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("delete_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("not_found_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("deleted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "api_key",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="remote_copies",
                        to="keys.apikey",
                    ),
                ),
                (
                    "video",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copies", to="videos.video"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "remote copies",
                "ordering": ["attempt", "pk"],
            },
        ),
        migrations.CreateModel(
            name="VideoEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("generated", "Created"),
                            ("submitting", "Sending to Tavus"),
                            ("accepted", "Accepted by Tavus"),
                            ("adopted", "Found at Tavus"),
                            ("waiting", "Waiting"),
                            ("refused", "Rejected by Tavus"),
                            ("unsure", "No clear response from Tavus. Checking whether it received the video."),
                            ("asked_person", "Needs a decision"),
                            ("resent", "Not at Tavus. Sent again."),
                            ("resolved", "Resolved: Tavus has this video"),
                            ("resolved_missing", "Resolved: Tavus doesn’t have this video"),
                            ("retried", "Retried"),
                            ("cancelled", "Cancelled"),
                            ("rendering", "Rendering started"),
                            ("ready", "Ready"),
                            ("failed", "Failed at Tavus"),
                            ("delete_requested", "Deletion requested"),
                            ("deleted", "Deleted"),
                            ("gone", "No longer at Tavus"),
                            ("renamed", "Renamed"),
                            ("extra_copy_found", "Extra copy found at Tavus"),
                            ("extra_copy_delete", "Deletion of the extra copy requested"),
                            ("extra_copy_deleted", "Extra copy deleted at Tavus"),
                            ("extra_copy_not_found", "Extra copy not found at Tavus"),
                            ("slow", "Taking longer than usual"),
                            ("stuck", "Stuck at Tavus. The operator has been notified in the server log."),
                        ],
                        max_length=20,
                        verbose_name="what happened",
                    ),
                ),
                (
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("unsure", "Checking with Tavus"),
                            ("queued", "Queued"),
                            ("generating", "Generating"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("unsure", "Checking with Tavus"),
                            ("queued", "Queued"),
                            ("generating", "Generating"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("data", models.JSONField(blank=True, default=dict)),
                ("provider_message", models.TextField(blank=True, verbose_name="message from Tavus")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "video",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="videos.video"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="video_library",
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                models.F("workspace"),
                models.F("status"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="video_by_status",
            ),
        ),
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
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("next_poll_at__isnull", False)),
                fields=["api_key", "next_poll_at"],
                name="video_due",
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("status", "waiting")), fields=["api_key", "next_attempt_at"], name="video_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("lease_until__isnull", False)), fields=["lease"], name="video_lease"
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                models.F("api_key"),
                models.OrderBy(models.F("finished_at"), descending=True),
                condition=models.Q(("status", "ready")),
                name="video_finished",
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(condition=models.Q(("late_at__isnull", False)), fields=["late_at"], name="video_late"),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(condition=models.Q(("status", "sending")), fields=["lease_until"], name="video_sending"),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(fields=["api_key", "status"], name="video_by_key"),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("recheck_at__isnull", False)),
                fields=["recheck_key", "recheck_at"],
                name="video_recheck",
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("asks", ""), _negated=True), fields=["workspace"], name="video_asking"
            ),
        ),
        migrations.AddIndex(
            model_name="remotecopy",
            index=models.Index(
                condition=models.Q(("delete_at__isnull", False)), fields=["api_key", "delete_at"], name="copy_to_delete"
            ),
        ),
        migrations.AddConstraint(
            model_name="remotecopy",
            constraint=models.UniqueConstraint(fields=("video", "tavus_id"), name="one_copy_per_id"),
        ),
        migrations.AddIndex(
            model_name="videoevent",
            index=models.Index(fields=["video", "at"], name="videos_vide_video_i_7a259b_idx"),
        ),
        migrations.CreateModel(
            name="DraftVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("window", models.CharField(max_length=36)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("fields", models.JSONField(default=dict)),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "video",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="videos.video"
                    ),
                ),
            ],
            options={
                "ordering": ["saved_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("video", "window"), name="one_version_per_window")],
            },
        ),
    ]
