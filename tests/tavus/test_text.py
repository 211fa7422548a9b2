import pytest
from hypothesis import given
from hypothesis import strategies as st

from tavusweb.tavus.text import UNPRINTABLE, message_in, one_line, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invalid  replica_id\n", "Invalid replica_id"),
        ("<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1>nginx</body></html>", "502 Bad Gateway"),
        ("<h1>Sorry</h1><script>track()</script><p>Back <b>soon</b></p>", "Sorry Back soon"),
        ("<!DOCTYPE html><style>p{}</style><p>Caf&eacute; &lt;closed&gt;", "Café <closed>"),
        ("Audio must be < 10 minutes and > 3 s", "Audio must be < 10 minutes and > 3 s"),
        ("bell\x07 null\x00 escape\x1b[31m surrogate\ud800", "bell null escape[31m surrogate"),
        ("", ""),
    ],
)
def test_message_becomes_one_plain_line(text, expected):
    assert one_line(text) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<h1>Sorry</h1><script>if (a<b) track('<p>')</script><p>Back", "Sorry Back"),
        ("<!-- a <b>x</b> --><p>Back <!-- never closed <b>soon</b>", "Back"),
        ("<title>502 <b>Bad</b> Gateway</title>nginx", "502 Bad Gateway"),
        ("<p>Value <name is missing", "Value <name is missing"),
        ("<b>3</b> < 4 > 2", "3 < 4 > 2"),
        ("<SCRIPT>a</SCRIPT ><P CLASS=x>b</P\n>c", "b c"),
        ("<p>&lt;&#x3e;&amp&nosuch;&#0;", "<>&&nosuch;\ufffd"),
        ("<p>Sorry<br>" + "<title>" * 9000, "Sorry"),
        ("<p>Sorry<br>" + " " * 9000 + "late", "Sorry"),
    ],
)
def test_markup_is_reduced_to_its_title_or_text(page, expected):
    assert one_line(page) == expected


def test_line_breaks_survive_in_prose():
    assert printable("one\r\ntwo\rthree\tfour\x00") == "one\ntwo\nthree\tfour"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"error": "Invalid replica_id"}, "Invalid replica_id"),
        ({"message": "Invalid access token"}, "Invalid access token"),
        ({"detail": "Not here"}, "Not here"),
        ({"error": "Bad Request", "message": "Too concurrent", "status": 400}, "Bad Request: Too concurrent"),
        ({"error": "Same", "message": "Same"}, "Same"),
        ({"error": {"code": 7, "message": "Nested"}}, "Nested"),
        ({"detail": [{"loc": ["body", "script"], "msg": "field required"}]}, "field required"),
        (
            {"errors": {"script": ["Missing data."], "replica_id": ["Wrong."]}},
            "script: Missing data., replica_id: Wrong.",
        ),
        ({"error": None, "message": ""}, ""),
        ({"ok": True}, ""),
        ("plain", "plain"),
        ([], ""),
        (42, ""),
        (None, ""),
    ],
)
def test_message_is_found_in_any_json_shape(value, message):
    assert message_in(value) == message


@given(st.text())
def test_one_line_can_always_be_stored(text):
    line = one_line(text)

    assert not UNPRINTABLE.search(line)
    assert "\n" not in line
