"""Lists that come in pages and shift while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reconciler.errors import UnreadableAnswer

# Pages in a row without one new entry: a shift by a page or two is possible, more means that `page` has no effect.
LARGEST_REPETITION = 3
# With more pages than this it is not a list of trades. Assumed: 100,000 trades, 25 on the smallest page seen.
MOST_PAGES = 4_000


class Pages:
    """Reads a list page by page to an empty page, and notes if its order is not certain.

    Only an empty page proves the end: a server may give shorter pages than asked for.

    The order is uncertain if the last entry of a page and the first of the next have the same instant. Their order may
    differ between requests, so an entry may be missing from both pages. This is also true if one entry is on both
    pages: either the list has shifted and nothing is missing, or the entry replaced another one of the same instant.

    Args:
        fetch: Gets a page by its number, from 1.
        instant_of: The text by which the list is ordered, or None if the order does not matter.
    """

    def __init__(
        self, fetch: Callable[[int], list[object]], instant_of: Callable[[object], str | None] | None = None
    ) -> None:
        self.is_tied = False
        self.reached_end = False
        self._fetch = fetch
        self._instant_of = instant_of
        self._seen: set[object] = set()
        self._last: str | None = None

    def __iter__(self) -> Iterator[list[object]]:
        """Yield the new entries of each page, in order. Entries without an id always count as new.

        Raises:
            UnreadableAnswer: The pages repeat without end, or there are too many.
        """
        repeated, number = 0, 1
        while page := self._fetch(number):
            seen_before = len(self._seen)
            new = [entry for entry in page if self._is_new(entry)]
            self._compare_border(page)
            yield new
            repeated = repeated + 1 if len(self._seen) == seen_before else 0
            if repeated == LARGEST_REPETITION or number == MOST_PAGES:
                raise UnreadableAnswer(f"the list does not end: page {number} and those before it bring nothing new")
            number += 1
        self.reached_end = True

    def _compare_border(self, page: list[object]) -> None:
        if self._instant_of is None:
            return
        instants = [self._instant_of(entry) for entry in page]
        self.is_tied = self.is_tied or (self._last is not None and self._last in instants)
        self._last = instants[-1]

    def _is_new(self, entry: object) -> bool:
        entry_id = id_of(entry)
        if entry_id is None:
            return True
        if entry_id in self._seen:
            return False
        self._seen.add(entry_id)
        return True


def id_of(entry: object) -> int | None:
    """Read the id of an entry, or None if it shows none."""
    entry_id = entry.get("id") if isinstance(entry, Mapping) else None
    return entry_id if isinstance(entry_id, int) and not isinstance(entry_id, bool) else None


def created_of(entry: object) -> str | None:
    """Read `data.created_at` of an entry as text, or None if it shows none."""
    data = entry.get("data") if isinstance(entry, Mapping) else None
    created = data.get("created_at") if isinstance(data, Mapping) else None
    return created if isinstance(created, str) else None
