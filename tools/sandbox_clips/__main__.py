"""Create every picture, sound and clip in the sandbox: `python -m tools.sandbox_clips [name …]`.

Needs ffmpeg, a Chromium (`CHROMIUM`, default /usr/bin/chromium) and the test requirements (Playwright).
Everything is generated from scratch, so no other licence applies to the results.
"""

import math
import os
import subprocess
import sys
import wave
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tools.sandbox_clips.portrait import APPEARANCES, LOOP, frame

STATIC = Path(__file__).resolve().parents[2] / "static" / "sandbox" / "presenters"
LENGTH = 6.0  # seconds
FRAME_RATE = 20
SAMPLE_RATE = 32_000

# The presenter's melody: (start in seconds, length in seconds, semitones above A3). One mouth movement per note.
TUNE = (
    *((0.30, 0.26, 0), (0.60, 0.26, 4), (0.90, 0.30, 7), (1.25, 0.26, 4), (1.55, 0.26, 9), (1.85, 0.50, 7)),
    *((3.10, 0.26, 5), (3.40, 0.26, 9), (3.70, 0.26, 7), (4.00, 0.30, 4), (4.35, 0.26, 2), (4.65, 0.70, 0)),
)


def loudness(at: float, length: float) -> float:
    """Return the loudness of a note, 0…1, `at` seconds after it began."""
    return math.sin(math.pi * at / length) ** 1.3 if 0 < at < length else 0.0


def mouth(at: float) -> float:
    return max(loudness(at - start, length) * (0.55 + 0.05 * (step % 9)) for start, length, step in TUNE)


def hum(path: Path, transposed: int) -> None:
    samples = array("h")
    for index in range(int(LENGTH * SAMPLE_RATE)):
        at, level = index / SAMPLE_RATE, 0.0
        for start, length, step in TUNE:
            if swell := loudness(at - start, length):
                turn = 2 * math.pi * (at - start) * 220 * 2 ** ((step + transposed) / 12)
                level += swell * (math.sin(turn) + 0.28 * math.sin(2 * turn) + 0.09 * math.sin(3 * turn))
        samples.append(int(7_500 * level))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def draw(page: Page, name: str, seconds: float, *, backdrop: bool) -> Iterator[bytes]:
    for number in range(int(seconds * FRAME_RATE)):
        at = number / FRAME_RATE
        page.set_content(f"<body style='margin:0'>{frame(name, at, mouth(at), backdrop=backdrop)}")
        yield page.screenshot(omit_background=not backdrop)


def ffmpeg(*options: str, fed: bytes = b"") -> None:
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", *options], input=fed, check=True)  # noqa: S607


def encode(pictures: Iterable[bytes], sound: Path | None, *options: str) -> None:
    sources = ["-f", "image2pipe", "-framerate", str(FRAME_RATE), "-i", "-", *(("-i", str(sound)) if sound else ())]
    ffmpeg(*sources, "-map_metadata", "-1", "-fflags", "+bitexact", *options, fed=b"".join(pictures))


H264 = (
    *("-c:v", "libx264", "-preset", "veryslow", "-tune", "animation", "-profile:v", "main", "-pix_fmt", "yuv420p"),
    *("-x264-params", "aq-mode=3:aq-strength=1.6:deblock=2,2"),  # no banding in the wall's gradient
)


def film(page: Page, name: str, sound: Path) -> None:
    pictures = list(draw(page, name, LENGTH, backdrop=True))
    clip, loop = STATIC / f"{name}.mp4", pictures[: int(LOOP * FRAME_RATE)]
    # A key frame every three seconds, where the HLS segments are cut.
    encode(pictures, sound, *H264, "-crf", "33", "-g", str(3 * FRAME_RATE), "-keyint_min", str(3 * FRAME_RATE),
           "-sc_threshold", "0", "-c:a", "aac", "-b:a", "18k", "-movflags", "+faststart", str(clip))  # fmt: skip
    ffmpeg("-i", str(clip), "-c", "copy", "-fflags", "+bitexact", "-f", "hls", "-hls_time", "3",
           "-hls_playlist_type", "vod", "-hls_segment_filename", str(STATIC / f"{name}-%d.ts"),
           str(STATIC / f"{name}.m3u8"))  # fmt: skip
    encode(loop, None, *H264, "-crf", "31", "-vf", "scale=320:-2", "-an", "-movflags", "+faststart",
           str(STATIC / f"{name}-loop.mp4"))  # fmt: skip
    encode([pictures[8]], None, "-q:v", "8", str(STATIC / f"{name}.jpg"))
    encode(loop, None, "-vf", "fps=6,scale=160:-1:flags=area,split[a][b];[a]palettegen=24[p];[b][p]paletteuse=dither=none",
           str(STATIC / f"{name}.gif"))  # fmt: skip
    encode(draw(page, name, LENGTH, backdrop=False), sound, "-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-crf", "58",
           "-b:v", "0", "-deadline", "good", "-cpu-used", "1", "-auto-alt-ref", "0", "-c:a", "libopus", "-b:a", "16k",
           str(STATIC / f"{name}.webm"))  # fmt: skip


def main(names: list[str]) -> None:
    STATIC.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 640, "height": 360})
        for place, name in enumerate(APPEARANCES):
            if not names or name in names:
                sound = Path(folder) / f"{name}.wav"
                hum(sound, transposed=(0, -7, 3, -5, 2, -9, 4, -10)[place])
                film(page, name, sound)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
