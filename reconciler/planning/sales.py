"""Trades that a close of a partly filled entry opened to sell what it held, and such closes that were cut short."""

from __future__ import annotations

from reconciler.codec.note import read_sale_text
from reconciler.model.live import LiveTrade
from reconciler.model.plan import NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.statuses import TradeStatus
from reconciler.planning.decisions import Decision, block, notice


def is_sale(spec: TradeSpec, live: LiveTrade) -> bool:
    """Return whether a live trade sells what the partly filled entry of a file's trade held, as its note says."""
    is_on_own_funds = live.terms.skip_enter_step and not spec.terms.skip_enter_step
    return is_on_own_funds and read_sale_text(live.reading.text) is not None


def plan_ended_sale(spec: TradeSpec, live: LiveTrade, ended: Reason) -> Decision:
    """Decide about a sale that has ended and whose file says open: nothing is opened again.

    Args:
        spec: The trade of the file.
        live: The sale.
        ended: How it ended.
    """
    why = reason(NoticeReason.REST_WAS_SOLD, ended=ended, generation=spec.generation + 1)
    return Decision(notices=(notice(NoticeKind.NOT_OPENED, spec.name, live, why),))


def plan_open_sale(spec: TradeSpec, live: LiveTrade) -> Decision:
    """Decide about a sale that was cut short before it was closed, and whose file says open."""
    return _block(spec, live, BlockReason.SALE_CUT_SHORT)


def plan_closed_sale(spec: TradeSpec, live: LiveTrade) -> Decision:
    """Decide about a trade that has ended and whose file says closed: nothing is to do, unless its sale failed.

    With a journal the sale is tried again, see `restore_unsold`; without one nobody knows what was tried before.
    """
    if live.status != TradeStatus.FAILED or live.closed_units or not is_sale(spec, live):
        return Decision()
    held = Amount(live.terms.entry.units, live.terms.unit)
    why = reason(BlockReason.SALE_FAILED, held=held, error=live.error or None)
    return block(spec, live, why, reason(BlockHint.SELL_BY_HAND))


def plan_open_rest(spec: TradeSpec, live: LiveTrade) -> Decision:
    """Decide about a close that was cut short before its sale was opened, and whose file says open."""
    return _block(spec, live, BlockReason.CLOSE_CUT_SHORT)


def _block(spec: TradeSpec, live: LiveTrade, code: BlockReason) -> Decision:
    held = Amount(live.held_units, live.terms.unit)
    hint = reason(BlockHint.FINISH_CLOSE, name=spec.name)
    return block(spec, live, reason(code, held=held), hint)
