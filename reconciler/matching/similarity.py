"""Find live trades without a marker that may have been opened for a spec: alike in place, kind, size and price.

Thousands of trades of one size on one pair are ordinary, and so are thousands at one price. Searches use the key that
differs most, so that they do not compare every trade with every other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from reconciler.codec.contracts import contract_of
from reconciler.codec.numbers import is_near
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Entry, Side, Terms

# How far a size, or a price of a waiting entry, may be from the file's to count as the same, as a share of it: fees
# make a held size smaller, lots and ticks round. A false alarm costs a line in `foreign`, a miss a second position.
_UNITS_TOLERANCE = Decimal("0.02")
_PRICE_TOLERANCE = Decimal("0.001")

# Account, pair and side.
Place = tuple[int, str, Side]
Thing = TypeVar("Thing", LiveTrade, TradeSpec)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmarked:
    """Live trades without a marker, indexed.

    Attributes:
        held: Those with a position, in order of size: the API shows of them what was filled at which average.
        waiting: All others, in order of price.
    """

    held: Mapping[Place, Sequence[LiveTrade]]
    waiting: Mapping[Place, Sequence[LiveTrade]]

    @property
    def lives(self) -> tuple[LiveTrade, ...]:
        """All of them."""
        return tuple(live for group in (self.held, self.waiting) for lives in group.values() for live in lives)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangedSpecs:
    """Specs, indexed.

    Attributes:
        by_size: In order of size.
        by_price: The same in order of price.
    """

    by_size: Mapping[Place, Sequence[TradeSpec]]
    by_price: Mapping[Place, Sequence[TradeSpec]]


def arrange_unmarked(lives: Collection[LiveTrade]) -> Unmarked:
    """Index live trades."""
    held = [live for live in lives if live.phase is Phase.OPEN]
    waiting = [live for live in lives if live.phase is not Phase.OPEN]
    return Unmarked(held=_arrange(held, _units_of), waiting=_arrange(waiting, _price_of))


def arrange_specs(specs: Collection[TradeSpec]) -> ArrangedSpecs:
    """Index specs."""
    return ArrangedSpecs(by_size=_arrange(specs, _units_of), by_price=_arrange(specs, _price_of))


def find_like(wanted: Terms, unmarked: Unmarked, foreign: Collection[int]) -> LiveTrade | None:
    """Find a live trade that may have been opened for some terms, or None.

    Args:
        wanted: What a file wants.
        unmarked: Live trades without a marker.
        foreign: SmartTrade ids that are known not to belong to this workspace.
    """
    place = place_of(wanted)
    held = _find_between(unmarked.held.get(place, ()), _units_of, *_range_around(wanted.entry.units, _UNITS_TOLERANCE))
    price = _first_price(wanted.entry)
    waiting = _find_between(unmarked.waiting.get(place, ()), _price_of, *_range_around(price, _PRICE_TOLERANCE))
    found = (live for lives in (held, waiting) for live in lives)
    return next((live for live in found if live.id not in foreign and may_be(live, wanted)), None)


def find_specs_like(live: LiveTrade, specs: ArrangedSpecs) -> list[TradeSpec]:
    """Find the specs for which a live trade may have been opened, in the order of the files."""
    place, entry = place_of(live.terms), live.terms.entry
    if live.phase is Phase.OPEN:
        near = _find_between(specs.by_size.get(place, ()), _units_of, *_range_to(entry.units, _UNITS_TOLERANCE))
    else:
        near = _find_between(
            specs.by_price.get(place, ()), _price_of, *_range_to(_first_price(entry), _PRICE_TOLERANCE)
        )
    alike = [spec for spec in near if may_be(live, spec.terms)]
    return sorted(alike, key=lambda spec: (spec.origin.file, spec.origin.line, spec.origin.column))


def may_be(live: LiveTrade, terms: Terms) -> bool:
    """Return whether a live trade without a marker may have been opened for the terms of a file."""
    is_near_in_size = is_near(live.terms.entry.units, terms.entry.units, _UNITS_TOLERANCE)
    return place_of(live.terms) == place_of(terms) and is_near_in_size and _looks_alike(live, terms)


def place_of(terms: Terms) -> Place:
    """Return account, contract and side of a trade."""
    return (terms.account_id, contract_of(terms.pair), terms.entry.side)


def _looks_alike(live: LiveTrade, spec: Terms) -> bool:
    """Return whether a trade of the same account, pair, side and size may have been opened for a spec.

    Of a held position the API shows what was filled at which average, so only its size can be compared.
    """
    if (live.terms.instant, live.terms.skip_enter_step) != (spec.instant, spec.skip_enter_step):
        return False
    ours, theirs = spec.entry, live.terms.entry
    return live.phase is Phase.OPEN or (
        theirs.order_type is ours.order_type
        and all(
            other == own or (other is not None and own is not None and is_near(other, own, _PRICE_TOLERANCE))
            for other, own in zip(_prices_of(theirs), _prices_of(ours), strict=True)
        )
    )


def _prices_of(entry: Entry) -> tuple[Decimal | None, Decimal | None]:
    return entry.price, entry.condition.price if entry.condition else None


def _first_price(entry: Entry) -> Decimal:
    """Return the price by which an entry is found; similar trades have similar prices, 0 if there is none."""
    return next((price for price in _prices_of(entry) if price is not None), Decimal(0))


def _units_of(thing: LiveTrade | TradeSpec) -> Decimal:
    return thing.terms.entry.units


def _price_of(thing: LiveTrade | TradeSpec) -> Decimal:
    return _first_price(thing.terms.entry)


def _arrange(things: Iterable[Thing], key: Callable[[Thing], Decimal]) -> Mapping[Place, Sequence[Thing]]:
    arranged: dict[Place, list[Thing]] = defaultdict(list)
    for thing in sorted(things, key=key):
        arranged[place_of(thing.terms)].append(thing)
    return arranged


def _find_between(
    things: Sequence[Thing], key: Callable[[Thing], Decimal], least: Decimal, most: Decimal
) -> Iterator[Thing]:
    """Find the values in an ordered list whose key is between two bounds; no copy, as the first may be enough."""
    places = range(bisect_left(things, least, key=key), bisect_right(things, most, key=key))
    return (things[place] for place in places)


def _range_around(filed: Decimal, tolerance: Decimal) -> tuple[Decimal, Decimal]:
    """Return the range of live numbers that match a number of a file."""
    return filed * (1 - tolerance), filed * (1 + tolerance)


def _range_to(live: Decimal, tolerance: Decimal) -> tuple[Decimal, Decimal]:
    """Return the range of numbers in files that match a live number; a little wide, since a quotient is rounded."""
    return live / (1 + 2 * tolerance), live / (1 - 2 * tolerance)
