"""Notes about a script, shown beside Generate. They block nothing: the person decides.

`static/js/video-form.js` says the same while the script is typed.
"""

from django.utils.translation import gettext as _

from tavusweb.text_policy import MARKUP, PLACEHOLDER, as_stored, is_blank, spoken_seconds, unspeakable


def script_notes(script: str) -> list[str]:
    script = as_stored(script)
    notes = []
    if pieces := unspeakable(PLACEHOLDER, script):
        notes.append(_("Placeholders aren’t filled in. The replica says them as written: %(found)s"))
        notes[-1] %= {"found": ", ".join(pieces)}
    if pieces := unspeakable(MARKUP, script):
        notes.append(_("Markup isn’t supported in scripts. The replica may read it aloud: %(found)s"))
        notes[-1] %= {"found": ", ".join(pieces)}
    if not is_blank(script) and not spoken_seconds(script):
        notes.append(_("Nothing in this script can be spoken."))
    return notes
