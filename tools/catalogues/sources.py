"""Which strings are public, read from templates and modules without running them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

# A new file of the share pages counts as public until it is named here as one for members.
FOLDERS = ("templates/sharing", "tavusweb/sharing")
FOR_MEMBERS = re.compile(
    r"templates/sharing/(_rule_badges|_rules|_share_card|share_link|shared_links|guessing_mail)\."
    r"|tavusweb/sharing/(migrations|models)/"
    r"|tavusweb/sharing/(actions|admin|notices|urls|visitor_policy|forms/rules|templatetags/sharing|views/links)\.py"
)
# What the share pages take from elsewhere: every string of a module, or those that are named.
SHARED: dict[str, tuple[str, ...]] = {
    "tavusweb/forms.py": (),
    "tavusweb/guesses.py": (),
    "tavusweb/reviews/placed_form.py": (),
    "tavusweb/videos/estimates.py": (),
    "tavusweb/videos/models/spec.py": ("Untitled",),
}
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}

LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"\bn?(?:gettext|_)\({LITERAL}(?:, {LITERAL}, count)?\s*\)")


class Message(NamedTuple):
    """One string, or both forms of a plural: `plural` is "" for a single one."""

    text: str
    plural: str = ""


def public_messages(root: Path) -> dict[Message, list[str]]:
    """Every public string with the files that it stands in, both in order."""
    found: dict[Message, list[str]] = {}
    for path in _files(root):
        text, name = path.read_text(), path.relative_to(root).as_posix()
        wanted = SHARED.get(name)
        for message in in_module(text) if path.suffix == ".py" else in_template(text):
            if wanted and message.text not in wanted:
                continue
            places = found.setdefault(message, [])
            if name not in places:
                places.append(name)
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            is_public = not FOR_MEMBERS.match(path.relative_to(root).as_posix())
            if path.suffix in {".py", ".html", ".txt"} and is_public:
                yield path
    yield from (root / name for name in SHARED)


def in_template(text: str) -> Iterator[Message]:
    """Find what Django would ask the catalogue for: its own `templatize` makes the messages of the tags."""
    for match in IN_TEMPLATE.finditer(templatize(text)):
        yield Message(ast.literal_eval(match[1]), ast.literal_eval(match[2]) if match[2] else "")


def in_module(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        count = 1 if node.func.id in SINGLE else 2 if node.func.id in PLURAL else 0
        words = [each.value for each in node.args[:count] if isinstance(each, ast.Constant)]
        if count and len(words) == count:
            yield Message(*map(str, words))
