"""Makes the recordings of this folder and `lengths.csv`: run it with Django set up, where FFmpeg is installed.

    python -m bench.with_django tests.videos.recorded.make

Tests need neither: they read what is kept here.
"""

import csv
import random
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

from tavusweb.videos.audio_inspection import AudioProblem, inspect
from tests.videos.recordings import chunk, id3

FOLDER = Path(__file__).parent
SHORT = 0.5  # seconds of what is refused for its type


def ffmpeg(name: str, *options: str, seconds: float = 3.5, rate: int = 8000, source: str = "") -> bytes:
    """What FFmpeg makes of a tone (or of another source)."""
    tone = source or f"sine=frequency=300:sample_rate={rate}:duration={seconds}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        command = ["ffmpeg", "-v", "error", "-nostdin", "-bitexact", "-f", "lavfi", "-i", tone, *options, "-y"]
        done = subprocess.run([*command, str(path)], capture_output=True, check=False)
        if done.returncode:
            print(f"{name}: {done.stderr.decode().strip().splitlines()[-1]}")
            return b""
        return path.read_bytes()


def mp3(*options: str, rate: int = 8000, bit_rate: str = "8k", seconds: float = 3.5, index: bool = False) -> bytes:
    bare = ("-write_xing", "1" if index else "0", "-id3v2_version", "0")
    return ffmpeg("x.mp3", "-b:a", bit_rate, *bare, *options, rate=rate, seconds=seconds)


def wav(codec: str = "pcm_u8", *options: str, rate: int = 1000, seconds: float = 3.5) -> bytes:
    return ffmpeg("x.wav", "-c:a", codec, "-ar", str(rate), *options, seconds=seconds)


def ape(is_header: bool) -> bytes:
    item = struct.pack("<II", 5, 0) + b"Title\0Hello"
    flags = 0x80000000 | (0x20000000 if is_header else 0)
    mark = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, flags) + bytes(8)
    foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0x80000000) + bytes(8)
    return mark + item + foot


