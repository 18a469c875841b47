"""What the public documents leave open, and how long intermediate states last: the settings of a sandbox.

Source: each choice is assumed; the defaults are the plain reading. A client has to survive every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.errors import InvalidOption

# Intermediate states that only the clock ends; more reads than anybody makes.
UNTIL_CLOCK = "clock"
ENDLESS_READS = 10**9
MAX_READS = 1000

# Percent of the total. Source: published examples (a paper account pays 0.1 %, a real one paid 0.6 %).
DEFAULT_FEE_PCT = Decimal("0.1")
MAX_FEE_PCT = Decimal(10)


class ShownLevel(StrEnum):
    """Whether a level that the engine moves is shown moved, or as it was asked for."""

    MOVED = "moved"
    UNCHANGED = "unchanged"


class FinishedSteps(StrEnum):
    """What a PATCH of take profit does while a step has finished: keeps it if echoed, or is refused."""

    KEPT = "kept"
    REFUSED = "refused"


class MissingGroups(StrEnum):
    """What a PATCH without the take-profit or stop-loss group does to it."""

    UNCHANGED = "unchanged"
    DISABLED = "disabled"


class FeeCurrency(StrEnum):
    """What the exchange takes its fee in: quote currency always, or whatever an order receives."""

    QUOTE = "quote"
    RECEIVED = "received"


class UnknownTrade(StrEnum):
    """Status of the answer of GET and DELETE to an id that they do not know; all other endpoints answer 404."""

    DOCUMENTED = "400"
    NOT_FOUND = "404"


class CancelAnswer(StrEnum):
    """What both DELETE endpoints answer: 200 and the entity, or 204 and nothing."""

    ENTITY = "entity"
    EMPTY = "empty"


class WrongStatus(StrEnum):
    """Status of the answer to an action that the trade does not allow now; each has its own `error`."""

    WRONG_PARAMS = "400"
    FORBIDDEN = "403"
    UNPROCESSABLE = "422"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All settings of a sandbox.

    Args:
        trailing_stop: Whether the trigger of a trailing stop is shown moved along with its level.
        breakeven: Whether the trigger is shown moved once breakeven has moved it.
        finished_steps: What a PATCH may do once a step has finished.
        missing_groups: What a PATCH does to groups that it does not name.
        unknown_trade: How GET and DELETE answer an unknown id.
        cancel_answer: What a DELETE answers.
        wrong_status: How an action in the wrong status is answered.
        fee_currency: What the fee of an order is taken in.
        fee_pct: Fee of every order, in percent of its total.
        pending_reads: How many reads see an intermediate state; 0 settles it before the next request. Advancing the
            clock ends it in any case.
    """

    trailing_stop: ShownLevel = ShownLevel.UNCHANGED
    breakeven: ShownLevel = ShownLevel.MOVED
    finished_steps: FinishedSteps = FinishedSteps.KEPT
    missing_groups: MissingGroups = MissingGroups.UNCHANGED
    unknown_trade: UnknownTrade = UnknownTrade.DOCUMENTED
    cancel_answer: CancelAnswer = CancelAnswer.ENTITY
    wrong_status: WrongStatus = WrongStatus.WRONG_PARAMS
    fee_currency: FeeCurrency = FeeCurrency.QUOTE
    fee_pct: Decimal = DEFAULT_FEE_PCT
    pending_reads: int = 0

    @property
    def fee(self) -> Decimal:
        """The fee as a share of the total."""
        return self.fee_pct / 100


# Name to the words that it may hold; numbers are read apart.
_CHOICES: Mapping[str, type[StrEnum]] = {
    "trailing_stop": ShownLevel,
    "breakeven": ShownLevel,
    "finished_steps": FinishedSteps,
    "missing_groups": MissingGroups,
    "unknown_trade": UnknownTrade,
    "cancel_answer": CancelAnswer,
    "wrong_status": WrongStatus,
    "fee_currency": FeeCurrency,
}
OPTION_NAMES = (*_CHOICES, "fee_pct", "pending_reads")


def read_options(texts: Mapping[str, str]) -> Options:
    """The settings behind their texts; what is not named has its default.

    Args:
        texts: Text by name.

    Raises:
        InvalidOption: A name or a text that no setting has.
    """
    options = Options()
    values = {name: getattr(options, name) for name in OPTION_NAMES}
    return Options(**values | {name: _read_value(name, text) for name, text in texts.items()})


def write_options(options: Options) -> dict[str, str]:
    """The text of every setting, by name."""
    texts = {name: str(getattr(options, name)) for name in OPTION_NAMES}
    return texts | {"pending_reads": UNTIL_CLOCK} if options.pending_reads == ENDLESS_READS else texts


def _read_value(name: str, text: str) -> object:
    if name in _CHOICES:
        words = _CHOICES[name]
        if text in list(words):
            return words(text)
        raise InvalidOption(f"{name} cannot be {text!r}: expected {' or '.join(words)}")
    number = read_decimal(text)
    if name == "fee_pct":
        if number is None or not 0 <= number <= MAX_FEE_PCT:
            raise InvalidOption(f"fee_pct cannot be {text!r}: expected percent from 0 to {MAX_FEE_PCT}")
        return number
    if name == "pending_reads":
        return _read_reads(text, number)
    raise InvalidOption(f"unknown setting {name!r}: expected {', '.join(OPTION_NAMES)}")


def _read_reads(text: str, number: Decimal | None) -> int:
    if text == UNTIL_CLOCK:
        return ENDLESS_READS
    if number is None or number != number.to_integral_value() or not 0 <= number <= MAX_READS:
        raise InvalidOption(f"pending_reads cannot be {text!r}: expected {UNTIL_CLOCK} or 0 to {MAX_READS}")
    return int(number)
