from __future__ import annotations

import pytest

from reconciler.errors import UnreadableAnswer
from reconciler.live.paging import id_of, read_pages


class Pages:
    def __init__(self, *pages: list[object]) -> None:
        self.pages = pages
        self.fetched = 0

    def __call__(self, number: int) -> list[object]:
        self.fetched = number
        return self.pages[number - 1] if number <= len(self.pages) else []


def entries(*ids: int) -> list[object]:
    return [{"id": number} for number in ids]


def test_a_short_page_is_the_last() -> None:
    pages = Pages(entries(1, 2), entries(3), entries(4))
    assert list(read_pages(pages, full_page=2)) == [entries(1, 2), entries(3)]
    assert pages.fetched == 2


def test_an_empty_page_is_the_last_even_after_full_ones() -> None:
    pages = Pages(entries(1, 2), [])
    assert list(read_pages(pages, full_page=2)) == [entries(1, 2)]


def test_to_an_empty_page_short_ones_do_not_count_as_the_end() -> None:
    pages = Pages(entries(1, 2), entries(3), entries(4))
    assert list(read_pages(pages, full_page=None)) == [entries(1, 2), entries(3), entries(4)]
    assert pages.fetched == 4


def test_what_shifts_to_the_next_page_is_seen_once() -> None:
    pages = Pages(entries(1, 2), entries(2, 3), entries(3, 4))
    assert list(read_pages(pages, full_page=None)) == [entries(1, 2), entries(3), entries(4)]


def test_a_page_of_nothing_new_is_not_the_end() -> None:
    pages = Pages(entries(1, 2), entries(1, 2), entries(1, 2), entries(3, 4))
    assert list(read_pages(pages, full_page=None)) == [entries(1, 2), [], [], entries(3, 4)]


@pytest.mark.parametrize("page", [entries(1, 2), [None, None], [{"id": True}, {"id": "x"}]])
def test_a_list_that_repeats_without_end_is_refused(page: list[object]) -> None:
    with pytest.raises(UnreadableAnswer, match="does not end"):
        list(read_pages(lambda _: page, full_page=2))


@pytest.mark.parametrize(
    ("entry", "expected"), [({"id": 5}, 5), ({"id": "5"}, None), ({"id": True}, None), (None, None)]
)
def test_an_id_is_a_whole_number(entry: object, expected: int | None) -> None:
    assert id_of(entry) == expected
