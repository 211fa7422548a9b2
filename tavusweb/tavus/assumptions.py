"""What we assume about Tavus where its documentation is silent or has contradicted itself.

Every assumption of the product is named here and used from here. Each says what happens when it is wrong; the tests
in tests/engine and tests/tavus run a provider that does the opposite. A wrong assumption may cost time, requests or a
question to a person. It never costs a second purchase or a lost video, except where docs/engine.md names the risk.
"""

from datetime import timedelta

# Video and replica lists are numbered from 0 (the OpenAPI description; pages of 2025 said 1).
# Wrong: a refused page 0, or a page 1 that repeats page 0, is read as the other numbering.
FIRST_PAGE = 0

# A list gives up to 100 items to a page when asked to.
# Wrong: pages of any size are read; the end is a page that brings nothing new, never a short one.
PAGE_SIZE = 100

# The order of a list means nothing to us.
# (Newest first is likely, so a first glance reads a few pages only. Wrong: the video is found by a whole reading.)
GLANCE_PAGES = 5

# `total_count` counts the list that the same key can page through.
# Wrong or missing: no reading of the list proves anything, and a person is asked.
LONGEST_LIST = 10_000  # videos; a longer list is not read to its end, so it proves nothing

# A name comes back as it was sent: not cut, folded or respelled, up to this many characters.
# Wrong: the names of videos known to be there no longer end with their marks, so absence is not proven.
LONGEST_NAME = 100

# A submission that Tavus accepted is in its list this long after its POST began: past our own time-out of 20 s and a
# gateway's usual 60 s. Wrong: two later readings must both lack it before it is sent again, once.
LISTED_WITHIN = timedelta(seconds=75)

# The answer to a POST is about the video that the POST asked for.
# Wrong: an id that is known already, or a name that is not ours, makes the submission unsure. Where the answer has no
# name, the first reading of the id decides.

# "Invalid video_id" means that the account has no such video.
# Wrong (a new id may be unknown for a while): it is believed only after this long, and after several such answers.
NEW_ID_SETTLES_WITHIN = timedelta(minutes=15)
