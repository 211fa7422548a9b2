"""Rules for translations: keep the string's placeholders and follow the language's typography."""

import re
from collections.abc import Iterator

from .files import Catalogue
from .sources import Message

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%")
NO_BREAK = "\u00a0\u202f"
# Patterns that no native writer uses, and what they are.
TYPOGRAPHY: dict[str, list[tuple[str, str]]] = {
    "": [(r"[\"']", "a straight quote"), (r"\.\.\.", "three full stops instead of …")],
    "de": [(r"[“](?=\w)|[”«»’](?!\w)", "quotes that are not „…“"), (r"\d%|\d %", "no no-break space before %")],
    "fr": [
        (rf"[^{NO_BREAK}\s][;!?»]|[^{NO_BREAK}/\w]:|\w:(?!/)", "no no-break space before ; : ! ? »"),
        (rf"«[^{NO_BREAK}]", "no no-break space after «"),
        (r" [;:!?»%]", "a breaking space before ; : ! ? » %"),
        (r"[“”]", "quotes that are not « … »"),
    ],
    "es": [
        (r"^[^¿]*\?", "? without ¿"),
        (r"^[^¡]*!", "! without ¡"),
        (r"[“”]", "quotes that are not «…»"),
        (r" %", "a breaking space before %"),
    ],
}


def faults(language: str, catalogue: Catalogue, messages: dict[Message, list[str]]) -> Iterator[str]:
    """Yield a catalogue's faults, one line each. `messages` are those in the sources."""
    for message in messages.keys() - catalogue.texts.keys():
        yield f"not in the catalogue: {message.text}"
    for message in catalogue.texts.keys() - messages.keys():
        yield f"no longer in the sources: {message.text}"
    for message, texts in catalogue.texts.items():
        yield from (f"{fault}: {message.text}" for fault in _faults_of(language, catalogue, message, texts))


def _faults_of(language: str, catalogue: Catalogue, message: Message, texts: list[str]) -> Iterator[str]:
    if message in catalogue.fuzzy:
        yield "fuzzy"
    forms = catalogue.plurals if message.plural else 1
    if len(texts) != forms:
        yield f"{len(texts)} forms instead of {forms}"
    if not all(text.strip() for text in texts):
        yield "untranslated"
        return
    for text in texts:
        if placeholders(text) != placeholders(message.text):
            yield "other placeholders"
        if _ends(text) != _ends(message.text):
            yield "other white space at its ends"
        plain = PLACEHOLDER.sub(lambda match: "%" if match[0] == "%%" else "0", text)
        for pattern, name in TYPOGRAPHY[""] + TYPOGRAPHY.get(language, []):
            if re.search(pattern, plain):
                yield name


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
