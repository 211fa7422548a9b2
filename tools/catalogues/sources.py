"""Collect the public strings from templates and modules without running them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

# Files of the share pages are public unless listed here as being for members.
FOLDERS = ("templates/notify", "templates/sharing", "tavusweb/notify", "tavusweb/sharing")
FOR_MEMBERS = re.compile(
    r"templates/notify/settings\.|tavusweb/notify/(forms|models/|migrations/|views/settings)"
    r"|templates/sharing/(takes/\w+|_rule_badges|_rules|_share_card|branding\w*|preview|share_link|shared_links)\."
    r"|tavusweb/sharing/(migrations|models|actions)/"
    r"|tavusweb/sharing/(actions|admin|notices|urls|visitor_policy|logos|templatetags/sharing"
    r"|forms/(rules|branding)|views/(links|takes|branding|preview))\.py"
    r"|templates/sharing/(_chart|_numbers?|numbers|visit_settings)\."
    r"|tavusweb/sharing/((forms/|templatetags/|views/)?numbers)\.py"
    r"|templates/sharing/(_link_filters|_link_repair|_risk_badges|report_mail|_preset_\w+|share_(link_send|personal|policy|presets))\."
    r"|tavusweb/sharing/(link_filter|link_policy|recipients|report_notices|risk|(forms|views)/(personal|policy|presets|repair|sending))\.py"
)
# What share pages use from other modules: every string, or those listed.
SHARED: dict[str, tuple[str, ...]] = {
    "tavusweb/forms.py": (),
    "tavusweb/guesses.py": (),
    "tavusweb/reviews/placed_form.py": (),
    "tavusweb/reviews/speaker.py": (),
    "templates/reviews/_certificate.html": (),
    "templates/reviews/_ended.html": (),
    "tavusweb/inbox/words.py": (),  # of mails too
    "tavusweb/videos/estimates.py": (),
    "tavusweb/videos/naming.py": ("Untitled",),
}
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}

LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATE = re.compile(rf"\bn?(?:gettext|_)\({LITERAL}(?:, {LITERAL}, count)?\s*\)")


class Message(NamedTuple):
    """A string, or both forms of a plural; `plural` is "" for a single string."""

    text: str
    plural: str = ""


def public_messages(root: Path) -> dict[Message, list[str]]:
    """Return every public string with the files that contain it, both sorted."""
    files: dict[Message, list[str]] = {}
    for path in _files(root):
        text, name = path.read_text(), path.relative_to(root).as_posix()
        wanted = SHARED.get(name)
        for message in in_module(text) if path.suffix == ".py" else in_template(text):
            if wanted and message.text not in wanted:
                continue
            places = files.setdefault(message, [])
            if name not in places:
                places.append(name)
    return dict(sorted(files.items(), key=lambda item: (item[1], item[0])))


def _files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            is_public = not FOR_MEMBERS.match(path.relative_to(root).as_posix())
            if path.suffix in {".py", ".html", ".txt"} and is_public:
                yield path
    yield from (root / name for name in SHARED)


def in_template(text: str) -> Iterator[Message]:
    """Find the messages that Django looks up, using its own `templatize`."""
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
