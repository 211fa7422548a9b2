"""The video form: typed text is kept, nothing is bought by accident, options that cannot apply are hidden."""

import io
import re
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import steps


@pytest.fixture
def form(page: Page, workspace: str) -> Page:
    """Maria's page, showing the form for a new video."""
    page.goto(f"{workspace}videos/new/")
    return page


def test_draft_is_kept_when_the_form_is_left(form: Page) -> None:
    steps.fill_video(form, title="Half a thought", script="First sentence.")
    expect(form.get_by_text("Draft saved")).to_be_visible()
    form.get_by_label("Script", exact=True).press_sequentially(" And a second one.")
    steps.go_to(form, "Videos")  # before the autosave

    steps.row(form, "Half a thought").get_by_role("link").click()

    expect(form.get_by_label("Script", exact=True)).to_have_value("First sentence. And a second one.")
    expect(form.get_by_label("Replica", exact=True)).to_have_value(steps.SANDBOX_REPLICA)


def test_text_of_a_form_left_immediately_is_offered_again(form: Page, workspace: str) -> None:
    form.get_by_label("Title", exact=True).fill("Called away")
    steps.go_to(form, "Videos")
    expect(form.get_by_role("heading", name="Videos", level=1)).to_be_visible()

    form.goto(f"{workspace}videos/new/")
    form.get_by_role("link", name="Called away").click()

    expect(form.get_by_label("Title", exact=True)).to_have_value("Called away")


def test_enter_in_the_title_does_not_generate(form: Page) -> None:
    steps.fill_video(form, title="Too quick", script="Hello.")

    form.get_by_label("Title", exact=True).press("Enter")

    expect(form.get_by_text("Draft saved")).to_be_visible()
    steps.go_to(form, "Videos")
    expect(steps.row(form, "Too quick").locator("[data-status=draft]")).to_be_visible()


def test_double_click_on_generate_creates_one_video(form: Page) -> None:
    steps.fill_video(form, title="Only once", script="Hello.")

    form.get_by_role("button", name="Generate", exact=True).dblclick()

    expect(form.get_by_role("heading", name="Only once", level=1)).to_be_visible()
    steps.go_to(form, "Videos")
    expect(form.locator("[data-video]")).to_have_count(1)


def test_going_back_from_a_video_does_not_offer_to_generate_it_again(form: Page) -> None:
    steps.fill_video(form, title="Back and forth", script="Hello.")
    expect(form.get_by_text("Draft saved")).to_be_visible()
    steps.generate(form)
    expect(form.get_by_role("heading", name="Back and forth", level=1)).to_be_visible()

    form.go_back()

    expect(form.get_by_role("heading", name="Back and forth", level=1)).to_be_visible()
    expect(form.get_by_role("button", name="Generate", exact=True)).to_be_hidden()


def test_only_applicable_options_are_shown(form: Page) -> None:
    fast, transparent = (
        form.get_by_label("Fast render", exact=True),
        form.get_by_label("Transparent background", exact=True),
    )
    background, address = form.get_by_label("Background", exact=True), form.get_by_label("Background URL", exact=True)
    steps.unfold(form, "Rendering")
    steps.unfold(form, "Background")
    expect(fast).to_be_visible()
    expect(transparent).to_be_hidden()
    expect(address).to_be_hidden()

    background.select_option("page")
    expect(address).to_be_visible()
    fast.check()
    expect(transparent).to_be_visible()
    expect(background).to_be_hidden()
    expect(address).to_be_hidden()
    fast.uncheck()

    expect(transparent).to_be_hidden()
    expect(background).to_have_value("page")


def test_characters_words_and_length_are_counted_while_typing(form: Page) -> None:
    counter = form.locator("#script_count")
    expect(counter).to_contain_text("Characters: 0, words: 0")

    form.get_by_label("Script", exact=True).press_sequentially("Hello there, Maria")

    expect(counter).to_contain_text("Characters: 18, words: 3")
    expect(counter).to_contain_text("about 1 s")


def test_first_invalid_field_has_the_focus_and_the_rest_is_kept(form: Page) -> None:
    form.get_by_label("Title", exact=True).fill("Nobody on screen")
    steps.unfold(form, "Background")
    form.get_by_label("Background", exact=True).select_option("video")
    form.get_by_label("Background URL", exact=True).fill("ftp://example.com/film.mp4")

    steps.generate(form)

    expect(form.get_by_label("Script", exact=True)).to_be_focused()
    for name in ("Replica", "Script", "Background URL"):
        field = form.get_by_label(name, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        error = form.locator(f"#{field.get_attribute('id')}_error")
        expect(error).to_be_visible()
    expect(form.get_by_label("Title", exact=True)).to_have_value("Nobody on screen")
    expect(form.get_by_label("Background URL", exact=True)).to_have_value("ftp://example.com/film.mp4")


def test_recording_is_uploaded_and_rendered(form: Page) -> None:
    steps.fill_video(form, title="In my own voice", script="")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("voice.wav", seconds=4))

    steps.generate(form)

    expect(form.get_by_role("heading", name="In my own voice", level=1)).to_be_visible()
    expect(form.get_by_text("voice.wav")).to_be_visible()
    expect(steps.status(form)).to_have_attribute("data-status", "ready", timeout=steps.RENDERED)


MP3 = Path(__file__).parents[1] / "videos/recorded/mp3-vbr-no-index.mp3"


