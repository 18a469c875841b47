"""Candles that move a pair: four ticks each, with the clock."""

from __future__ import annotations

from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.values.candles import Candle
from reconciler.sandbox.values.market import follow_last
from reconciler.sandbox.values.pairs import PAIRS


def replay_candle(transaction: Transaction, pair: str, candle: Candle, length_ms: int) -> set[int]:
    """Set the four prices of a candle, and move the clock by a quarter of its length after each.

    Args:
        transaction: The transaction in which the trades move.
        pair: Pair in the API's notation; it exists, and the prices lie on its grid.
        candle: The candle.
        length_ms: Time until the next candle, in milliseconds; 0 for the last one.

    Returns:
        Ids of the trades that were checked.
    """
    affected: set[int] = set()
    for number, last in enumerate(candle.list_ticks()):
        affected.update(transaction.tick(pair, follow_last(PAIRS[pair], last)))
        step_ms = length_ms * (number + 1) // 4 - length_ms * number // 4
        if step_ms:
            affected.update(transaction.advance(transaction.now_ms + step_ms))
    return affected
