from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.codec.note import (
    NAME_PATTERN,
    NOTE_LIMIT_CHARS,
    WORKSPACE_PATTERN,
    read_note,
    read_shown_note,
    room_for_text,
    write_marker,
    write_note,
)
from reconciler.model.marker import Digest, Marker, MarkerState

_digits = st.text("0123456789abcdef", min_size=8, max_size=8)
_digests = st.builds(Digest, applied=_digits, pending=st.none() | _digits)
_markers = st.builds(
    Marker,
    workspace=st.from_regex(WORKSPACE_PATTERN, fullmatch=True),
    name=st.from_regex(NAME_PATTERN, fullmatch=True),
    generation=st.integers(1, 999_999_999),
    entry=_digests,
    exits=_digests,
    averaging_sent=st.integers(0, 9999),
)
_texts = st.text(st.characters(codec="utf-8", exclude_characters="["), max_size=80).map(str.strip)
EXAMPLE = "[reconciler:1 prod-7f3a/btc-dip#1 5f3a9c1e 0b77d2aa]"


@given(_markers, _texts)
def test_what_is_written_is_read_back(marker: Marker, text: str) -> None:
    reading = read_note(write_note(marker, text))
    assert (reading.state, reading.marker, reading.text) == (MarkerState.VALID, marker, text)


@given(_markers, _texts, _texts)
def test_a_marker_is_found_wherever_a_person_has_put_it(marker: Marker, before: str, after: str) -> None:
    assert read_note(f"{before} {write_marker(marker)}{after}").marker == marker


@given(_markers)
def test_the_promised_room_for_text_is_there(marker: Marker) -> None:
    room = room_for_text(marker.workspace, marker.name)
    assert len(write_note(marker, "x" * room)) <= NOTE_LIMIT_CHARS


def test_the_example_of_the_format_reads_as_documented() -> None:
    assert read_note(f"{EXAMPLE} weekly support retest").marker == Marker(
        workspace="prod-7f3a",
        name="btc-dip",
        generation=1,
        entry=Digest(applied="5f3a9c1e"),
        exits=Digest(applied="0b77d2aa"),
    )


def test_a_change_under_way_and_averaging_orders_are_read() -> None:
    marker = read_note("[reconciler:1 w/t#2 5f3a9c1e>00000001 0b77d2aa>00000002 a3]").marker
    assert marker is not None
    assert marker.entry == Digest(applied="5f3a9c1e", pending="00000001")
    assert (marker.entry.target, marker.exits.target, marker.averaging_sent) == ("00000001", "00000002", 3)


@pytest.mark.parametrize("notes", [(None, None), ("", None), (None, "mine"), ("see reconciler:1 w/t", None)])
def test_a_note_of_a_person_has_no_marker(notes: tuple[str | None, str | None]) -> None:
    reading = read_note(*notes)
    assert (reading.state, reading.marker) == (MarkerState.ABSENT, None)


def test_the_raw_note_counts_before_the_displayed_one() -> None:
    other = EXAMPLE.replace("btc-dip", "other")
    found = read_note(EXAMPLE, other).marker
    assert found is not None
    assert found.name == "btc-dip"
    fallback = read_note("", other).marker
    assert fallback is not None
    assert fallback.name == "other"


@pytest.mark.parametrize(
    "note",
    [
        EXAMPLE[:-1],
        EXAMPLE[:40],
        EXAMPLE.replace("5f3a9c1e", "5f3a9c1"),
        EXAMPLE.replace("5f3a9c1e", "5F3A9C1E"),
        EXAMPLE.replace("#1", "#0"),
        EXAMPLE.replace(" ", "  ", 1),
        EXAMPLE.replace("prod", "PROD"),
        EXAMPLE.replace("]", " x]"),
        EXAMPLE + EXAMPLE,
        "[reconciler",
        "[reconciler:1]",
    ],
)
def test_a_damaged_marker_is_no_marker_and_not_nothing(note: str) -> None:
    reading = read_note(note)
    assert (reading.state, reading.marker) == (MarkerState.DAMAGED, None)


def test_a_damaged_marker_still_shows_its_name() -> None:
    reading = read_note(EXAMPLE[:40])
    assert (reading.damaged_workspace, reading.damaged_name) == ("prod-7f3a", "btc-dip")


def test_what_stands_before_a_damaged_marker_is_not_taken_for_its_name() -> None:
    reading = read_note("eth/usd#1 " + EXAMPLE[:40])
    assert (reading.damaged_workspace, reading.damaged_name) == ("prod-7f3a", "btc-dip")


def test_two_markers_of_two_trades_may_be_either() -> None:
    reading = read_note(EXAMPLE + EXAMPLE.replace("prod-7f3a/btc-dip", "elsewhere/eth"))
    assert (reading.state, reading.damaged_workspace, reading.damaged_name) == (MarkerState.DAMAGED, None, None)


def test_a_newer_format_is_not_called_damaged() -> None:
    reading = read_note("[reconciler:2 prod-7f3a/btc-dip#1 whatever comes]")
    assert (reading.state, reading.damaged_name) == (MarkerState.UNKNOWN_VERSION, "btc-dip")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("TP 66000<br />SL 60000", "TP 66000\nSL 60000"),
        ("TP 66000<br/>\nSL 60000", "TP 66000\nSL 60000"),
        ("a &lt; b &amp; &quot;c&quot;", 'a < b & "c"'),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_note_that_is_shown_as_html_is_read_as_it_was_written(shown: str, expected: str) -> None:
    assert read_shown_note(shown) == expected


def test_a_marker_with_a_change_under_way_is_read_from_a_note_that_is_shown_as_html() -> None:
    shown = "[reconciler:1 prod/btc-dip#1 5f3a9c1e&gt;00000001 0b77d2aa] retest"
    assert read_note(shown).state is MarkerState.DAMAGED
    assert read_note(read_shown_note(shown)).marker is not None
