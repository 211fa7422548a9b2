"""Find user-visible strings in a module that are not marked for translation."""

import ast
import re
from collections.abc import Iterator

from .templates import LETTERS, Findings

GETTEXT = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
SHOWN_KEYWORDS = {
    *("label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "description"),
    *("short_description", "error_messages", "labels", "help_texts", "placeholder"),
}
SHOWN_NAMES = SHOWN_KEYWORDS | {"site_header", "site_title", "index_title", "fieldsets", "add_fieldsets"}
SHOWN_KEYS = {"placeholder", "aria-label", "title", "alt"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
# Calls whose sentences are read by developers or operators.
NOT_SHOWN = re.compile(
    r"(?:log|logger|logging|stdout|stderr|style|warnings)\.\w+|print|say|write|getLogger|compile|append_comment"
    r"|ImproperlyConfigured|CommandError|LaunchError|(?:Value|Type|Runtime|Assertion|Key|Lookup|NotImplemented)Error"
)
SENTENCE = re.compile(r"[A-Z][a-z’']+,? \S|[A-Z][a-z]+\.$")
ADDRESS = re.compile(r"\S*[.:/@]\S*")  # an example, the same in every language
MARK = "# not translated:"


def in_python(text: str) -> Findings:
    """Find labels, messages and sentences outside gettext, and gettext calls on concatenated strings."""
    lines = text.splitlines()
    finder = _Finder()
    finder.visit(ast.parse(text))
    for line, words in sorted(set(finder.findings)):
        if MARK not in lines[line - 1]:
            yield line, words


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.findings: list[tuple[int, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        if last in GETTEXT:
            self._check_gettext(node)
            return
        if NOT_SHOWN.fullmatch(name) or NOT_SHOWN.fullmatch(last):
            return
        for each in _shown_arguments(node, name, last):
            self._report(each)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Skip annotations, which may be strings."""
        for each in [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]:
            self.visit(each)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if names & SHOWN_NAMES or any(
            name.endswith(("CHOICES", "FILTERS", "KINDS", "OPTIONS", "TABS")) for name in names
        ):
            self._report(node.value)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(ast.unparse(base).endswith("Choices") for base in node.bases):
            for each in node.body:
                if isinstance(each, ast.Assign):
                    value = each.value
                    self._report(value.elts[-1] if isinstance(value, ast.Tuple) else value)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in SHOWN_KEYS:
                self._report(value)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # otherwise a docstring
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and SENTENCE.match(node.value):
            self.findings.append((node.lineno, node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = "".join(str(each.value) if isinstance(each, ast.Constant) else "X" for each in node.values)
        if SENTENCE.match(parts):
            self.findings.append((node.lineno, parts))
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each.value)

    def _check_gettext(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).removesuffix("_lazy")
        count = {"ngettext": 2, "pgettext": 2, "npgettext": 3}.get(name, 1)
        for each in node.args[:count]:
            if not isinstance(each, ast.Constant | ast.Name | ast.Attribute):
                self.findings.append((node.lineno, f"gettext of a concatenated string: {ast.unparse(each)}"))

    def _report(self, node: ast.expr) -> None:
        """Report bare strings in a displayed value: itself, a dict's values, the last item of each pair."""
        match node:
            case ast.Constant(value=str(text)) if LETTERS.search(text) and not ADDRESS.fullmatch(text):
                self.findings.append((node.lineno, text))
            case ast.JoinedStr():
                self.visit_JoinedStr(node)
            case ast.Dict(values=values):
                for each in values:
                    self._report(each)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for each in elements:
                    if isinstance(each, ast.Tuple) and each.elts:
                        last = each.elts[-1]
                        self._report(each.elts[0] if isinstance(last, ast.Dict) else last)
            case ast.IfExp(body=body, orelse=other):
                self._report(body)
                self._report(other)


def _shown_arguments(node: ast.Call, name: str, last: str) -> Iterator[ast.expr]:
    if name.startswith("messages."):
        yield from node.args[2 if last == "add_message" else 1 :][:1]
    elif last == "add_error":
        yield from node.args[1:2]
    elif last in {"ValidationError", "PermissionDenied", "Http404"} or (
        name.startswith("models.") and last.endswith("Field") and last not in RELATIONS
    ):
        yield from node.args[:1]
    yield from (each.value for each in node.keywords if each.arg in SHOWN_KEYWORDS or each.arg == "choices")
