"""Lists that come in pages and shift while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reconciler.errors import UnreadableAnswer

# Pages in a row without one new entry: a shift by a page or two is possible, more means that `page` has no effect.
LARGEST_REPETITION = 3


def read_pages(fetch: Callable[[int], list[object]], *, full_page: int | None) -> Iterator[list[object]]:
    """Each page's entries that no page before had.

    Args:
        fetch: Gets a page by its number, from 1.
        full_page: A page with fewer entries is the last; None to go on to an empty page, which proves the end even
            where the API gives shorter pages than asked for.

    Yields:
        New entries in order; all that show no id, since they cannot be told apart.

    Raises:
        UnreadableAnswer: The pages repeat without end.
    """
    seen: set[object] = set()
    repeated, number = 0, 1
    while page := fetch(number):
        seen_before = len(seen)
        yield [entry for entry in page if _is_new(entry, seen)]
        if full_page is not None and len(page) < full_page:
            return
        repeated = repeated + 1 if len(seen) == seen_before else 0
        if repeated == LARGEST_REPETITION:
            raise UnreadableAnswer(f"the list does not end: page {number} and those before it bring nothing new")
        number += 1


def id_of(entry: object) -> int | None:
    """The id of an entry, or None where it shows none."""
    entry_id = entry.get("id") if isinstance(entry, Mapping) else None
    return entry_id if isinstance(entry_id, int) and not isinstance(entry_id, bool) else None


def _is_new(entry: object, seen: set[object]) -> bool:
    entry_id = id_of(entry)
    if entry_id is None:
        return True
    if entry_id in seen:
        return False
    seen.add(entry_id)
    return True
