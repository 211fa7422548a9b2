"""The translation check, on a small source tree and on faulty catalogues."""

import gettext
import io
from pathlib import Path

import pytest

from tools.catalogues import files, rules
from tools.catalogues.__main__ import ROOT, main
from tools.catalogues.sources import SHARED, Message, in_module, in_template, public_messages

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
DAYS = Message("%(n)s day", "%(n)s days")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Create a product with one page, one form and a translated catalogue."""
    for name in ("templates/sharing", "tavusweb/sharing/forms", "locale/fr/LC_MESSAGES"):
        (tmp_path / name).mkdir(parents=True)
    for name in SHARED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "templates/sharing/page.html").write_text('{% translate "Hello" %}')
    (tmp_path / "templates/sharing/shared_links.html").write_text('{% translate "For members" %}')
    (tmp_path / "tavusweb/sharing/forms/gate.py").write_text('label = _("Name")\n')
    po(tmp_path).write_text(f'{HEADER}\nmsgid "Hello"\nmsgstr "Bonjour"\n\nmsgid "Name"\nmsgstr "Nom"\n')
    assert main(["--update"], tmp_path) == 0
    return tmp_path


def po(root: Path) -> Path:
    return root / "locale/fr/LC_MESSAGES/django.po"


def said(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    return main([*arguments], root), capsys.readouterr().out


def change(root: Path, old: str, new: str) -> None:
    text = po(root).read_text()
    assert old in text
    po(root).write_text(text.replace(old, new))


class TestSources:
    @pytest.mark.parametrize(
        ("template", "messages"),
        [
            ('{% translate "Hello" %} {{ name|default:_("Nobody") }}', [Message("Hello"), Message("Nobody")]),
            (
                "{% blocktranslate trimmed %}\n  It’s {{ day }}\n  today: {{ n }}%\n{% endblocktranslate %}",
                [Message("It’s %(day)s today: %(n)s%%")],
            ),
            ("{% blocktranslate count n=days %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}", [DAYS]),
            ("{% translate \"Say 'no'\" %}", [Message("Say 'no'")]),
            ("<p>No tag (gettext)</p>", []),
        ],
    )
    def test_template_yields_the_messages_that_django_looks_up(self, template: str, messages: list[Message]) -> None:
        assert list(in_template(template)) == messages

    def test_module_yields_the_messages_of_its_gettext_calls(self) -> None:
        text = '_("A" " b")\nngettext("%(n)s day", "%(n)s days", n)\ngettext_lazy("C")\n_(variable)\nother("D")\n'

        assert set(in_module(text)) == {Message("A b"), DAYS, Message("C")}

    def test_member_pages_are_left_out_and_new_pages_are_not(self, root: Path) -> None:
        (root / "templates/sharing/new.txt").write_text('{% translate "New" %}')

        assert public_messages(root) == {
            Message("Hello"): ["templates/sharing/page.html"],
            Message("Name"): ["tavusweb/sharing/forms/gate.py"],
            Message("New"): ["templates/sharing/new.txt"],
        }

    def test_strings_shared_from_other_modules_are_included(self) -> None:
        found = {message.text for message in public_messages(ROOT)}

        assert {text for texts in SHARED.values() for text in texts} <= found
        assert all((ROOT / name).is_file() for name in SHARED)


class TestCheck:
    def test_fully_translated_catalogue_passes(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert said(root, capsys) == (0, "Every public string is translated.\n")

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('"Nom"', '""', "untranslated: Name"),
            ('"Nom"', '"  "', "untranslated: Name"),
            ('msgid "Name"', '#, fuzzy\nmsgid "Name"', "fuzzy: Name"),
            ('"Nom"', '"Nom %(name)s"', "other placeholders: Name"),
            ('"Nom"', '"Nom "', "other white space at its ends: Name"),
            ('"Nom"', '"Nom"\nmsgstr[1] "Noms"', "2 forms instead of 1: Name"),
            ('msgid "Name"\nmsgstr "Nom"', "", "not in the catalogue: Name"),
            ('msgid "Name"', 'msgid "Title"', "no longer in the sources: Title"),
            ('"Nom"', '"Nom"\nnonsense', "not readable: nonsense"),
            ("#: tavusweb/sharing/forms/gate.py\n", "", "not in canonical form"),
            ('"Nom"', '"Prénom"', "not compiled"),
        ],
    )
    def test_every_fault_is_reported(
        self, old: str, new: str, fault: str, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        change(root, old, new)

        code, told = said(root, capsys)

        assert code == 1
        assert f"locale/fr/LC_MESSAGES/django.po: {fault}" in told

    def test_new_string_is_reported_until_it_is_translated(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (root / "templates/sharing/page.html").write_text('{% translate "Hello" %}{% translate "Bye" %}')
        assert "not in the catalogue: Bye" in said(root, capsys)[1]

        assert "untranslated: Bye" in said(root, capsys, "--update")[1]
        change(root, 'msgid "Bye"\nmsgstr ""', 'msgid "Bye"\nmsgstr "Au revoir"')

        assert said(root, capsys, "--update")[0] == 0
        assert '"Bonjour"' in po(root).read_text(), "an update keeps what is translated"

    def test_update_drops_removed_strings(self, root: Path) -> None:
        (root / "tavusweb/sharing/forms/gate.py").write_text("")

        assert main(["--update"], root) == 0

        assert "Nom" not in po(root).read_text()

    def test_missing_compiled_file_is_reported(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        po(root).with_suffix(".mo").unlink()

        assert "not compiled" in said(root, capsys)[1]

    @pytest.mark.parametrize(
        ("language", "text", "is_right"),
        [
            ("de", "„Ja“", True),
            ("de", "“Ja”", False),
            ("de", "40\u00a0%%", True),
            ("de", "40 %%", False),
            ("fr", "Quoi\u202f? «\u00a0Oui\u00a0»", True),
            ("fr", "Quoi?", False),
            ("fr", "Quoi ?", False),
            ("fr", "Code\u00a0: https://x.example", True),
            ("fr", "Code: 1", False),
            ("fr", "«Oui»", False),
            ("fr", "l'heure", False),
            ("es", "¿Qué? «Sí»", True),
            ("es", "Qué?", False),
            ("es", "“Sí”", False),
            ("es", "Espere...", False),
        ],
    )
    def test_typography_of_each_language_is_checked(self, language: str, text: str, is_right: bool) -> None:
        message = Message("%%" if "%%" in text else "Words")
        catalogue = files.Catalogue(texts={message: [text]})

        assert (not list(rules.faults(language, catalogue, {message: []}))) == is_right


class TestFiles:
    def test_written_catalogue_reads_back_unchanged(self) -> None:
        messages = {Message('A "quote"\nand a \\ of two lines'): ["a.py"], DAYS: ["b.html", "c.py"]}
        texts = {message: [f"é{form}" for form in range(2 if message.plural else 1)] for message in messages}
        catalogue = files.Catalogue("Plural-Forms: nplurals=2; plural=(n > 1);\n", ["# By hand."], texts, {DAYS})

        assert files.read(files.write(catalogue, messages)) == catalogue

    def test_catalogues_written_by_other_tools_can_be_read(self) -> None:
        catalogue = files.read(
            f'# A translator’s note\n{HEADER}\n\n#: a.py:7\n#, python-format\nmsgid ""\n"%(n)s "\n"day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "un"\nmsgstr[1] "des"\n'
        )

        assert catalogue.texts == {DAYS: ["un", "des"]}
        assert catalogue.plurals == 2

    def test_python_gettext_reads_the_compiled_file(self) -> None:
        catalogue = files.read(
            f'{HEADER}\nmsgid "Hello"\nmsgstr "Bonjour"\n\nmsgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "jour"\nmsgstr[1] "jours"\n\nmsgid "Later"\nmsgstr ""\n\n#, fuzzy\nmsgid "Bye"\nmsgstr "Salut"\n'
        )

        read = gettext.GNUTranslations(io.BytesIO(files.compiled(catalogue)))

        assert read.gettext("Hello") == "Bonjour"
        assert [read.ngettext(*DAYS, n) for n in (0, 1, 2)] == ["jour", "jour", "jours"]
        assert [read.gettext(each) for each in ("Later", "Bye")] == ["Later", "Bye"], "neither is a translation"
