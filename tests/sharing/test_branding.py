"""A workspace's branding: what is accepted, and where it shows."""

import struct
import zlib
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.accounts.models import User
from tavusweb.sharing import codes
from tavusweb.sharing.colours import DARK, ENOUGH, LIGHT, Shades, as_hex, contrast
from tavusweb.sharing.logos import LARGEST, PNG, read
from tavusweb.sharing.models import Branding, ShareLink
from tavusweb.videos.models.status import Status
from tavusweb.workspaces.models import Workspace

BRANDING = reverse("branding", args=["acme"])


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 64, height: int = 32, *, extra: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return PNG + header + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 64, height: int = 32) -> bytes:
    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    exif, scan = segment(0xE1, b"Exif\0\0 52.5 N"), segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + exif + segment(0xDB, b"\0" * 65) + frame + scan + b"\xff\xd9"


def save(client: Client, **fields: Any) -> Any:
    return client.post(BRANDING, {"shows_ai_notice": "on"} | fields)


@pytest.fixture
def link(make_video: Any, maria: User) -> ShareLink:
    video = make_video(Status.READY, title="Launch", hosted_url="https://tavus.video/v1")
    return ShareLink.objects.create(video=video, created_by=maria)


def brand(link: ShareLink, **fields: Any) -> None:
    Branding.objects.update_or_create(workspace=link.video.workspace, defaults=fields)


class TestColours:
    @given(st.integers(0, 0xFFFFFF))
    def test_every_colour_has_readable_shades(self, number: int) -> None:
        shades = Shades.of(f"#{number:06x}")

        assert contrast(shades.light, LIGHT) >= ENOUGH
        assert contrast(shades.dark, DARK) >= ENOUGH
        assert contrast(shades.on_light, shades.light) >= ENOUGH
        assert contrast(shades.on_dark, shades.dark) >= ENOUGH

    def test_readable_colour_is_unchanged(self) -> None:
        assert Shades.of("#0057b8").light == "#0057b8"

    @pytest.mark.parametrize(
        ("text", "colour"),
        [("#ABC", "#aabbcc"), ("7a34a8", "#7a34a8"), ("red", ""), ("#12345", ""), ("#0057b8;}", ""), ("", "")],
    )
    def test_colour_notations_are_parsed(self, text: str, colour: str) -> None:
        assert as_hex(text) == colour


class TestLogos:
    @pytest.mark.parametrize(("content", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg")], ids=["PNG", "JPEG"])
    def test_image_is_kept_with_its_size(self, content: bytes, kind: str) -> None:
        picture = read(content)

        assert (picture.content_type, picture.width, picture.height) == (kind, 64, 32)
        assert read(picture.content) == picture

    def test_image_metadata_is_stripped(self) -> None:
        hidden = chunk(b"tEXt", b"Comment\0at home")

        assert b"at home" not in read(png(extra=hidden) + b"<script>").content
        assert b"<script>" not in read(png(extra=hidden) + b"<script>").content
        assert b"52.5 N" not in read(jpeg()).content

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files can contain scripts"),
            (b"GIF89a", "Use a PNG or JPEG"),
            (b"", "Use a PNG or JPEG"),
            (png()[:-8], "damaged"),
            (png().replace(b"IDATx", b"IDATy", 1), "damaged"),
            (jpeg()[:40], "damaged"),
            (png(extra=chunk(b"EVIL", b"")), "damaged"),
            (png(8, 8), "16 to 2000 pixels"),
            (png(2001, 16), "16 to 2000 pixels"),
            (b"\0" * (LARGEST + 1), "limit is 200 KB"),
        ],
    )
    def test_other_files_are_rejected(self, content: bytes, problem: str) -> None:
        with pytest.raises(ValidationError, match=problem):
            read(content)

    @given(st.binary(max_size=200), st.sampled_from([PNG, b"\xff\xd8\xff\xe0"]))
    def test_any_bytes_are_accepted_or_rejected_without_crashing(self, rest: bytes, beginning: bytes) -> None:
        with pytest.raises(ValidationError):
            read(beginning + rest)


