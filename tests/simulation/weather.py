"""How hard the world is on one history: how often things go wrong, and which."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

# What shows up within so many seconds, lists and late requests together, is below the settle time of the product.
SETTLE_S = 10
LATEST_S = 9.0


class Wrong(StrEnum):
    """What can go wrong with a request."""

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


_ANY = (
    Wrong.LOST_REQUEST,
    Wrong.LOST_REPLY,
    Wrong.CUT_REPLY,
    Wrong.TRUNCATED,
    Wrong.RESET,
    Wrong.SERVER_ERROR,
    Wrong.BAD_GATEWAY,
    Wrong.GATEWAY_TIMEOUT,
    Wrong.TIMEOUT,
    Wrong.DELAY,
    Wrong.RATE_LIMIT,
)
_WRITES = (*_ANY, Wrong.SERVER_ERROR_AFTER, Wrong.BAD_GATEWAY_AFTER, Wrong.LATE, Wrong.LATE, Wrong.LOST_REPLY)


class Journals(StrEnum):
    """Which journal a history has."""

    NONE = "no journal"
    FILE = "a journal of one machine"
    SHARED = "a shared journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Chances, each for one request unless it says otherwise."""

    wrong: float = 0
    lag: float = 0
    people: float = 0
    market: float = 0
    crash: float = 0
    nap: float = 0
    second: float = 0
    journal: float = 0
    events: float = 0

    def draw(self, chance: random.Random, *, is_write: bool, is_create: bool, is_later_page: bool) -> Wrong | None:
        """What goes wrong with a request, or None."""
        if is_create and chance.random() < self.lag:
            return Wrong.LAG
        # Reads are many and repeated; it is the writes that count.
        if chance.random() >= self.wrong * (3 if is_write else 1):
            return None
        if not is_write:
            return Wrong.SHIFT if is_later_page and chance.random() < 0.5 else chance.choice(_ANY)
        if chance.random() < (0.02 if is_create else 0.1):
            return Wrong.DUPLICATE
        return chance.choice(_WRITES)


CALM = Weather()


def draw_weather(chance: random.Random) -> Weather:
    """The weather of a history: most have some of it, few have all."""

    def often(share: float, *levels: float) -> float:
        return chance.choice(levels) if chance.random() < share else 0.0

    return Weather(
        wrong=often(0.6, 0.03, 0.1, 0.25),
        lag=often(0.5, 0.3, 1.0),
        people=often(0.5, 0.02, 0.06),
        market=often(0.5, 0.03, 0.08),
        crash=often(0.5, 0.02, 0.06),
        nap=often(0.15, 0.05),
        second=often(0.4, 0.05),
        journal=often(0.4, 0.05),
        events=often(0.3, 0.5),
    )


def draw_journal(chance: random.Random) -> Journals:
    """Which journal: mostly none, since a missing one is the harder case and the cheaper one."""
    return chance.choices(list(Journals), weights=(60, 20, 20))[0]