@pytest.mark.parametrize(
    ("file", "facts"),
    [
        (lambda: recording("voice.wav", seconds=75), "voice.wav · 1.1 MB · WAV · 1 min 15 s"),
        (lambda: FilePayload(name="v.mp3", mimeType="audio/mpeg", buffer=MP3.read_bytes()), "v.mp3 · 5 kB · MP3 · 4 s"),
    ],
    ids=["wav", "mp3"],
)
def test_recording_is_described_before_it_is_sent(form: Page, file: Callable[[], FilePayload], facts: str) -> None:
    form.get_by_label("Audio file", exact=True).set_input_files(file())

    expect(form.get_by_text(facts, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (lambda: plain("notes.mp3", b"Just a text, not a sound. " * 40), "This looks like a text file."),
        (lambda: plain("empty.wav", b""), "This file is empty."),
        (lambda: plain("paper.mp3", b"%PDF-1.7 and so on"), "This looks like a PDF."),
        (lambda: plain("song.mp3", b"\0\0\0\x20ftypM4A " + bytes(500)), "This is M4A audio. Convert it to MP3 or WAV."),
        (lambda: recording("short.wav", seconds=1), "This recording is 1 second long. The minimum is 3 seconds."),
        (lambda: recording("long.wav", seconds=605), "This recording is 10 min 5 s long. The maximum is 10 minutes."),
    ],
    ids=["text", "empty", "pdf", "m4a", "short", "long"],
)
def test_unusable_recording_is_refused_before_it_is_sent(
    form: Page, file: Callable[[], FilePayload], problem: str
) -> None:
    steps.fill_video(form, title="Wrong file", script="")
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.url) if "multipart" in str(request.headers) else None)
    field = form.get_by_label("Audio file", exact=True)
    field.set_input_files(file())
    expect(form.locator(f"#{field.get_attribute('id')}_error")).to_contain_text(problem)

    steps.generate(form)

    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Title", exact=True)).to_have_value("Wrong file")
    assert sent == []


def test_removing_an_unusable_recording_frees_the_form(form: Page) -> None:
    steps.fill_video(form, title="Spoken after all", script="Hello.")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("short.wav", seconds=1))
    form.get_by_role("button", name="Remove", exact=True).click()
    expect(form.locator("#id_audio_file_error")).to_have_count(0)
    steps.speak_from(form, "Script")

    steps.generate(form)

    expect(form.get_by_role("heading", name="Spoken after all", level=1)).to_be_visible()


def test_upload_shows_its_progress_and_can_be_cancelled(form: Page) -> None:
    steps.fill_video(form, title="A long way", script="")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("voice.wav", seconds=590))
    network = form.context.new_cdp_session(form)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 500_000}
    network.send("Network.emulateNetworkConditions", slow)

    steps.generate(form)

    expect(form.get_by_role("progressbar", name="Upload")).to_be_visible()
    expect(form.get_by_text(re.compile(r"\d\.\d of 9\.0 MB"))).to_be_visible()
    form.get_by_role("button", name="Cancel upload").click()
    expect(form.get_by_role("progressbar", name="Upload")).to_be_hidden()
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    steps.generate(form)
    expect(form.get_by_role("heading", name="A long way", level=1)).to_be_visible()


def test_valid_recording_is_kept_when_another_field_is_invalid(form: Page) -> None:
    steps.fill_video(form, title="One thing missing", script="", replica="")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("voice.wav", seconds=4))
    steps.generate(form)
    expect(form.get_by_label("Replica", exact=True)).to_be_focused()
    expect(form.get_by_text("voice.wav")).to_be_visible()

    form.get_by_label("Replica", exact=True).fill(steps.SANDBOX_REPLICA)
    steps.generate(form)

    expect(form.get_by_role("heading", name="One thing missing", level=1)).to_be_visible()
    expect(form.get_by_text("voice.wav")).to_be_visible()


def test_folded_part_says_what_is_chosen_in_it(form: Page) -> None:
    line = form.locator("details.option > summary").filter(has_text="Rendering")
    expect(line).to_contain_text("Start with a wave")

    steps.unfold(form, "Rendering")
    form.get_by_label("Start with a wave", exact=True).uncheck()

    expect(line).to_contain_text("Standard")


def test_file_chosen_before_going_back_to_the_script_is_not_sent(form: Page) -> None:
    steps.fill_video(form, title="In writing", script="Hello.")
    steps.speak_from(form, "Recording")
    expect(form.get_by_label("Script", exact=True)).to_be_hidden()
    form.get_by_label("Audio file", exact=True).set_input_files(recording("voice.wav", seconds=4))
    steps.speak_from(form, "Script")

    steps.generate(form)

    expect(form.get_by_role("heading", name="In writing", level=1)).to_be_visible()
    expect(form.get_by_text("voice.wav")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_notes_appear_while_typing_and_generate_stays_in_reach(form: Page, width: int) -> None:
    form.set_viewport_size({"width": width, "height": 720})

    steps.fill_video(form, title="Hard to say", script="Hello.\nYour order is 4711234.")

    note = form.locator("[data-finding=number]")
    expect(note).to_contain_text("Line 2")
    expect(form.get_by_role("button", name="Generate", exact=True)).to_be_in_viewport()
    assert form.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form.get_by_label("Script", exact=True).fill("Hello.")
    expect(note).to_have_count(0)


def test_replica_that_the_list_lacks_is_told_before_generate(form: Page, workspace: str) -> None:
    form.goto(f"{workspace}replicas/")
    expect(form.get_by_text("My replica").first).to_be_visible(timeout=steps.SOON)
    form.goto(f"{workspace}videos/new/")
    steps.fill_video(form, title="Nobody", script="Hello.", replica="nonsense")
    expect(form.locator("[data-finding=replica]")).to_be_visible()

    steps.generate(form)

    expect(form.get_by_label("Replica", exact=True)).to_be_focused()


def plain(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="audio/mpeg", buffer=content)


def recording(name: str, *, seconds: int) -> FilePayload:
    """Make a silent WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * seconds))
    return FilePayload(name=name, mimeType="audio/wav", buffer=content.getvalue())
