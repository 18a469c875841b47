"""Example values for the sentence of any code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from reconciler.model.forecasts import Forecast
from reconciler.model.reasons import Amount, Reason, ReasonValue
from reconciler.rendering.reasons import find_template
from reconciler.rendering.templates import find_places

_INNER = Reason(Forecast.MOVES_NO_MONEY)
_PRICE = Amount(Decimal(60000), "USDT")
_EXAMPLES: Mapping[str, ReasonValue] = {
    "": "word",
    "words": "own_funds",
    "ending": "finished",
    "opens": "buy",
    "closes": "sell",
    "bool": True,
    "n": 3,
    "id": 7,
    "count": 2,
    "amount": _PRICE,
    "exact": _PRICE,
    "bare": _PRICE,
    "round": _PRICE,
    "time": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "reason": _INNER,
    "list": (_PRICE,),
    "and": (7, 8),
    "semicolons": (_INNER,),
    "code": ("close",),
}


def example_of(code: StrEnum) -> Reason:
    """A reason with an example for each value of its sentence."""
    places = find_places(find_template(code)).items()
    return Reason(code, tuple(sorted((name, _EXAMPLES[kind.partition(" ")[0]]) for name, kind in places)))