class TestPage:
    def test_owner_can_change_the_branding(self, as_maria: Client, workspace: Workspace) -> None:
        logo = ContentFile(png(), "logo.png")
        answer = save(as_maria, accent="#0057B8", logo=logo, footer="Acme Ltd", comments_heading="Your questions")

        saved = Branding.objects.get(workspace=workspace)
        assert answer.status_code == 302
        assert (saved.accent, saved.footer, saved.comments_heading) == ("#0057b8", "Acme Ltd", "Your questions")
        assert (saved.logo_width, saved.logo_height, saved.logo_type) == (64, 32, "image/png")

    def test_logo_stays_until_it_is_removed(self, as_maria: Client, workspace: Workspace) -> None:
        save(as_maria, logo=ContentFile(png(), "logo.png"))
        save(as_maria, footer="Acme Ltd")
        assert Branding.objects.get().has_logo

        save(as_maria, remove_logo="on")

        assert not Branding.objects.get().has_logo
        assert not Branding.objects.get().logo

    def test_refused_values_are_explained_and_change_nothing(self, as_maria: Client, workspace: Workspace) -> None:
        page = save(as_maria, accent="red", logo=ContentFile(b"<svg/>", "logo.svg"), footer="Typed")

        assert page.status_code == 422
        assert "Enter a colour such as #7a34a8." in page.text
        assert "SVG files can contain scripts" in page.text
        assert 'value="Typed"' in page.text
        assert not Branding.objects.exists()

    def test_oversized_logo_is_rejected_during_upload(self, as_maria: Client, workspace: Workspace) -> None:
        page = save(as_maria, logo=ContentFile(png() + b"\0" * LARGEST, "logo.png"))

        assert page.status_code == 422
        assert "The limit is 200 KB." in page.text

    def test_pale_colour_is_explained(self, as_maria: Client, workspace: Workspace) -> None:
        save(as_maria, accent="#ffff00")

        page = as_maria.get(BRANDING).text

        assert "In the light theme, a darker shade of this colour is used" in page
        assert "In the dark theme" not in page

    def test_preview_can_be_framed_only_by_this_site(self, as_maria: Client, workspace: Workspace) -> None:
        save(as_maria, accent="#0057b8", footer="Acme Ltd", logo=ContentFile(png(), "logo.png"))

        page = as_maria.get(reverse("branding_preview", args=["acme"]))

        assert "Acme Ltd" in page.text
        assert "/style/0057b8.css" in page.text
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
        assert as_maria.get(reverse("branding_logo", args=["acme"])).content.startswith(PNG)


