"""What a file is that is neither MP3 nor WAV: told by its content, by the name that people know."""

import filetype
from django.utils.translation import gettext as _

from .audio_window import Window

HEAD = 8192  # bytes that tell the type
MOST_BOXES = 100
MOST_TRACKS_BYTES = 64 * 1024  # of the box that lists an MP4's tracks
AUDIO = {
    b"fLaC": "FLAC",
    b"#!AMR": "AMR",
    b"caff": "CAF",
    b".snd": "AU",
    b"MThd": "MIDI",
    b"MAC ": "Monkey’s Audio",
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
}
OGG = {b"OpusHead": "Opus", b"\x01vorbis": "Ogg Vorbis", b"Speex   ": "Speex", b"\x7fFLAC": "Ogg FLAC"}
VIDEO = {
    b"FLV\x01": "FLV",
    b"\0\0\x01\xba": "MPEG",
    b"\0\0\x01\xb3": "MPEG",
    b".RMF": "RealMedia",
}
FILES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP archive",
    b"PK\x05\x06": "ZIP archive",
    b"\x1f\x8b": "GZIP archive",
    b"7z\xbc\xaf\x27\x1c": "7-Zip archive",
    b"Rar!\x1a\x07": "RAR archive",
    b"\x89PNG\r\n": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF8": "GIF image",
    b"BM": "BMP image",
    b"II*\0": "TIFF image",
    b"MM\0*": "TIFF image",
    b"{\\rtf": "RTF document",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Microsoft Office document",
    b"MZ": "program",
    b"\x7fELF": "program",
}
ASF = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"
ASF_VIDEO = b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11"
PICTURES = {b"heic", b"heix", b"mif1", b"avif", b"avis"}


def audio(name: str) -> str:
    return _("This is %(type)s audio. Convert it to MP3 or WAV.") % {"type": name}


def other_kind(window: Window, start: int) -> str | None:
    """A sentence that names what begins at `start`, when its first bytes are those of another type."""
    head = window.at(start, HEAD)
    name = _audio(window, start, head)
    if name:
        return audio(name)
    name = _video(window, start, head)
    if name:
        return _("This is %(type)s video. Export its sound as MP3 or WAV.") % {"type": name}
    name = _known(FILES, head) or _picture(head)
    return _("This looks like a %(type)s. Choose an MP3 or WAV file.") % {"type": name} if name else None


def not_audio(head: bytes) -> str:
    """A sentence about a file in which no sound was found either."""
    name = _text(head)
    if not name:
        guess = filetype.guess(head)
        name = guess.extension.upper() if guess and guess.extension not in {"mp3", "wav"} else None
    if name:
        return _("This looks like a %(type)s. Choose an MP3 or WAV file.") % {"type": _(name)}
    return _("This file isn’t audio. Choose an MP3 or WAV file.")


def _known(names: dict[bytes, str], head: bytes) -> str | None:
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
    return "AAC" if _is_adts(window, start) else _known(AUDIO, head)


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


def _picture(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP image"
    return "HEIC or AVIF image" if head[4:8] == b"ftyp" and head[8:12] in PICTURES else None


def _matroska(head: bytes) -> str:
    return "WebM" if b"webm" in head[:64] else "Matroska"


def _matroska_has_video(head: bytes) -> bool:
    """By its codecs; a file that lists none this early is taken for the video that it mostly is."""
    return b"V_" in head or b"A_" not in head


def _is_m4a(window: Window, start: int, head: bytes) -> bool:
    """Whether an MP4 has sound alone: by its brand, or by the tracks that it lists, wherever the list stands."""
    if head[8:11] in {b"M4A", b"M4B"}:
        return True
    position = start
    for _number in range(MOST_BOXES):
        size, name = window.unpack(">I4s", position) or (0, b"")
        if size == 1:
            size = (window.unpack(">Q", position + 8) or (0,))[0]
        if name == b"moov":
            tracks = window.at(position, min(size, MOST_TRACKS_BYTES))
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


def _text(head: bytes) -> str | None:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "text file"
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if len(head) < HEAD or problem.start < HEAD - 4:  # not the last character, cut in two
            return None
        text = head[: problem.start].decode("utf-8-sig")
    start = text.lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        return "web page"
    if start.startswith("<svg") or (start.startswith("<?xml") and "<svg" in start):
        return "SVG image"
    return "text file" if all(sign.isprintable() or sign in "\r\n\t\f" for sign in text) else None
