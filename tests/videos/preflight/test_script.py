"""What a voice trips over is told before it is paid for; plain prose in any language is left alone."""

import pytest

from tavusweb.videos.preflight import script_findings
from tavusweb.videos.preflight.finding import Topic

FOUND = [
    ("Go to https://www.example.com/a_b now.", Topic.LINK, "“example.com”"),
    ("Visitez www.exemple.fr/offre.", Topic.LINK, "www dot exemple dot fr slash offre"),
    ("Schreiben Sie an info@beispiel.de!", Topic.LINK, "info at beispiel dot de"),
    ("Писать на почту@пример", None, ""),
    ("We start on 2026-03-14.", Topic.DATE, "14 March 2026"),
    ("Wir beginnen am 03.04.2026.", Topic.DATE, "“03.04.2026”"),
    ("Nous commençons le 03/04/26.", Topic.DATE, "“03/04/26”"),
    ("Ring +49 30 1234567 an.", Topic.NUMBER, "4 9 3 0 1 2 3 4 5 6 7"),
    ("Llame al 555-123-4567.", Topic.NUMBER, "5 5 5 1 2 3"),
    ("Order 4711234 is ready.", Topic.NUMBER, "4 7 1 1 2 3 4"),
    ("الطلب رقم ١٢٣٤٥٦ جاهز", Topic.NUMBER, "١ ٢ ٣ ٤ ٥ ٦"),
    ("It takes 10–20 minutes.", Topic.NUMBER, "“10–20”"),
    ("Support is there 24/7.", Topic.NUMBER, "“24/7”"),
    ("Version 2.0.1 is out.", Topic.NUMBER, "“2.0.1”"),
    ("Bring something, e.g. a pen.", Topic.ABBREVIATION, "“for example”"),
    ("Nehmen Sie z. B. einen Stift.", Topic.ABBREVIATION, "“zum Beispiel”"),
    ("Prenez p. ex. un stylo.", Topic.ABBREVIATION, "“par exemple”"),
    ("Tome p. ej. un lápiz.", Topic.ABBREVIATION, "“por ejemplo”"),
    ("Это, напр. ручка.", Topic.ABBREVIATION, "“например”"),
    ("Our SAAS offer is new.", Topic.ABBREVIATION, "“S A A S”"),
    ("Наш ООО растёт.", Topic.ABBREVIATION, "“О О О”"),
]
PLAIN = [
    "",
    "Hello Maria, it takes 20 minutes and costs 1,500 dollars.",
    "Am 14. März kommen 1.500 Gäste, sagt Dr. Weiß.",
    "Le 14 mars, 1 500 personnes viendront. C’est sûr.",
    "El 14 de marzo vendrán 1500 personas. ¡Qué bien!",
    "今日は十四日です。２０分かかります。",
    "大家好，欢迎来到我们的公司。",
    "안녕하세요, 여러분. 20분 걸립니다.",
    "สวัสดีครับ ยินดีต้อนรับ",
    "नमस्ते, आपका स्वागत है।",
    "مرحبا بكم في شركتنا.",
    "שלום וברוכים הבאים.",
    "Здравствуйте! Через 20 минут начнём.",
    "THIS IS VERY IMPORTANT FOR ALL",
    "He said no. I said yes. We met at 14:30 in the USA.",
    "Visit example.com tomorrow.",
]


@pytest.mark.parametrize(("script", "topic", "words"), FOUND, ids=[script[:20] for script, *_ in FOUND])
def test_passage_that_a_voice_trips_over_is_named(script: str, topic: Topic | None, words: str) -> None:
    found = script_findings(script)

    assert [finding.topic for finding in found] == ([topic] if topic else [])
    assert words in "".join(finding.message for finding in found)


@pytest.mark.parametrize("script", PLAIN)
def test_plain_prose_has_no_finding(script: str) -> None:
    assert script_findings(script) == []


def test_findings_name_their_line_and_never_refuse() -> None:
    found = script_findings("Hello.\nOrder 4711234.\n\nSee https://example.com/x and 10-20 of them.")

    assert [(finding.line, finding.topic) for finding in found] == [
        (2, Topic.NUMBER),
        (4, Topic.LINK),
        (4, Topic.NUMBER),
    ]
    assert not any(finding.refuses for finding in found)


def test_a_script_of_more_than_five_minutes_is_noted_once() -> None:
    assert [finding.topic for finding in script_findings("word " * 760)] == [Topic.LENGTH]
    assert script_findings("word " * 740) == []


def test_only_the_first_few_of_a_kind_are_shown() -> None:
    assert len(script_findings("\n".join(f"Order 99887{number}." for number in range(50)))) == 3


@pytest.mark.parametrize("piece", ["1 ", "1-", "a.", "A", "http://", "1.", "a@b.", "1/"])
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    script_findings(piece * (50_000 // len(piece)))
