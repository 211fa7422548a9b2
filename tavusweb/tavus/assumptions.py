"""What we assume about Tavus where its documentation is silent or contradicts itself.

Every assumption in the product is listed here, with what happens if it is wrong. The tests in tests/scenarios and
tests/tavus run a provider that does the opposite. A wrong assumption can cost time, requests or a question to a
person. It never costs a second purchase or a lost video, except for the risk named in docs/engine.md.
"""

from datetime import timedelta

# Video and replica lists are numbered from 0 (the OpenAPI description; pages of 2025 said 1).
# If wrong: a refused page 0, or a page 1 that repeats page 0, shows that numbering starts at 1.
FIRST_PAGE = 0

# A list returns up to 100 items per page on request.
# If wrong: pages of any size are read; only a page with nothing new ends the list, never a short one.
PAGE_SIZE = 100

# Nothing depends on the order of a list. Newest first is likely, so the first search reads only a few pages.
# If wrong: a complete reading finds the video.
GLANCE_PAGES = 5

# `total_count` is the length of the list that the same key can page through.
# If wrong or missing: no reading of the list proves anything, and a person is asked.
LONGEST_LIST = 10_000  # videos; a longer list is not read to the end, so it proves nothing

# A name is returned as sent, up to this many characters: not cut, and with the same case and characters.
# If wrong: the names of known videos no longer end with their marks, so absence is not proven.
LONGEST_NAME = 100

# An accepted submission is listed at the latest this long after its POST began, which exceeds our own timeout of 20 s
# and a gateway's usual 60 s. If wrong: two later readings must both lack it before it is re-sent, once.
LISTED_WITHIN = timedelta(seconds=75)

# The response to a POST describes the requested video.
# If wrong: an id that is already known, or a name that is not ours, makes the submission unsure. If the response has no
# name, the first GET of the id decides.

# "Invalid video_id" means that the account has no such video.
# If wrong (a new id may be unknown for a while): believed only after this long and several such responses.
NEW_ID_SETTLES_WITHIN = timedelta(minutes=15)
