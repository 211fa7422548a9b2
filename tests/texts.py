"""Texts in many scripts with the policy's expected results, for the server's and the browser's tests."""

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"

# Text, characters (code points of NFC), whether it is blank, seconds to say.
TEXTS = [
    ("", 0, True, 0.0),
    ("Hello there, Maria", 18, False, 1.2),
    ("Zoe\u0308 cafe\u0301", 8, False, 0.8),  # combining marks that NFC composes
    ("q\u0323\u0307", 3, False, 0.4),  # and some that it does not
    ("Привет, как дела?", 17, False, 1.2),
    ("مرحبا بكم في الفريق", 19, False, 1.6),
    ("مُحَمَّد", 8, False, 0.4),
    ("שָׁלוֹם עולם", 12, False, 0.8),
    ("नमस्ते दुनिया", 13, False, 0.8),
    ("สวัสดีชาวโลก", 12, False, 1.1),
    ("ສະບາຍດີ", 7, False, 0.6),
    ("你好世界，欢迎", 7, False, 1.4),
    ("こんにちは世界", 7, False, 1.2),
    ("ｺﾝﾆﾁﾊ", 5, False, 0.7),
    ("안녕하세요 여러분", 9, False, 1.6),
    ("👍🏽", 2, False, 0.0),
    (FAMILY, 7, False, 0.0),
    (f"Wales {WALES}", 13, False, 0.4),
    ("🇩🇪🇫🇷", 4, False, 0.0),
    ("…", 1, False, 0.0),
    ("a" * 3000, 3000, False, 240.0),
    ("好" * 3000, 3000, False, 714.3),
    ("Donaudampfschifffahrtsgesellschaft", 34, False, 2.7),
    ("one\r\ntwo\rthree\u2028four\vfive", 23, False, 2.0),
    ("bell\x07 and\x1b escape", 15, False, 1.2),
    ("a\u00a0b\u3000c", 5, False, 1.2),
    *[
        (text, len(text), True, 0.0)
        for text in (
            *("\u200b\u200b", "\ufeff", "\u2060", "\u2800", "\u3164", "\u00ad", "\u200f", "\u0301", "\u0652"),
            *("\u115f\u1160", "\uffa0", "\u034f", "\u180e", "\u2066\u2069", "\u202e", "\ufe0f", "\U000e0041"),
            *(" \t\n", "\u00a0\u2003\u3000", "\ufffc", "\ue000", "\u0903", "\u20e3", "\U0001d173"),
        )
    ],
    ("\x07\x1b", 0, True, 0.0),
]

# Text, its placeholders, its markup.
FOR_MACHINES = [
    ("Hi {{first_name}}, {{ company }}!", ["{{first_name}}", "{{ company }}"], []),
    ("Hi {name} and ${Имя}", ["{name}", "${Имя}"], []),
    ("Hi %FIRSTNAME%, *|FNAME|* <<Last>>", ["%FIRSTNAME%", "*|FNAME|*", "<<Last>>"], []),
    ("Dear [First name],", ["[First name]"], []),
    ("[[reject]] is for the sandbox", [], []),
    ("100% sure, 50% off", [], []),
    ('Wait <break time="1s"/> here', [], ['<break time="1s"/>']),
    ("<speak>Hello</speak>", [], ["<speak>", "</speak>"]),
    ("Fish &amp; chips &#8211; now", [], ["&amp;", "&#8211;"]),
    ("**Big** news, [here](https://example.org)", [], ["**Big**", "[here](https://example.org)"]),
    ("2 < 3 and 5 > 4, Q&A; I <3 you", [], []),
    ("Привет, 你好, مرحبا", [], []),
]

# Text, and a search that finds it.
FOLDED = [
    ("Zoë’s Café", "zoe's cafe"),
    ("Cafe\u0301", "CAFÉ"),
    ("ПРИВЕТ Ёлка", "привет елка"),
    ("ΣΊΣΥΦΟΣ", "σισυφος"),
    ("Straße", "STRASSE"),
    ("İstanbul ISPARTA", "istanbul ısparta"),
    ("Łódź Ørsted", "lodz orsted"),
    ("مُحَمَّد", "محمد"),
    ("شَـــوق", "شوق"),
    ("שָׁלוֹם", "שלום"),
    ("ＴＡＶＵＳ", "tavus"),
    ("ﬁrst", "first"),
    ("カ\u3099", "ガ"),
    ("soft\u00adhyphen", "softhyphen"),
    ("zero\u200bwidth", "zerowidth"),
    ("नमस्ते", "नमस्ते"),
    ("你好", "你好"),
]
