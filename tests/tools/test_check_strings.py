import pytest

from tools.check_strings.__main__ import main
from tools.check_strings.python import in_python
from tools.check_strings.scripts import in_script
from tools.check_strings.templates import in_template


def words(findings):
    return [text.strip() for _, text in findings]


@pytest.mark.parametrize(
    ("template", "missed"),
    [
        ("<p>Draft saved.</p>", ["Draft saved."]),
        ('<p>{% translate "Draft saved." %}</p>', []),
        ("{% blocktranslate trimmed %}<b>Draft</b> saved.{% endblocktranslate %}", []),
        ('<input placeholder="Search videos">', ['placeholder="Search videos"']),
        ('<input placeholder="{% translate "Search videos" %}">', []),
        ('<link rel="search" title="Videos">', []),
        ('{% include "_empty.html" with title="No videos" %}', ['"No videos"']),
        ('{% include "_empty.html" with title=_("No videos") %}', []),
        ('{{ name|default:"Nobody here" }}', ['"Nobody here"']),
        ('<p><span translate="no">tavusweb</span> · {{ name }}</p>', []),
        ("<code>bin/start</code>{# a note #}{% comment %}a longer one{% endcomment %}", []),
        ('{% block attributes %}data-width="wide"{% endblock %}', []),
    ],
)
def test_untranslatable_template_text_is_listed(template, missed):
    assert words(in_template(template)) == missed


def test_every_line_of_a_mail_is_checked():
    assert words(in_template("Hello,\n\n{{ name }}\n", is_html=False)) == ["Hello,"]


@pytest.mark.parametrize(
    ("source", "missed"),
    [
        ('messages.success(request, "Saved.")', ["Saved."]),
        ('messages.success(request, _("Saved."))', []),
        ('_(f"Renamed to {name}.")', ['gettext of a concatenated string: f"Renamed to {name}."'.replace('"', "'")]),
        ('raise forms.ValidationError("Choose a replica.")', ["Choose a replica."]),
        ('forms.CharField(label="name", help_text=_("Up to 80 letters."))', ["name"]),
        ('models.CharField("who", max_length=3)', ["who"]),
        ('models.ForeignKey("keys.Key", models.CASCADE)', []),
        ('class Status(models.TextChoices):\n    DRAFT = "draft", "Draft"', ["Draft"]),
        ('class Status(models.TextChoices):\n    DRAFT = "draft", _("Draft")', []),
        ('title = "Nothing to see"', ["Nothing to see"]),
        ('def title() -> "Video | None":\n    """Name the video."""\n    return None', []),
        ('log.warning("Mail could not be sent.")', []),
        ('raise ValueError("Mail could not be sent.")', []),
        ('NAME = "Mac OS"  # not translated: a name', []),
        ('FILTERS = (("", "All"), ("ready", _("Ready")))', ["All"]),
        ('record(actor, "video_generated", after={"mode": "soft"})', []),
        ('class Refused(Exception):\n    """The video was refused."""', []),
        ('raise CommandError("Name the backup file.")', []),
    ],
)
def test_untranslatable_module_text_is_listed(source, missed):
    assert words(in_python(source)) == missed


@pytest.mark.parametrize(
    ("source", "missed"),
    [
        ('state.textContent = "Saved";', ["Saved"]),
        ('say(words("saved"));', []),
        ("say('Draft saved');", ["Draft saved"]),
        ('const again = "Not saved yet. Trying again…";', ["Not saved yet. Trying again…"]),
        ("return `${count} files left`;", ["${count} files left"]),
        ("return `${size} MB`;", ["${size} MB"]),
        ('button.setAttribute("aria-label", "Close");', ["Close"]),
        ('button.setAttribute("aria-invalid", "true");', []),
        ('confirm("Leave?");', ["Leave?"]),
        ('// "Draft saved", it says.\n/* "Not saved" */', []),
        ('document.querySelectorAll("[data-upload] :is(input, select)");', []),
        ('form.querySelector("#messages > p, .long-script");', []),
        ('const HOLDER = "li, article, button";', []),
        ('request.open("POST", `${form.action}?was=${stage}`);', []),
        ('addEventListener("beforeunload", ask);', []),
    ],
)
def test_script_text_that_belongs_in_the_page_is_listed(source, missed):
    assert words(in_script(source)) == missed


def test_untranslatable_string_fails_the_check_with_its_location(tmp_path, capsys):
    (tmp_path / "forms.py").write_text('\n\nlabel = "Title"\n')
    (tmp_path / "page.html").write_text("<p>\nDraft saved.</p>")
    (tmp_path / "page.js").write_text('say("Draft saved.");')

    code = main([str(tmp_path)])

    printed = capsys.readouterr().out
    assert code == 1
    for place in ("forms.py:3: Title", "page.html:2: Draft saved.", "page.js:1: Draft saved."):
        assert f"{tmp_path}/{place}" in printed
