"""Money at risk as text: sums of a plan by currency, and what one operation changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import round_to
from reconciler.model.risk import OperationRisk, RiskTotals, TradeRisk, Unknown
from reconciler.rendering.folding import fold_text
from reconciler.rendering.money import format_money
from reconciler.rendering.reasons import describe
from reconciler.rendering.style import Style, printable
from reconciler.rendering.words import count_of, name_few

ARROW = "->"
_RATIO_STEP = Decimal("0.01")
# A reason and its trades; more trades are counted.
_MOST_NAMES = 3
# The name of a number in `TradeRisk`, and how it is called.
_PARTS = {
    "units": "size",
    "notional": "notional",
    "margin": "margin",
    "loss_at_stop": "loss at stop",
    "locked_in": "gain at stop",
    "reward": "reward",
    "reward_risk": "reward / risk",
    "fees": "fees",
    "breakeven": "break-even",
    "liquidation": "liquidation",
}


def total_lines(totals: Mapping[str, RiskTotals], style: Style) -> Iterator[str]:
    """Write the money at risk at one moment, a line for each currency and one for what stands apart."""
    for currency in sorted(totals):
        sums = totals[currency]
        unit = printable(currency)
        parts = [f"loss at stop {money(sums.loss_at_stop, currency)}"]
        if sums.locked_in:
            parts.append(f"locked in {money(sums.locked_in, currency)}")
        parts += [f"reward {money(sums.reward, currency)}", f"notional {money(sums.notional, currency)}"]
        first, *others = fold_text(f"At risk {unit}: {', '.join(parts)}.", indent=0)
        yield style.paint(first, "bold")
        yield from (style.paint(f"  {line}", "bold") for line in others)
        if sums.without_stop:
            yield style.paint(f"  {_describe_without_stop(sums.without_stop, sums, currency)}", "red")


def unknown_lines(unknown: Mapping[str, Sequence[Unknown]], style: Style) -> Iterator[str]:
    """Write what is not known of which trades, and why: a few names, and how many more there are."""
    trades: dict[tuple[str, str], list[str]] = {}
    for trade, parts in unknown.items():
        for part in parts:
            trades.setdefault((name_part(part.part), describe(part.reason)), []).append(trade)
    for (part_name, why), names in trades.items():
        named = name_few([printable(name) for name in names], _MOST_NAMES)
        first, *others = fold_text(f"not known: {part_name} of {named}: {printable(why)}", indent=2)
        yield from (style.paint(line, "yellow") for line in (f"  {first}", *(f"    {line}" for line in others)))


def describe_risk_change(risk: OperationRisk) -> str:
    """Write what an operation does to the money at risk of its trade, on one line; empty if there is nothing to say."""
    before, after = risk.before, risk.after
    if after is None:
        return f"was: {_describe_one(before)}" if before is not None else ""
    if before is None:
        return _describe_one(after)
    return ", ".join(filter(None, _describe_both(before, after)))


def describe_unknown(risk: OperationRisk) -> Sequence[str]:
    """Write what is not known of the trade of an operation, one line each."""
    side = risk.after or risk.before
    return (
        [] if side is None else [f"not known: {name_part(each.part)}: {describe(each.reason)}" for each in side.unknown]
    )


def describe_ratio(ratio: Decimal | None) -> str:
    """Write reward to risk with two digits, `-` if there is none."""
    return "-" if ratio is None else f"{round_to(ratio, _RATIO_STEP):f}"


def name_part(part: str) -> str:
    """Return the words for a number of a trade."""
    return _PARTS.get(part, printable(part))


def money(amount: Decimal, currency: str, *, is_signed: bool = False) -> str:
    """Write an amount with the digits of its currency, in groups of three."""
    return format_money(amount, currency, is_signed=is_signed, is_grouped=True)


def _describe_without_stop(count: int, sums: RiskTotals, currency: str) -> str:
    verb = "has" if count == 1 else "have"
    amount = f"{money(sums.notional_without_stop, currency)} {printable(currency)}"
    return f"{count_of(count, 'trade')} {verb} no stop: {amount} are not in loss at stop"


def _describe_one(risk: TradeRisk) -> str:
    """Write the money at risk of a trade that is there on one side only."""
    unit = printable(risk.currency)
    parts = [_describe_loss(risk)]
    if risk.reward is not None:
        parts.append(f"reward {money(risk.reward, risk.currency)}")
    if risk.reward_risk is not None:
        parts.append(f"reward / risk {describe_ratio(risk.reward_risk)}")
    if risk.fees:
        parts.append(f"fees about {money(risk.fees, risk.currency)}")
    if not parts[0].endswith(unit) and len(parts) > 1:
        parts[1] += f" {unit}"
    return ", ".join(parts)


def _describe_both(before: TradeRisk, after: TradeRisk) -> Iterator[str]:
    old, new = _describe_loss(before), _describe_loss(after)
    if old == new:
        yield new
    elif before.loss_at_stop and after.loss_at_stop:
        yield f"loss at stop {money(before.loss_at_stop, before.currency)} {ARROW} {new.removeprefix('loss at stop ')}"
    else:
        yield f"{old} {ARROW} {new}"
    if before.reward is not None or after.reward is not None:
        yield f"reward {_show_change(_show(before.reward, before.currency), _show(after.reward, after.currency))}"
    if before.reward_risk is not None or after.reward_risk is not None:
        yield f"reward / risk {_show_change(describe_ratio(before.reward_risk), describe_ratio(after.reward_risk))}"


def _describe_loss(risk: TradeRisk) -> str:
    """Write what is lost if the stop acts, or why nobody can say."""
    unit = printable(risk.currency)
    if not risk.has_stop:
        return "no stop"
    if risk.loss_at_stop is None:
        return "loss at stop not known"
    limit = " (a limit stop may not fill)" if risk.may_not_fill else ""
    if risk.locked_in:
        return f"stop locks in {money(risk.locked_in, risk.currency)} {unit}{limit}"
    return f"loss at stop {money(risk.loss_at_stop, risk.currency)} {unit}{limit}"


def _show(amount: Decimal | None, currency: str) -> str:
    return "not known" if amount is None else money(amount, currency)


def _show_change(before: str, after: str) -> str:
    return after if before == after else f"{before} {ARROW} {after}"