def mp3_files() -> dict[str, bytes]:
    files = {
        f"mp3-{rate}.mp3": mp3(rate=rate, bit_rate="32k" if rate >= 32_000 else "8k")
        for rate in (8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
    }
    plain = files["mp3-8000.mp3"]
    indexed = mp3(index=True)
    noise = random.Random(3).randbytes
    half = len(plain) // 2
    lyrics = b"LYRICSBEGININD0000200" + b"LYR00005Hello"
    frames = indexed.find(b"Info") + 8
    promise = indexed[:frames] + struct.pack(">I", 100_000) + indexed[frames + 4 :]
    v1 = b"TAG" + b"A title".ljust(125, b"\0")
    footed = b"ID3\x04\0\x10\0\0\0\x14" + bytes(20) + b"3DI\x04\0\x10\0\0\0\x14"
    return files | {
        "mp3-stereo.mp3": mp3("-ac", "2", "-joint_stereo", "0", rate=16_000, bit_rate="16k"),
        "mp3-joint.mp3": mp3("-ac", "2", rate=16_000, bit_rate="16k"),
        "mp3-vbr-no-index.mp3": ffmpeg("x.mp3", "-q:a", "9", "-write_xing", "0"),
        "mp3-vbr.mp3": ffmpeg("x.mp3", "-q:a", "9"),
        "mp3-abr.mp3": ffmpeg("x.mp3", "-b:a", "16k", "-abr", "1"),
        "mp3-index.mp3": indexed,
        "mp3-index-promises-more.mp3": promise,
        "mp3-index-cut.mp3": indexed[:-400],
        "mp3-no-reservoir.mp3": mp3("-reservoir", "0"),
        "mp3-silent.mp3": ffmpeg("x.mp3", "-b:a", "8k", source="anullsrc=r=8000:cl=mono:d=3.5"),
        "mp3-id3v1.mp3": plain + v1,
        "mp3-id3v2.mp3": ffmpeg("x.mp3", "-b:a", "8k", "-metadata", "title=Hello"),
        "mp3-id3v2-large.mp3": id3(5000) + plain,
        "mp3-id3v2-twice.mp3": id3() + id3(500) + plain,
        "mp3-id3v2-of-headers.mp3": id3(0)[:6] + b"\0\0\x10\0" + (b"\xff\xfb\x90\xc0" * 512) + plain,
        "mp3-id3v2-footer.mp3": footed + plain,
        "mp3-id3v2-at-the-end.mp3": plain + footed,
        "mp3-ape.mp3": plain + ape(True),
        "mp3-ape-id3v1.mp3": plain + ape(True) + v1,
        "mp3-ape-first.mp3": ape(True) + plain,
        "mp3-lyrics.mp3": plain + lyrics + f"{len(lyrics):06}LYRICS200".encode() + v1,
        "mp3-zeros-first.mp3": bytes(731) + plain,
        "mp3-noise-first.mp3": noise(3000) + plain,
        "mp3-ones-first.mp3": b"\xff" * 500 + plain,
        "mp3-noise-between.mp3": plain[:half] + noise(2000) + plain[half:],
        "mp3-zeros-last.mp3": plain + bytes(4000),
        "mp3-noise-last.mp3": plain + noise(4000),
        "mp3-starts-midway.mp3": plain[101:],
        "mp3-cut.mp3": plain[:-31],
        "mp3-joined.mp3": indexed + id3() + indexed,
        "mp3-joined-rates.mp3": plain + files["mp3-16000.mp3"],
        "mp3-short.mp3": mp3(seconds=1),
        "mp2.mp3": ffmpeg("x.mp2", "-b:a", "8k", rate=16_000),
    }


def sized(content: bytes, size: int) -> bytes:
    """With another size of the data chunk."""
    at = content.find(b"data") + 4
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


def rifx() -> bytes:
    sound = b"".join(struct.pack(">h", 9000 * (-1) ** (n // 4)) for n in range(3500))
    body = (
        b"WAVEfmt " + struct.pack(">IHHIIHH", 16, 1, 1, 1000, 2000, 2, 16) + b"data" + struct.pack(">I", 7000) + sound
    )
    return b"RIFX" + struct.pack(">I", len(body)) + body


def wav_files() -> dict[str, bytes]:
    plain = wav()
    sound = plain[plain.find(b"data") + 8 :]
    head = plain[: plain.find(b"data")]
    codecs = ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw")
    files = {f"wav-{codec}.wav": wav(codec, rate=500) for codec in codecs}
    files |= {f"wav-{codec}.wav": wav(codec, rate=4000) for codec in ("adpcm_ms", "adpcm_ima_wav")}
    return files | {
        "wav-g726.wav": wav("g726", "-b:a", "16k", rate=8000),
        "wav-gsm.wav": wav("libgsm_ms", rate=8000),
        "wav-mp3.wav": wav("libmp3lame", "-b:a", "8k", rate=8000),
        "wav-aac.wav": wav("aac", "-b:a", "16k", rate=8000),
        "wav-wma.wav": wav("wmav2", "-b:a", "24k", rate=8000),
        "wav-ac3.wav": wav("ac3", "-b:a", "32k", rate=32_000, seconds=SHORT),
        "wav-stereo.wav": wav("pcm_s16le", "-ac", "2"),
        "wav-extensible.wav": wav("pcm_s16le", "-ac", "4", rate=500),
        "wav-rf64.wav": wav("pcm_u8", "-rf64", "always"),
        "wav-rifx.wav": rifx(),
        "wav-size-0.wav": sized(plain, 0),
        "wav-size-unknown.wav": sized(plain, 0xFFFFFFFF),
        "wav-size-too-large.wav": sized(plain, 9_000_000),
        "wav-size-smaller.wav": sized(plain, 3300),
        "wav-cut.wav": plain[:-200],
        "wav-odd-chunk.wav": head + chunk(b"bext", bytes(301)) + chunk(b"data", sound),
        "wav-chunk-behind.wav": head + chunk(b"data", sound) + chunk(b"LIST", b"INFO" + bytes(2000)),
        "wav-data-twice.wav": head + chunk(b"data", sound) + chunk(b"junk", bytes(50)) + chunk(b"data", sound),
        "wav-data-first.wav": plain[:12] + chunk(b"data", sound) + plain[12 : plain.find(b"data")],
        "wav-wrong-byte-rate.wav": plain[:28] + struct.pack("<I", 7) + plain[32:],
        "wav-wrong-block.wav": plain[:32] + struct.pack("<H", 4) + plain[34:],
        "wav-id3-first.wav": id3() + plain,
        "wav-no-format.wav": plain[:12] + chunk(b"data", sound),
        "wav-no-sound.wav": head + chunk(b"data", b"") + chunk(b"LIST", bytes(6000)),
        "wav-short.wav": head + chunk(b"data", sound[:1000]),
        "wav-unknown-codec.wav": plain[:20] + b"\xbc\x7a" + plain[22:],
    }


def other_files() -> dict[str, bytes]:
    picture = "color=c=red:s=32x32:d=0.8:r=5"
    adts = ffmpeg("x.aac", "-b:a", "12k", seconds=SHORT)
    archive = Path(tempfile.mkdtemp(), "x.zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("voice.mp3", "no")
    return {
        "aac.mp3": adts,
        "aac-id3.mp3": id3() + adts,
        "m4a.mp3": ffmpeg("x.m4a", "-b:a", "12k", seconds=SHORT),
        "m4a-isom.mp3": ffmpeg("x.mp4", "-b:a", "12k", seconds=SHORT),
        "m4a-list-first.mp3": ffmpeg("x.mp4", "-b:a", "12k", "-movflags", "faststart", seconds=SHORT),
        "opus.mp3": ffmpeg("x.opus", "-b:a", "8k", seconds=SHORT),
        "vorbis.mp3": ffmpeg("x.ogg", "-c:a", "libvorbis", seconds=SHORT),
        "speex.mp3": ffmpeg("x.spx", "-c:a", "libspeex", seconds=SHORT),
        "ogg-flac.mp3": ffmpeg("x.oga", "-c:a", "flac", seconds=SHORT, rate=1000),
        "flac.mp3": ffmpeg("x.flac", seconds=SHORT, rate=1000),
        "aiff.wav": ffmpeg("x.aiff", seconds=SHORT, rate=1000),
        "au.wav": ffmpeg("x.au", seconds=SHORT, rate=1000),
        "caf.wav": ffmpeg("x.caf", seconds=SHORT, rate=1000),
        "w64.wav": ffmpeg("x.w64", seconds=SHORT, rate=1000),
        "wavpack.wav": ffmpeg("x.wv", seconds=SHORT, rate=6000),
        "tta.wav": ffmpeg("x.tta", seconds=SHORT, rate=1000),
        "ac3.mp3": ffmpeg("x.ac3", "-b:a", "32k", seconds=SHORT, rate=32_000),
        "loas.mp3": ffmpeg("x.latm", "-b:a", "12k", "-f", "latm", seconds=SHORT),
        "truehd.mp3": ffmpeg("x.thd", "-strict", "-2", seconds=SHORT, rate=44_100),
        "voc.wav": ffmpeg("x.voc", "-c:a", "pcm_u8", seconds=SHORT, rate=4000),
        "sox.wav": ffmpeg("x.sox", seconds=SHORT, rate=1000),
        "sbc.mp3": ffmpeg("x.sbc", "-b:a", "32k", seconds=SHORT, rate=16_000),
        "wma.mp3": ffmpeg("x.wma", "-ar", "44100", "-b:a", "32k", seconds=SHORT),
        "webm-audio.mp3": ffmpeg("x.webm", "-b:a", "8k", seconds=SHORT),
        "matroska-audio.mp3": ffmpeg("x.mka", "-c:a", "libopus", "-b:a", "8k", seconds=SHORT),
        "webm.mp3": ffmpeg("x.webm", "-c:v", "libvpx", source=picture),
        "mp4.mp3": ffmpeg("x.mp4", source=picture),
        "mov.mp3": ffmpeg("x.mov", source=picture),
        "3gp.mp3": ffmpeg("x.3gp", "-c:v", "mpeg4", source=picture),
        "avi.wav": ffmpeg("x.avi", source=picture),
        "flv.mp3": ffmpeg("x.flv", source=picture),
        "wmv.mp3": ffmpeg("x.wmv", source=picture),
        "ts.mp3": ffmpeg("x.ts", source=picture),
        "png.mp3": ffmpeg("x.png", "-frames:v", "1", source=picture),
        "jpeg.mp3": ffmpeg("x.jpg", "-frames:v", "1", source=picture),
        "gif.mp3": ffmpeg("x.gif", "-frames:v", "1", source=picture),
        "webp.wav": ffmpeg("x.webp", "-frames:v", "1", source=picture),
        "zip.mp3": archive.read_bytes(),
        "pdf.mp3": b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n",
        "page.mp3": b"<!DOCTYPE html>\n<html><title>404 Not Found</title></html>\n",
        "text.mp3": "Ceci n’est pas un enregistrement.\n".encode() * 20,
        "noise.mp3": random.Random(5).randbytes(3000),
        "zeros.mp3": bytes(5000),
        "empty.mp3": b"",
    }


def decoded(path: Path) -> float:
    """Seconds of sound that FFmpeg decodes."""
    command = ["ffmpeg", "-v", "quiet", "-nostdin", "-i", str(path), "-map", "0:a:0", "-f", "s16le"]
    sound = subprocess.run([*command, "-ar", "48000", "-ac", "1", "-"], capture_output=True, check=False).stdout
    return len(sound) / 96_000


def judged(path: Path) -> str:
    with path.open("rb") as file:
        try:
            facts = inspect(file)
        except AudioProblem as problem:
            return str(problem)
    return f"{facts.extension} {facts.seconds:.3f}"


def main() -> None:
    files = mp3_files() | wav_files() | other_files()
    with (FOLDER / "lengths.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "seconds decoded by FFmpeg", "ours"])
        for name, content in files.items():
            if not content and name != "empty.mp3":
                continue
            path = FOLDER / name
            path.write_bytes(content)
            table.writerow([name, f"{decoded(path):.3f}", judged(path)])


if __name__ == "__main__":
    main()
