from __future__ import annotations

from itertools import count

import pytest

from reconciler.errors import UnreadableAnswer
from reconciler.live.paging import Pages as ListPages
from reconciler.live.paging import created_of, id_of


class Pages:
    def __init__(self, *pages: list[object]) -> None:
        self.pages = pages
        self.fetched = 0

    def __call__(self, number: int) -> list[object]:
        self.fetched = number
        return self.pages[number - 1] if number <= len(self.pages) else []


def entries(*ids: int) -> list[object]:
    return [{"id": number} for number in ids]


def test_only_an_empty_page_is_the_end_since_a_server_may_give_shorter_pages_than_asked_for() -> None:
    pages = Pages(entries(1, 2), entries(3), entries(4))
    read = ListPages(pages)
    assert list(read) == [entries(1, 2), entries(3), entries(4)]
    assert pages.fetched == 4
    assert read.reached_end


def test_a_reading_that_is_given_up_has_not_reached_the_end() -> None:
    read = ListPages(Pages(entries(1, 2), entries(3)))
    assert next(iter(read)) == entries(1, 2)
    assert not read.reached_end


def test_what_shifts_to_the_next_page_is_seen_once() -> None:
    pages = Pages(entries(1, 2), entries(2, 3), entries(3, 4))
    assert list(ListPages(pages)) == [entries(1, 2), entries(3), entries(4)]


def test_a_page_of_nothing_new_is_not_the_end() -> None:
    pages = Pages(entries(1, 2), entries(1, 2), entries(1, 2), entries(3, 4))
    assert list(ListPages(pages)) == [entries(1, 2), [], [], entries(3, 4)]


@pytest.mark.parametrize("page", [entries(1, 2), [None, None], [{"id": True}, {"id": "x"}]])
def test_a_list_that_repeats_without_end_is_refused(page: list[object]) -> None:
    with pytest.raises(UnreadableAnswer, match="does not end"):
        list(ListPages(lambda _: page))


def test_a_list_of_ever_new_entries_is_refused_in_the_end() -> None:
    with pytest.raises(UnreadableAnswer, match="does not end"):
        list(ListPages(entries))


def dated(*instants: str | None) -> list[object]:
    """Entries with ids of their own, created at some instants."""
    return [{"id": next(IDS), "data": {"created_at": instant}} for instant in instants]


IDS = count(1)


@pytest.mark.parametrize(
    ("first", "second", "is_tied"),
    [
        (("10:00", "10:01"), ("10:01", "10:02"), True),
        (("10:00", "10:00"), ("10:01",), False),
        (("10:00", None), (None, "10:01"), False),
    ],
)
def test_equal_instants_on_both_sides_of_a_page_border_make_the_order_uncertain(
    first: tuple[str | None, ...], second: tuple[str | None, ...], is_tied: bool
) -> None:
    read = ListPages(Pages(dated(*first), dated(*second)), created_of)
    assert len(list(read)) == 2
    assert read.is_tied is is_tied


def test_one_entry_that_is_on_both_pages_may_have_taken_the_place_of_another() -> None:
    one, hidden, older = dated("10:00", "10:00", "09:59")
    order = {1: [one, hidden], 2: [hidden, one]}
    shown = {1: [order[1][0]], 2: [order[2][1], older]}
    read = ListPages(lambda number: shown.get(number, []), created_of)

    assert hidden not in [entry for page in read for entry in page]
    assert read.is_tied


def test_a_list_in_which_nothing_is_tied_or_shifted_is_certain() -> None:
    read = ListPages(Pages(dated("10:02", "10:01"), dated("10:00")), created_of)
    assert len(list(read)) == 2
    assert not read.is_tied


@pytest.mark.parametrize(
    ("entry", "expected"), [({"id": 5}, 5), ({"id": "5"}, None), ({"id": True}, None), (None, None)]
)
def test_an_id_is_a_whole_number(entry: object, expected: int | None) -> None:
    assert id_of(entry) == expected
