"""The mark in a video's name at Tavus: ours is found, nobody else's is, whatever is typed or cut."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tavusweb.tavus.assumptions import LONGEST_NAME
from tavusweb.videos.naming import Mark, mark_id, name_at_tavus

ids = st.uuids()
attempts = st.integers(1, 999_999_999)
marks = st.builds(lambda pk, attempt: str(Mark.of(pk, attempt)), ids, attempts)
# Titles that are typed, pasted from Tavus, or made to look like a mark in part.
pieces = st.one_of(
    st.text(max_size=20),
    marks,
    marks.map(lambda mark: mark[:-1]),
    marks.map(str.upper),
    marks.map(lambda mark: mark.replace("-", " ")),
    st.sampled_from(["tw-", "tw", "TW_", "-1", " · ", "2", "aaaaaaaaaaaa", "tw-aaaaaaaaaaaa", "ſ", "K"]),
)
titles = st.lists(pieces, max_size=6).map("".join)


@pytest.mark.thorough
@settings(max_examples=500, deadline=None)
@given(titles, ids, attempts, st.data())
def test_truncated_name_is_ours_or_unknown(title: str, pk: UUID, attempt: int, data: st.DataObject) -> None:
    name = name_at_tavus(title, pk, attempt)
    cut = name[: data.draw(st.integers(0, len(name)))]

    read, read_of_cut = Mark.read(name), Mark.read(cut)

    assert read == Mark.of(pk, attempt)
    assert read_of_cut is None or read_of_cut.video == mark_id(pk)


@pytest.mark.thorough
@settings(max_examples=300, deadline=None)
@given(titles, ids, attempts)
def test_name_fits_and_survives_respelling(title: str, pk: UUID, attempt: int) -> None:
    name = name_at_tavus(title, pk, attempt)

    assert len(name) <= LONGEST_NAME
    for changed in (name.upper(), name.lower(), f"  {name}\n", name.replace("-", "–"), name.replace("-", "_")):
        read = Mark.read(changed.strip())
        assert read == Mark.of(pk, attempt)


@pytest.mark.parametrize(
    "title",
    ["tw-aaaaaaaaaaaa-1", "Copy of tw-p7oxjdpal5gu-1", "twtw-aaaaaaaaaaaa-1", "TW AAAAAAAAAAAA 7 tw-bbbbbbbbbbbb-2"],
)
def test_title_cannot_imitate_a_mark(title: str) -> None:
    pk = UUID("c0ffee00-0000-4000-8000-000000000000")
    name = name_at_tavus(title, pk, 3)

    assert Mark.read(name) == Mark.of(pk, 3)
    assert Mark.read(name.rpartition(" · ")[0]) is None


def test_mark_in_the_middle_of_a_name_does_not_count() -> None:
    assert Mark.read("tw-aaaaaaaaaaaa-1, the final cut") is None
