"""Draw a presenter at one instant as SVG: 640 × 360 units, flat shapes, no external images or fonts."""

from dataclasses import dataclass
from math import pi, sin

LOOP = 3.0  # seconds after which head, breath and blink repeat, so that a thumbnail loops without a jump


@dataclass(frozen=True)
class Look:
    skin: str
    shade: str
    hair: str
    clothes: str
    collar: str
    wall: tuple[str, str]
    style: str
    glasses: bool = False
    beard: bool = False


APPEARANCES = {
    "ada": Look("#f3c7a5", "#e0a583", "#5b3a29", "#2f6f73", "#f6efe4", ("#dfeee9", "#9cc9c0"), "bun"),
    "ben": Look("#8a5a3c", "#74482e", "#231a17", "#33508c", "#e9edf5", ("#dfe7f6", "#9db4df"), "crop", beard=True),
    "chloe": Look("#f7d3b8", "#e5ae90", "#b4532a", "#7a4b8f", "#f4e9f5", ("#f1e4f3", "#c8a5d3"), "bob"),
    "dev": Look("#c68d62", "#ad754c", "#2a211e", "#b5652f", "#fbefe2", ("#fbeadb", "#e8bd94"), "parting", glasses=True),
    "elif": Look("#eebf98", "#d99f78", "#3d6a9e", "#24405f", "#dce8f3", ("#e1ecf6", "#a3c3df"), "scarf"),
    "farid": Look("#d5a075", "#bd875d", "#33241c", "#4c7a46", "#eef4e8", ("#e8f1e0", "#b1cf9f"), "curls", beard=True),
    "grace": Look("#f2cba4", "#dcab82", "#1f1a1d", "#a83e55", "#f9e6e6", ("#f9e3e3", "#e3a7ac"), "long"),
    "hugo": Look("#f0c3a2", "#d9a17e", "#9b9793", "#4a4f57", "#e9eaec", ("#e9ebee", "#b5bcc6"), "bald", True, True),
}

# Hair behind and in front of the head, an oval around (320, 158) with its crown at y = 92.
BACK_HAIR = {
    "bun": '<circle cx="320" cy="82" r="27"/><ellipse cx="320" cy="140" rx="64" ry="62"/>',
    "bob": '<path d="M248 150q0-74 72-74t72 74v52q0 18-18 18H266q-18 0-18-18z"/>',
    "long": '<path d="M250 148q0-72 70-72t70 72v94q0 22-20 22h-100q-20 0-20-22z"/>',
    "scarf": '<path d="M246 156q0-82 74-82t74 82q0 60-26 96h-96q-26-36-26-96z"/>',
    "curls": "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}"/>'
        for x, y, r in ((262, 134, 19), (272, 106, 22), (298, 88, 23), (326, 84, 24), (354, 94, 22), (374, 118, 21))
    ),
}
FRONT_HAIR = {
    "bun": '<path d="M255 152q0-66 65-66t65 66q-14-40-61-46-50 6-69 46z"/>',
    "crop": '<path d="M262 140q-2-58 58-58t58 58q-6-20-16-26-42-12-84 0-10 6-16 26z"/>',
    "bob": '<path d="M253 164q-2-80 67-80t67 80q-8-34-36-52-32 22-78 22-14 8-20 30z"/>',
    "parting": '<path d="M260 144q-4-60 56-62 66-4 64 62-6-22-18-30-44 2-72-10-22 10-30 40z"/>',
    "scarf": '<path d="M254 168q-4-88 66-88t66 88q-8-52-66-54-58 2-66 54z"/><path d="M264 134q14-26 56-28t56 28" fill="none" '
    'stroke="#000" stroke-opacity=".16" stroke-width="4" stroke-linecap="round"/>',
    "curls": "".join(f'<circle cx="{x}" cy="{y}" r="14"/>' for x, y in ((282, 104), (302, 98), (324, 97), (346, 103))),
    "long": '<path d="M253 176q-4-92 67-92t67 92q-6-44-50-70-20 24-58 34-18 6-26 36z"/>',
    "bald": '<path d="M257 160q-3-22 6-34 2 20 0 36zM383 160q3-22-6-34-2 20 0 36z"/>',
}


def frame(name: str, at: float, mouth: float, *, backdrop: bool = True) -> str:
    """Return one frame of the presenter, `at` seconds into the clip, with the mouth open by 0…1."""
    appearance, turn = APPEARANCES[name], 2 * pi * at / LOOP
    breath, nod = 1.6 * sin(turn), 1.1 * sin(turn) + 1.3 * mouth
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="640" height="360">
{_backdrop(appearance) if backdrop else ""}
<g transform="translate(-80 {8 - breath:.2f}) scale(1.25)">
  <g transform="rotate({1.4 * sin(turn):.2f} 320 250) translate({2 * sin(turn):.2f} {nod:.2f})">
    <g fill="{appearance.hair}">{BACK_HAIR.get(appearance.style, "")}</g></g>
  {_shoulders(appearance)}
  <g transform="rotate({1.4 * sin(turn):.2f} 320 250) translate({2 * sin(turn):.2f} {nod:.2f})">{_head(appearance, at, mouth)}</g>
