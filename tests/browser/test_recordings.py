"""The browser's check of a recording never contradicts the server's, which is authoritative."""

import base64
import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

FOLDER = Path(__file__).parents[1] / "videos/recorded"
INSPECT = """async (content) => {
  const script = document.querySelector("script[src*='js/recording']").src;
  const { inspect } = await import(script);
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  return inspect(new File([bytes], "recording"));
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
