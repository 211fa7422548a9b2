"""Name the type of a file that is neither MP3 nor WAV, from its content."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import filetype
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .audio_window import Window

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Name = TypeVar("Name", "str", "StrPromise")
HEAD = 8192  # bytes from which the type is determined
MAX_BOXES = 100
MAX_TRACKS_BYTES = 64 * 1024  # of the box that lists an MP4's tracks
AUDIO = {
    b"fLaC": "FLAC",
    b"#!AMR": "AMR",
    b"caff": "CAF",
    b".snd": "AU",
    b"MThd": "MIDI",
    b"MAC ": "Monkey’s Audio",  # not translated: a name
    b"wvpk": "WavPack",
    b"TTA1": "TTA",
    b"DSD ": "DSD",
    b"FRM8": "DSD",
    b"MPCK": "Musepack",
    b"MP+": "Musepack",
    b"\x0b\x77": "AC-3",
    b"\x7f\xfe\x80\x01": "DTS",
    b"ADIF": "AAC",
    b"riff\x2e\x91\xcf\x11": "Wave64",
    b"OFR ": "OptimFROG",
    b"Creative Voice File\x1a": "VOC",
    b".SoX": "SoX",
    b"XoS.": "SoX",
}
OGG = {
    b"OpusHead": "Opus",
    b"\x01vorbis": "Ogg Vorbis",  # not translated: a name
    b"Speex   ": "Speex",
    b"\x7fFLAC": "Ogg FLAC",  # not translated: a name
}
VIDEO = {
    b"FLV\x01": "FLV",
    b"\0\0\x01\xba": "MPEG",
    b"\0\0\x01\xb3": "MPEG",
    b".RMF": "RealMedia",
}
FILES = {
    b"%PDF": _("a PDF"),
    b"PK\x03\x04": _("a ZIP archive"),
    b"PK\x05\x06": _("a ZIP archive"),
    b"\x1f\x8b": _("a GZIP archive"),
    b"7z\xbc\xaf\x27\x1c": _("a 7-Zip archive"),
    b"Rar!\x1a\x07": _("a RAR archive"),
    b"\x89PNG\r\n": _("a PNG image"),
    b"\xff\xd8\xff": _("a JPEG image"),
    b"GIF8": _("a GIF image"),
    b"BM": _("a BMP image"),
    b"II*\0": _("a TIFF image"),
    b"MM\0*": _("a TIFF image"),
    b"{\\rtf": _("an RTF document"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _("a Microsoft Office document"),
    b"MZ": _("a program"),
    b"\x7fELF": _("a program"),
}
ASF = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"
ASF_VIDEO = b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11"
PICTURES = {b"heic", b"heix", b"mif1", b"avif", b"avis"}


def audio(name: str) -> str:
    return gettext("This is %(type)s audio. Convert it to MP3 or WAV.") % {"type": name}


def other_kind(window: Window, start: int) -> str | None:
    """Return an error that names the type that begins at `start`; None unless it is a known other type."""
    head = window.at(start, HEAD)
    name = _audio(window, start, head)
    if name:
        return audio(name)
    name = _video(window, start, head)
    if name:
        return gettext("This is %(type)s video. Export its sound as MP3 or WAV.") % {"type": name}
    if other := _known(FILES, head) or _picture(head):
        return _looks_like(other)
    return None


def not_audio(head: bytes) -> str:
    """Return an error for a file in which no sound was found."""
    if name := _text(head):
        return _looks_like(name)
    guess = filetype.guess(head)
    if guess and guess.extension not in {"mp3", "wav"}:
        return gettext("This file is of type %(type)s. Choose an MP3 or WAV file.") % {"type": guess.extension.upper()}
    return gettext("This file isn’t MP3 or WAV audio. Choose an MP3 or WAV file.")


def _looks_like(name: "str | StrPromise") -> str:
    return gettext("This looks like %(type)s. Choose an MP3 or WAV file.") % {"type": name}


def _known(names: Mapping[bytes, Name], head: bytes) -> Name | None:
    return next((name for magic, name in names.items() if head.startswith(magic)), None)


def _audio(window: Window, start: int, head: bytes) -> str | None:
    if head.startswith(b"OggS"):
        return None if b"theora" in head[:128] else next((OGG[mark] for mark in OGG if mark in head[:128]), "Ogg")
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "AIFF"
    if head.startswith(ASF):
        return None if ASF_VIDEO in head else "WMA"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return None if _matroska_has_video(head) else _matroska(head)
    if head[4:8] == b"ftyp":
        return "M4A" if _is_m4a(window, start, head) else None
    if head[4:8] in {b"\xf8\x72\x6f\xba", b"\xf8\x72\x6f\xbb"}:
        return "TrueHD" if head[7:8] == b"\xba" else "MLP"
    return "AAC" if _is_adts(window, start) or _is_loas(window, start) else _known(AUDIO, head)


def _video(window: Window, start: int, head: bytes) -> str | None:
    if head.startswith(b"OggS"):
        return "Ogg"
    if head.startswith(ASF):
        return "WMV"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _matroska(head)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "AVI"
    if head[4:8] in {b"moov", b"mdat", b"wide"} or head[4:12] == b"ftypqt  ":
        return "QuickTime"
    if head[4:8] == b"ftyp" and head[8:12] not in PICTURES:
        return "MP4"
    if head[:1] == b"G" and head[188:189] == head[376:377] == b"G":
        return "MPEG"
    return _known(VIDEO, head)


def _picture(head: bytes) -> "StrPromise | None":
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _("a WebP image")
    return _("a HEIC or AVIF image") if head[4:8] == b"ftyp" and head[8:12] in PICTURES else None


def _matroska(head: bytes) -> str:
    return "WebM" if b"webm" in head[:64] else "Matroska"


def _matroska_has_video(head: bytes) -> bool:
    """Decide by the codecs. A file that lists none this early counts as video, which is the usual case."""
    return b"V_" in head or b"A_" not in head


def _is_m4a(window: Window, start: int, head: bytes) -> bool:
    """Whether an MP4 has only sound, judged by its brand or by its list of tracks, wherever that is."""
    if head[8:11] in {b"M4A", b"M4B"}:
        return True
    position = start
    for _number in range(MAX_BOXES):
        size, name = window.unpack(">I4s", position) or (0, b"")
        if size == 1:
            size = (window.unpack(">Q", position + 8) or (0,))[0]
        if name == b"moov":
            tracks = window.at(position, min(size, MAX_TRACKS_BYTES))
            return b"soun" in tracks and b"vide" not in tracks
        if size < 8:
            break
        position += size
    return False


def _is_adts(window: Window, start: int) -> bool:
    """Whether three frames of AAC follow each other."""
    position = start
    for number in range(3):
        head = window.at(position, 7)
        if len(head) < 7:
            return number == 2
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        if head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or length < 7:
            return False
        position += length
    return True


def _is_loas(window: Window, start: int) -> bool:
    """Whether three packets of AAC follow each other as broadcasters multiplex them."""
    position = start
    for number in range(3):
        head = window.at(position, 3)
        if len(head) < 3:
            return number == 2
        if head[0] != 0x56 or head[1] & 0xE0 != 0xE0:
            return False
        position += 3 + ((head[1] & 0x1F) << 8 | head[2])
    return True


def _text(head: bytes) -> "StrPromise | None":
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _("a text file")
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if len(head) < HEAD or problem.start < HEAD - 4:  # not just the last character, cut in two
            return None
        text = head[: problem.start].decode("utf-8-sig")
    start = text.lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        return _("a web page")
    if start.startswith("<svg") or (start.startswith("<?xml") and "<svg" in start):
        return _("an SVG image")
    return _("a text file") if all(sign.isprintable() or sign in "\r\n\t\f" for sign in text) else None