class TestPublicPages:
    def test_public_pages_show_the_branding(self, link: ShareLink) -> None:
        brand(link, accent="#0057b8", footer="Acme <Ltd>", **Branding.columns_of(read(png(400, 40))))
        link.comments = "named"
        link.approval = True
        link.save()
        brand(link, comments_heading="Your questions", approval_heading="Shall we?")

        page = Client().get(link.get_absolute_url()).text

        assert page.count("stylesheet") == 1, "instead of the usual one, so that it costs no request"
        assert 'href="/style/0057b8.css?v=' in page
        assert "Acme &lt;Ltd&gt;" in page
        assert 'alt="Acme" width="200" height="20"' in page
        assert ">Your questions</h2>" in page
        assert ">Shall we?</h2>" in page
        assert "tavusweb" not in page.partition("<body>")[2]

    def test_gate_is_branded_and_gone_pages_are_anonymous(self, link: ShareLink) -> None:
        brand(link, accent="#0057b8", footer="Acme Ltd", **Branding.columns_of(read(png())))
        link.put_password("open sesame")
        link.save()
        assert 'alt="Acme"' in Client().get(link.get_absolute_url()).text
        logo = reverse("share_logo", args=[link.token])
        assert Client().get(logo).content.startswith(PNG)

        link.revoke(by=link.created_by)

        gone = Client().get(link.get_absolute_url()).text
        assert "Acme" not in gone
        assert "/style/0057b8.css" in gone
        assert Client().get(logo).status_code == 404

    def test_logo_is_served_with_its_content_type(self, link: ShareLink) -> None:
        brand(link, **Branding.columns_of(read(png())))

        answer = Client().get(reverse("share_logo", args=[link.token]))

        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")

    def test_accent_style_sheet_extends_the_public_one(self) -> None:
        plain = Client().get("/style/ffff00.css")
        small = Client().get("/style/ffff00.css", headers={"Accept-Encoding": "gzip"})

        assert "--accent:#7a7a00" in plain.text.replace(" ", "")
        assert ".player" in plain.text
        assert plain["Content-Type"] == "text/css; charset=utf-8"
        assert "immutable" in plain["Cache-Control"]
        assert zlib.decompress(small.content, 31) == plain.content
        assert len(small.content) < 5_000

    @pytest.mark.parametrize("name", ["red", "FFFF00", "fff", "0057b8;x", "12345g"])
    def test_style_sheet_of_an_invalid_colour_is_404(self, name: str) -> None:
        assert Client().get(f"/style/{name}.css").status_code == 404

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "This video was made with AI."),
            ("de", "Dieses Video wurde mit KI erstellt."),
            ("fr", "Cette vidéo a été réalisée avec l’IA."),
            ("es", "Este vídeo se ha creado con IA."),
        ],
    )
    def test_ai_notice_is_on_in_the_visitors_language(self, language: str, words: str, link: ShareLink) -> None:
        assert words in Client().get(link.get_absolute_url(), headers={"Accept-Language": language}).text

    def test_ai_notice_has_the_workspaces_words_or_is_off(self, link: ShareLink) -> None:
        link.embed_sites = "https://blog.example"
        link.save()
        addresses = [link.get_absolute_url(), reverse("share_embed", args=[link.token])]
        brand(link, ai_notice="Presented by a digital twin of Ada.")
        assert all("a digital twin of Ada" in Client().get(address).text for address in addresses)

        brand(link, shows_ai_notice=False)

        assert not any("ai-notice" in Client().get(address).text for address in addresses)


def test_mails_to_viewers_end_with_the_footer(link: ShareLink, mailoutbox: list[Any]) -> None:
    brand(link, footer="Acme Ltd & Sons")
    cache.set(f"share-code:{link.pk}:ada@example.com", "123456", 60)

    codes.mail(link.pk, "ada@example.com", "en")

    assert mailoutbox[0].body.rstrip().endswith("-- \nAcme Ltd & Sons")


class TestPreview:
    def preview(self, client: Client, link: ShareLink, query: str = "") -> Any:
        return client.get(reverse("share_link_preview", args=["acme", link.pk]) + query)

    def test_preview_matches_the_viewers_page_and_is_not_counted(self, as_maria: Client, link: ShareLink) -> None:
        link.comments = "named"
        link.save()

        page = self.preview(as_maria, link)

        assert "Preview" in page.text
        assert 'src="https://tavus.video/v1"' in page.text
        assert "data-visit" not in page.text
        assert "form-action 'none'" in page["Content-Security-Policy"]

    def test_gated_link_is_previewed_before_and_after_its_gate(self, as_maria: Client, link: ShareLink) -> None:
        link.put_password("open sesame")
        link.view_limit = 1
        link.save()

        before, after = self.preview(as_maria, link), self.preview(as_maria, link, "?after=gate")

        assert "This video is password protected" in before.text
        assert "tavus.video" not in before.text
        assert 'src="https://tavus.video/v1"' in after.text
        link.refresh_from_db()
        assert link.views_used == 0

    def test_revoked_link_is_previewed_as_revoked(self, as_maria: Client, link: ShareLink) -> None:
        link.revoke(by=link.created_by)

        assert "This link no longer works" in self.preview(as_maria, link, "?after=gate").text

    def test_preview_does_not_mark_a_pending_video_as_watched(
        self, as_maria: Client, make_video: Any, maria: User
    ) -> None:
        waiting = ShareLink.objects.create(video=make_video(Status.GENERATING), created_by=maria)

        page = self.preview(as_maria, waiting).text

        assert "This video is being created." in page
        assert "data-live" not in page
