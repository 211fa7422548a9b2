"""Makes the recordings of this folder and `peaks.csv`: run it with Django set up, where FFmpeg is installed.

    python -m bench.with_django tests.videos.recorded_silence.make

Tests need neither: they read what is kept here.
"""

import csv
import re
import subprocess
from pathlib import Path

from tavusweb.videos.audio_inspection import inspect

FOLDER = Path(__file__).parent
RATE = 4000  # Hz
LENGTH = 3.05  # seconds
SOURCES = {
    "silence": f"anullsrc=r={RATE}:cl=mono:d={LENGTH}",
    "dither": f"anoisesrc=r={RATE}:a=0.00006:d={LENGTH}:seed=1",  # what is left of a muted input
    "hiss": f"anoisesrc=r={RATE}:a=0.002:d={LENGTH}:seed=1",  # -54 dB: can be heard
    "word-in-silence": f"sine=frequency=300:sample_rate={RATE}:duration=1,adelay=2000:all=1,apad=whole_dur={LENGTH}",
    "whisper": f"sine=frequency=300:sample_rate={RATE}:duration={LENGTH},volume=0.02",  # -52 dB
}
CODECS = ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw")
LARGE = dict.fromkeys(("pcm_s32le", "pcm_f32le", "pcm_f64le"), ("dither", "hiss"))  # what is left out to save space


def ffmpeg(*arguments: str) -> str:
    command = ["ffmpeg", "-hide_banner", "-nostdin", *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stderr


def files() -> dict[str, list[str]]:
    wav = {
        f"{name}-{codec}.wav": ["-c:a", codec]
        for codec in CODECS
        for name in SOURCES
        if name not in LARGE.get(codec, ())
    }
    mp3 = {f"{name}.mp3": ["-ar", "8000", "-b:a", "8k", "-write_xing", "0"] for name in SOURCES}
    stereo = {f"{name}-stereo.wav": ["-ac", "2"] for name in SOURCES}
    more = {
        "silence-vbr.mp3": ["-ar", "44100", "-ac", "2", "-q:a", "9"],
        "silence-44100.mp3": ["-ar", "44100", "-b:a", "32k"],
        "silence-mp3.wav": ["-ar", "8000", "-c:a", "libmp3lame", "-b:a", "8k"],
        "silence-adpcm.wav": ["-c:a", "adpcm_ms"],
        "silence-rf64.wav": ["-rf64", "always"],
        "silence-extensible.wav": ["-ac", "4"],
    }
    return wav | mp3 | stereo | more


def peak(path: Path) -> str:
    """The loudest sample that FFmpeg decodes, in dB."""
    told = re.search(r"max_volume: (\S+) dB", ffmpeg("-i", str(path), "-af", "volumedetect", "-f", "null", "-"))
    return told[1] if told else ""


def main() -> None:
    with (FOLDER / "peaks.csv").open("w", newline="", encoding="utf-8") as table:
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["file", "loudest sample decoded by FFmpeg, dB", "silent for us"])
        for name, options in files().items():
            source = next(SOURCES[each] for each in SOURCES if name.startswith(each))
            path = FOLDER / name
            ffmpeg("-bitexact", "-f", "lavfi", "-i", source, *options, "-y", str(path))
            with path.open("rb") as file:
                rows.writerow([name, peak(path), "yes" if inspect(file).is_silent else "no"])


if __name__ == "__main__":
    main()
