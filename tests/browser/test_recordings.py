"""The browser's check of a recording never contradicts the server's, which is authoritative."""

import base64
import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

FOLDER = Path(__file__).parents[1] / "videos/recorded"
SILENCE = Path(__file__).parents[1] / "videos/recorded_silence"
# The browser decodes ADPCM and MP3, the server does not; not every browser decodes 64 bits. Dither is at the limit.
ONLY_ONE_OF_THEM = {"silence-adpcm.wav", "silence-pcm_f64le.wav", *(path.name for path in SILENCE.glob("dither*"))}
INSPECT = """async (content) => {
  const script = document.querySelector("script[src*='js/recording']").src;
  const { inspect } = await import(script);
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  return inspect(new File([bytes], "recording"));
}"""
IS_SILENT = """async (content) => {
  const { inspect } = await import(document.querySelector("script[src*='js/recording']").src);
  const silence = performance.getEntriesByType("resource").find(({ name }) => name.includes("js/silence")).name;
  const { isSilent } = await import(silence);
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const file = new File([bytes], "recording");
  return isSilent(file, await inspect(file)).catch(() => false);
}"""
ENCODER_PADDING = 0.25  # seconds at 8 kHz, which only the browser counts


def test_browser_never_contradicts_the_server(page: Page, workspace: str) -> None:
    page.goto(f"{workspace}videos/new/")
    table = list(csv.reader((FOLDER / "lengths.csv").read_text(encoding="utf-8").splitlines()))[1:]
    measured = 0

    for name, _, verdict in table:
        content = base64.b64encode((FOLDER / name).read_bytes()).decode()
        judged: dict[str, Any] = page.evaluate(INSPECT, content)

        taken = verdict.split() if verdict.startswith(("mp3 ", "wav ")) else None
        if taken is None:
            assert judged.get("problem", verdict) == verdict, name
        else:
            assert "problem" not in judged, name
            assert judged.get("type", taken[0].upper()) == taken[0].upper(), name
        if taken and judged.get("seconds") is not None:
            measured += 1
            assert judged["seconds"] == pytest.approx(float(taken[1]), abs=ENCODER_PADDING), name
    assert measured > len(table) / 3


def test_browser_calls_silent_what_the_server_does(page: Page, workspace: str) -> None:
    page.goto(f"{workspace}videos/new/")
    table = list(csv.reader((SILENCE / "peaks.csv").read_text(encoding="utf-8").splitlines()))[1:]

    told = {
        name
        for name, _, _ in table
        if page.evaluate(IS_SILENT, base64.b64encode((SILENCE / name).read_bytes()).decode())
    }

    assert told ^ {name for name, _, silent in table if silent == "yes"} <= ONLY_ONE_OF_THEM
    assert not {name for name, peak, _ in table if name in told and float(peak) > -70}


def test_silent_recording_is_noted_before_anything_is_sent(page: Page, workspace: str) -> None:
    page.goto(f"{workspace}videos/new/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "multipart" in str(request.headers) else None)
    field, note = page.get_by_label("Audio file", exact=True), page.locator("#silent_note")

    field.set_input_files(SILENCE / "silence-pcm_s16le.wav")
    expect(note).to_have_text("Nothing can be heard in this recording. The replica won’t speak.")
    field.set_input_files(SILENCE / "whisper.mp3")
    expect(note).to_be_hidden()
    field.set_input_files(SILENCE / "silence-vbr.mp3")
    expect(note).to_be_visible()
    page.locator("[data-about]").get_by_role("button", name="Remove").click()
    expect(note).to_be_hidden()

    assert sent == []


def test_silent_recording_can_be_generated_all_the_same(page: Page, workspace: str) -> None:
    page.goto(f"{workspace}videos/new/")
    page.get_by_label("Title", exact=True).fill("Pause")
    page.get_by_label("Replica", exact=True).fill(steps.SANDBOX_REPLICA)
    page.get_by_label("Audio file", exact=True).set_input_files(SILENCE / "silence.mp3")
    expect(page.locator("#silent_note")).to_be_visible()

    steps.generate(page)

    expect(page.get_by_role("heading", name="Pause", level=1)).to_be_visible()
