"""The form in which a video is made: nothing typed is lost, nothing is bought by accident, what cannot be is not shown."""

import io
import wave

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import steps


@pytest.fixture
def form(page: Page, workspace: str) -> Page:
    """Maria's page, at the form of a new video."""
    page.goto(f"{workspace}videos/new/")
    return page


def test_a_draft_is_kept_when_the_form_is_left(form: Page) -> None:
    steps.fill_video(form, title="Half a thought", script="First sentence.")
    expect(form.get_by_text("Draft saved")).to_be_visible()
    form.get_by_label("Script", exact=True).press_sequentially(" And a second one.")
    steps.go_to(form, "Videos")  # before that was saved by itself

    steps.row(form, "Half a thought").get_by_role("link").click()

    expect(form.get_by_label("Script", exact=True)).to_have_value("First sentence. And a second one.")
    expect(form.get_by_label("Replica", exact=True)).to_have_value(steps.SANDBOX_REPLICA)


def test_a_form_that_was_left_at_once_is_offered_again(form: Page, workspace: str) -> None:
    form.get_by_label("Title", exact=True).fill("Called away")
    steps.go_to(form, "Videos")
    expect(form.get_by_role("heading", name="Videos", level=1)).to_be_visible()

    form.goto(f"{workspace}videos/new/")
    form.get_by_role("link", name="Called away").click()

    expect(form.get_by_label("Title", exact=True)).to_have_value("Called away")


def test_enter_in_the_title_generates_nothing(form: Page) -> None:
    steps.fill_video(form, title="Too quick", script="Hello.")

    form.get_by_label("Title", exact=True).press("Enter")

    expect(form.get_by_text("Draft saved")).to_be_visible()
    steps.go_to(form, "Videos")
    expect(steps.row(form, "Too quick").locator("[data-status=draft]")).to_be_visible()


def test_a_double_click_on_generate_makes_one_video(form: Page) -> None:
    steps.fill_video(form, title="Only once", script="Hello.")

    form.get_by_role("button", name="Generate", exact=True).dblclick()

    expect(form.get_by_role("heading", name="Only once", level=1)).to_be_visible()
    steps.go_to(form, "Videos")
    expect(form.locator("[data-video]")).to_have_count(1)


def test_going_back_from_a_video_does_not_lead_to_a_form_that_would_make_it_again(form: Page) -> None:
    steps.fill_video(form, title="Back and forth", script="Hello.")
    expect(form.get_by_text("Draft saved")).to_be_visible()
    steps.generate(form)
    expect(form.get_by_role("heading", name="Back and forth", level=1)).to_be_visible()

    form.go_back()

    expect(form.get_by_role("heading", name="Back and forth", level=1)).to_be_visible()
    expect(form.get_by_role("button", name="Generate", exact=True)).to_be_hidden()


def test_only_options_that_can_apply_are_shown(form: Page) -> None:
    fast, transparent = (
        form.get_by_label("Fast render", exact=True),
        form.get_by_label("Transparent background", exact=True),
    )
    background, address = form.get_by_label("Background", exact=True), form.get_by_label("Background URL", exact=True)
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
    expect(counter).to_contain_text("0 characters, 0 words")

    form.get_by_label("Script", exact=True).press_sequentially("Hello there, Maria")

    expect(counter).to_contain_text("18 characters, 3 words")
    expect(counter).to_contain_text("about 1 s")


def test_the_first_wrong_field_has_the_focus_and_the_rest_is_kept(form: Page) -> None:
    form.get_by_label("Title", exact=True).fill("Nobody on screen")
    form.get_by_label("Background", exact=True).select_option("video")
    form.get_by_label("Background URL", exact=True).fill("ftp://example.com/film.mp4")

    steps.generate(form)

    expect(form.get_by_label("Replica", exact=True)).to_be_focused()
    for name in ("Replica", "Script", "Background URL"):
        field = form.get_by_label(name, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        error = form.locator(f"#{field.get_attribute('id')}_error")
        expect(error).to_be_visible()
    expect(form.get_by_label("Title", exact=True)).to_have_value("Nobody on screen")
    expect(form.get_by_label("Background URL", exact=True)).to_have_value("ftp://example.com/film.mp4")


def test_a_recording_is_taken_and_spoken(form: Page) -> None:
    steps.fill_video(form, title="In my own voice", script="")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("voice.wav", seconds=4))

    steps.generate(form)

    expect(form.get_by_role("heading", name="In my own voice", level=1)).to_be_visible()
    expect(form.get_by_text("voice.wav")).to_be_visible()
    expect(steps.status(form)).to_have_attribute("data-status", "ready", timeout=steps.RENDERED)


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (FilePayload(name="notes.mp3", mimeType="audio/mpeg", buffer=b"Just a text, not a sound. " * 40), "MP3"),
        (FilePayload(name="empty.wav", mimeType="audio/wav", buffer=b""), "empty"),
    ],
    ids=["text", "empty"],
)
def test_what_is_no_recording_is_refused_beside_the_field(form: Page, file: FilePayload, problem: str) -> None:
    steps.fill_video(form, title="Wrong file", script="")
    form.get_by_label("Audio file", exact=True).set_input_files(file)

    steps.generate(form)

    field = form.get_by_label("Audio file", exact=True)
    expect(field).to_be_focused()
    expect(form.locator(f"#{field.get_attribute('id')}_error")).to_contain_text(problem)
    expect(form.get_by_label("Title", exact=True)).to_have_value("Wrong file")
    expect(form.get_by_label("Replica", exact=True)).to_have_value(steps.SANDBOX_REPLICA)


def test_a_good_recording_is_kept_when_something_else_is_wrong(form: Page) -> None:
    steps.fill_video(form, title="One thing missing", script="", replica="")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("voice.wav", seconds=4))
    steps.generate(form)
    expect(form.get_by_label("Replica", exact=True)).to_be_focused()
    expect(form.get_by_text("voice.wav")).to_be_visible()

    form.get_by_label("Replica", exact=True).fill(steps.SANDBOX_REPLICA)
    steps.generate(form)

    expect(form.get_by_role("heading", name="One thing missing", level=1)).to_be_visible()
    expect(form.get_by_text("voice.wav")).to_be_visible()


def test_a_recording_that_is_too_short_is_refused(form: Page) -> None:
    steps.fill_video(form, title="Too short", script="")
    form.get_by_label("Audio file", exact=True).set_input_files(recording("short.wav", seconds=1))

    steps.generate(form)

    expect(form.locator("#id_audio_file_error")).to_contain_text("Tavus needs at least 3")


def recording(name: str, *, seconds: int) -> FilePayload:
    """A WAV of silence."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * seconds))
    return FilePayload(name=name, mimeType="audio/wav", buffer=content.getvalue())
