"""Everything the browser loads is pinned, complete and from this server."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tools import bundle_scripts
from tools.bundle_styles import APP, BUNDLES, STYLES, bundle
from tools.prune_styles import pruned

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"

WRITTEN_BY_HAND = [path for kind in ("static/css", "static/js", "styles") for path in (ROOT / kind).rglob("*.*")]
OURS = sorted({*WRITTEN_BY_HAND} - set(BUNDLES) - set(bundle_scripts.BUNDLES))
SCRIPTS_AND_STYLES = sorted(path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"})
PAGES = sorted(TEMPLATES.rglob("*.html"))

# XML namespaces and links: nothing is loaded from these.
NAMESPACES = ("http://www.w3.org/", "https://tailwindcss.com")
COMMENT = re.compile(r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def manifest() -> dict[str, str]:
    packages = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    return {name: digest for package in packages for name, digest in package["files"].items()}


def markup(page: Path) -> str:
    return COMMENT.sub("", page.read_text())


def test_every_vendored_file_matches_the_manifest() -> None:
    actual = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in manifest()}

    assert actual == manifest()


def test_no_vendored_file_is_missing_from_the_manifest() -> None:
    about_them = {"vendor/README.md", "vendor/manifest.json"}

    present = {str(path.relative_to(STATIC)) for path in (STATIC / "vendor").rglob("*") if path.is_file()}

    assert present - about_them <= set(manifest())


def test_every_vendored_package_has_a_version_and_a_licence() -> None:
    for package in json.loads((STATIC / "vendor" / "manifest.json").read_text()):
        assert package["version"]
        assert package["licence"]
        assert package["source"]
        assert any("LICENSE" in name for name in package["files"]), package["name"]


@pytest.mark.parametrize("path", SCRIPTS_AND_STYLES, ids=relative)
def test_no_static_file_refers_to_another_host_or_a_missing_source_map(path: Path) -> None:
    text = path.read_text()

    addresses = [
        address for address in re.findall(r"https?://[^\s\"'`)\\]+", text) if not address.startswith(NAMESPACES)
    ]

    assert addresses == []
    assert "sourceMappingURL" not in text


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_pages_have_no_inline_script_or_style(path: Path) -> None:
    text = markup(path)

    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|\bhx-on\b|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_pages_load_nothing_from_another_host(path: Path) -> None:
    assert not re.search(
        r"<(?:script|link|img|iframe|video|audio|source|use)\b[^>]*(?:src|href)=\"(?:https?:)?//", markup(path)
    )


def test_every_named_icon_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text()))
    places = [*PAGES, *(ROOT / "tavusweb").rglob("*.py")]

    wanted = {name for place in places for name in re.findall(r'_icon\.html" with name="([^"]+)"', place.read_text())}
    wanted |= {name for page in PAGES for name in re.findall(r'_empty\.html" with icon="([^"]+)"', page.read_text())}

    assert wanted - sprite == set()


def test_every_static_file_named_in_a_template_exists() -> None:
    named = {name for page in PAGES for name in re.findall(r"{% static '([^']+)' %}", page.read_text())}
    named |= set(re.findall(r"\"/static/([^\"#]+)", (TEMPLATES / "500.html").read_text()))

    assert {name for name in named if not finders.find(name)} == set()


@pytest.mark.parametrize("sheet", BUNDLES, ids=lambda sheet: sheet.name)
def test_bundled_style_sheet_is_up_to_date(sheet: Path) -> None:
    assert sheet.read_text() == bundle(BUNDLES[sheet]), "run python -m tools.bundle_styles"


@pytest.mark.parametrize("file", bundle_scripts.BUNDLES, ids=lambda file: file.name)
def test_bundled_scripts_are_up_to_date(file: Path) -> None:
    assert file.read_text() == bundle_scripts.bundle(bundle_scripts.BUNDLES[file]), "run python -m tools.bundle_scripts"


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".btn{color:red}.gone{color:red}", ".btn{color:red}"),
        (".gone,.btn{a:b}", ".gone,.btn{a:b}"),
        (".btn .gone{a:b}p{a:b}", "p{a:b}"),
        (".btn:not(.gone){a:b}", ".btn:not(.gone){a:b}"),
        ("@media print{.gone{a:b}}@layer x;", "@layer x;"),
        ("@layer x{.btn{&:hover{a:b}.gone &{c:d}}}", "@layer x{.btn{&:hover{a:b}}}"),
        ('.btn:after{content:"}.gone{"}', '.btn:after{content:"}.gone{"}'),
        (r".sm\:btn{a:b}.sm\:gone{a:b}", r".sm\:btn{a:b}"),
        ("@keyframes gone{0%{a:b}}", "@keyframes gone{0%{a:b}}"),
    ],
)
def test_rules_for_classes_that_nothing_names_are_left_out(css: str, left: str) -> None:
    assert pruned(css, frozenset({"btn", "sm"})) == left


def test_pruned_style_sheet_keeps_what_the_components_need() -> None:
    sheet = APP.read_text()

    assert all(f".{name}" in sheet for name in ("btn", "dialog", "toast", "input", "select", "badge"))
    assert "MIT License" in sheet


def test_every_style_file_is_bundled() -> None:
    parts = {path.relative_to(STYLES).with_suffix("").as_posix() for path in STYLES.rglob("*.css")}

    assert parts == {name for names in BUNDLES.values() for name in names}


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_own_static_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 250


def test_share_page_loads_nothing_that_could_set_a_cookie() -> None:
    text = markup(TEMPLATES / "base_public.html")

    assert "{% block csrf %}{% endblock %}" in text
    assert not re.search(r"csrf_token|request\.user|_messages", text)


def test_every_string_used_by_a_script_is_on_the_page() -> None:
    told = "".join(file.read_text() for file in sorted((STATIC / "js").glob("*.js")))
    keys = re.findall(r'words\("(\w+)"|words\(\w+ \? "(\w+)" : "(\w+)"', told)
    names = {re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name) for found in keys for name in found if name}
    page = (TEMPLATES / "videos/_video_form_words.html").read_text()

    assert len(names) > 20
    assert {name for name in names if f"data-{name}=" not in page} == set()