</g>
{MARK}</svg>"""


MARK = """<g transform="translate(18 18)"><rect width="96" height="26" rx="13" fill="#10151d" opacity=".62"/>
<circle cx="16" cy="13" r="4.5" fill="#ffc857"/><text x="28" y="17.6" fill="#fff" font-size="12.5" font-weight="600"
 font-family="DejaVu Sans, Verdana, sans-serif" letter-spacing=".2">Sandbox</text></g>"""


def _backdrop(appearance: Look) -> str:
    light, deep = appearance.wall
    return f"""<defs><linearGradient id="wall" x1="0" y1="0" x2="1" y2="1">
<stop offset="0" stop-color="{light}"/><stop offset="1" stop-color="{deep}"/></linearGradient></defs>
<rect width="640" height="360" fill="url(#wall)"/>
<circle cx="320" cy="214" r="176" fill="#fff" opacity=".26"/>
<g fill="{appearance.clothes}" opacity=".2"><path d="M88 360q-8-92-60-122 60 8 74 80 8-84 62-118-30 74-52 160z"/>
<path d="M74 330h56l-7 30H81z"/></g>
<g fill="#fff" opacity=".34"><rect x="496" y="92" width="92" height="66" rx="7"/>
<rect x="520" y="172" width="68" height="50" rx="7"/></g>
<path d="M508 146l22-26 16 16 12-12 18 22z" fill="{appearance.clothes}" opacity=".22"/>"""


def _shoulders(appearance: Look) -> str:
    return f"""<path d="M176 300q4-58 92-70h104q88 12 92 70z" fill="{appearance.clothes}"/>
<path d="M176 300q4-58 92-70h20q-60 20-68 70z" fill="#000" opacity=".09"/>
<path d="M286 186h68v42q0 30-34 30t-34-30z" fill="{appearance.shade}"/>
<path d="M274 229l14-6 32 34 32-34 14 6-24 42-22-14-22 14z" fill="{appearance.collar}"/>"""


def _head(appearance: Look, at: float, mouth: float) -> str:
    covered = appearance.style in {"scarf", "long", "bob"}
    ears = f"""<g fill="{appearance.shade}"><ellipse cx="259" cy="164" rx="9" ry="13"/>
<ellipse cx="381" cy="164" rx="9" ry="13"/></g>"""
    return f"""{"" if covered else ears}<path d="M260 150q0-60 60-60t60 60v14q0 56-60 64-60-8-60-64z" fill="{appearance.skin}"/>
<g fill="#e8705f" opacity=".17"><ellipse cx="283" cy="184" rx="12" ry="8"/><ellipse cx="357" cy="184" rx="12" ry="8"/></g>
{_beard(appearance) if appearance.beard else ""}{_eyes(appearance, at, mouth)}
<path d="M320 162q-7 18-7 20 0 4 8 4" fill="none" stroke="{appearance.shade}" stroke-width="4" stroke-linecap="round"/>
{_mouth(mouth)}<g fill="{appearance.hair}">{FRONT_HAIR.get(appearance.style, "")}</g>{GLASSES if appearance.glasses else ""}"""


def _beard(appearance: Look) -> str:
    return f"""<path d="M260 160q4 26 18 30 20-8 42-6 22-2 42 6 14-4 18-30v8q0 56-60 66-60-10-60-66z"
 fill="{appearance.hair}" opacity=".93"/>"""


def _eyes(appearance: Look, at: float, mouth: float) -> str:
    since_blink = abs(at % LOOP - 1.75)
    open_by = min(1.0, since_blink / 0.11)
    lift = 2.2 * mouth
    brow = "#8d8882" if appearance.style == "bald" else "#3b2a24" if appearance.style == "scarf" else appearance.hair
    eyes = "".join(
        f"""<g transform="translate({x} 158) scale(1 {max(open_by, 0.08):.2f})"><ellipse rx="9" ry="10" fill="#fff"/>
<circle cy="1" r="6" fill="#2b2320"/><circle cx="2" cy="-1.6" r="1.9" fill="#fff"/></g>"""
        for x in (296, 344)
    )
    return f"""{eyes}<g fill="none" stroke="{brow}" stroke-width="4.6" stroke-linecap="round">
<path d="M284 {141 - lift:.1f}q11-7 23-2"/><path d="M333 {139 - lift:.1f}q12-5 23 2"/></g>"""


def _mouth(opening: float) -> str:
    if opening < 0.06:
        return '<path d="M302 199q18 13 36 0" fill="none" stroke="#9c3f3f" stroke-width="4.4" stroke-linecap="round"/>'
    half, drop = 18 - 4 * opening, 7 + 17 * opening
    lips = f"M{320 - half:.1f} 199q{half:.1f} -3 {2 * half:.1f} 0q-2 {drop:.1f} -{half:.1f} {drop:.1f}t-{half:.1f} -{drop:.1f}z"
    return f"""<clipPath id="lips"><path d="{lips}"/></clipPath><path d="{lips}" fill="#6e2430"/>
<g clip-path="url(#lips)"><rect x="300" y="195" width="40" height="8" fill="#fff"/>
<ellipse cx="320" cy="{202 + drop:.1f}" rx="12" ry="6.5" fill="#e0707a"/></g>"""


GLASSES = """<g fill="#fff" fill-opacity=".16" stroke="#2c3038" stroke-width="3.4"><rect x="277" y="144" width="37" height="31"
 rx="12"/><rect x="326" y="144" width="37" height="31" rx="12"/><path d="M314 156q6-5 12 0M277 155l-17-4M363 155l17-4"/></g>"""
