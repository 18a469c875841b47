"""Fault rates of a history: how often things go wrong, and which."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import StrEnum

# What shows up within so many seconds, lists and late requests together, is below the settle time of the product.
SETTLE_S = 10
LATEST_S = 9.0
# Where there is one journal that is kept, lists and gateways may take minutes: less than the longest time that a
# gateway holds a request back, by the settings of the product.
LONGEST_S = 240.0
GATEWAY_DELAY_S = 300
# All trades of a history are created in the same so many seconds.
TIE_S = 10**8


class WireFault(StrEnum):
    """A fault of one request."""

    LOST_REQUEST = "lost request"
    LOST_REPLY = "lost reply"
    CUT_REPLY = "cut reply"
    TRUNCATED = "truncated reply"
    RESET = "reset"
    SERVER_ERROR = "500"
    SERVER_ERROR_AFTER = "500 after the effect"
    BAD_GATEWAY = "502"
    BAD_GATEWAY_AFTER = "502 after the effect"
    GATEWAY_TIMEOUT = "504 after the effect"
    TIMEOUT = "timeout after the effect"
    LATE = "timeout before the effect"
    DELAY = "delay"
    DUPLICATE = "delivered twice"
    RATE_LIMIT = "429"
    LAG = "lagging list"
    SHIFT = "page shift"
    LONG_LAG = "list lagging for minutes"
    HELD = "held back for minutes"


_ANY = (
    WireFault.LOST_REQUEST,
    WireFault.LOST_REPLY,
    WireFault.CUT_REPLY,
    WireFault.TRUNCATED,
    WireFault.RESET,
    WireFault.SERVER_ERROR,
    WireFault.BAD_GATEWAY,
    WireFault.GATEWAY_TIMEOUT,
    WireFault.TIMEOUT,
    WireFault.DELAY,
    WireFault.RATE_LIMIT,
)
_WRITES = (
    *_ANY,
    WireFault.SERVER_ERROR_AFTER,
    WireFault.BAD_GATEWAY_AFTER,
    WireFault.LATE,
    WireFault.LATE,
    WireFault.LOST_REPLY,
)


class Journals(StrEnum):
    """Which journal a history has."""

    NONE = "no journal"
    FILE = "a journal of one machine"
    SHARED = "a shared journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRates:
    """Probabilities, each for one request unless it says otherwise."""

    wrong: float = 0
    lag: float = 0
    people: float = 0
    market: float = 0
    crash: float = 0
    nap: float = 0
    second: float = 0
    journal: float = 0
    events: float = 0
    # Rows of a page at most, 0 for as many as asked for; and whether trades have one `created_at` and any order.
    cap: int = 0
    ties: bool = False
    # What lasts for minutes, and only with one journal that is kept: new trades that lists do not show, writes that
    # arrive late, lists that are empty, and whether lists leave out what has ended.
    long_lag: float = 0
    held: float = 0
    outage: float = 0
    forgets: bool = False

    @property
    def longest_s(self) -> float:
        """After how many seconds everything that was sent has arrived and shows."""
        return LONGEST_S if self.long_lag or self.held or self.outage else LATEST_S

    def draw(self, chance: random.Random, *, is_write: bool, is_create: bool, is_later_page: bool) -> WireFault | None:
        """What goes wrong with a request, or None."""
        if self.long_lag and is_create and chance.random() < self.long_lag:
            return WireFault.LONG_LAG
        if self.held and is_write and chance.random() < self.held:
            return WireFault.HELD
        if is_create and chance.random() < self.lag:
            return WireFault.LAG
        # Reads are many and repeated; it is the writes that count.
        if chance.random() >= self.wrong * (3 if is_write else 1):
            return None
        if not is_write:
            return WireFault.SHIFT if is_later_page and chance.random() < 0.5 else chance.choice(_ANY)
        if chance.random() < (0.02 if is_create else 0.1):
            return WireFault.DUPLICATE
        return chance.choice(_WRITES)


CALM = FaultRates()


def draw_fault_rates(chance: random.Random, *, is_kept: bool) -> FaultRates:
    """Draw the fault rates of a history: most have some faults, few have all.

    Args:
        chance: Decides.
        is_kept: Whether there is one journal that is kept: without one nothing can be known of what takes minutes.
    """

    def often(share: float, *levels: float) -> float:
        return chance.choice(levels) if chance.random() < share else 0.0

    rates = FaultRates(
        wrong=often(0.6, 0.03, 0.1, 0.25),
        lag=often(0.5, 0.3, 1.0),
        people=often(0.5, 0.02, 0.06),
        market=often(0.5, 0.03, 0.08),
        crash=often(0.5, 0.02, 0.06),
        nap=often(0.15, 0.05),
        second=often(0.4, 0.05),
        journal=often(0.4, 0.05),
        events=often(0.3, 0.5),
        cap=int(often(0.15, 1, 2, 3)),
        ties=chance.random() < 0.15,
    )
    if not is_kept:
        return rates
    return replace(
        rates,
        long_lag=often(0.5, 0.3, 1.0),
        held=often(0.5, 0.05, 0.2),
        outage=often(0.5, 0.05, 0.3),
        forgets=chance.random() < 0.4,
    )


def draw_journal(chance: random.Random) -> Journals:
    """Which journal: mostly none, since a missing one is the harder case and the cheaper one."""
    return chance.choices(list(Journals), weights=(60, 20, 20))[0]
