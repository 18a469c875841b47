"""Money at risk of the whole workspace, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.model.phrases import Phrase
from reconciler.model.plan_view import CurrencyView, RiskView, SumView
from reconciler.model.risk import FeeBasis, Money, RiskTotals, Unknown, WorkspaceRisk
from reconciler.rendering.phrases import code, end_sentence, join, name_values, phrase, unit
from reconciler.rendering.reasons import say
from reconciler.rendering.risk_text import money, name_part
from reconciler.rendering.words import count_of

_NOTHING = RiskTotals()
_HUNDRED = Decimal(100)
# A reason and its trades; more trades are counted.
_MOST_NAMES = 3
# The sums that are shown, in this order; those in the second set only if there are any.
_SUMS = {
    "notional": "notional",
    "margin": "margin",
    "loss_at_stop": "loss at stop",
    "locked_in": "locked in by stops",
    "reward": "reward at steps",
}
_OPTIONAL = frozenset({"margin", "locked_in"})


def view_risk(risk: WorkspaceRisk) -> RiskView:
    """Make the view of the money at risk before and after a plan; empty if no trade is there."""
    currencies = sorted({*risk.before, *risk.after}, key=lambda each: (-_count_trades(each, risk), each))
    if not currencies:
        return RiskView()
    return RiskView(
        currencies=tuple(
            _view_currency(currency, risk.before.get(currency, _NOTHING), risk.after.get(currency, _NOTHING))
            for currency in currencies
        ),
        unknown=tuple(say_unknown(risk.unknown)),
        notes=tuple(filter(None, [_say_money(risk.money), _say_assumed(risk)])),
    )


def _count_trades(currency: str, risk: WorkspaceRisk) -> int:
    return max(side.get(currency, _NOTHING).trades for side in (risk.before, risk.after))


def say_unknown(unknown: Mapping[str, Sequence[Unknown]]) -> Iterator[Phrase]:
    """Say what is not known of which trades, and why: a few names, and how many more there are."""
    trades: dict[tuple[str, Phrase], list[str]] = {}
    for trade, parts in unknown.items():
        for part in parts:
            trades.setdefault((name_part(part.part), say(part.reason)), []).append(trade)
    for (part_name, why), names in trades.items():
        yield phrase(f"not known: {part_name} of ", name_values(names, _MOST_NAMES), ": ", why)


def _view_currency(currency: str, before: RiskTotals, after: RiskTotals) -> CurrencyView:
    names = [name for name in _SUMS if name not in _OPTIONAL or _is_shown(name, before, after)]
    return CurrencyView(
        currency=currency,
        sums=tuple(_view_sum(name, currency, before, after) for name in names),
        notes=tuple(_say_bare(currency, before, after)),
    )


def _view_sum(name: str, currency: str, before: RiskTotals, after: RiskTotals) -> SumView:
    old: Decimal = getattr(before, name)
    new: Decimal = getattr(after, name)
    return SumView(
        name=_SUMS[name],
        before=money(old, currency),
        after=money(new, currency),
        change=money(new - old, currency, is_signed=True) if new != old else "=",
        is_loss=name == "loss_at_stop",
    )


def _is_shown(name: str, before: RiskTotals, after: RiskTotals) -> bool:
    """Return whether a sum says more than others; the margin of spot trades is their notional."""
    if name == "margin":
        return (before.margin, after.margin) != (before.notional, after.notional)
    return bool(before.locked_in or after.locked_in)


def _say_bare(currency: str, before: RiskTotals, after: RiskTotals) -> Iterator[Phrase]:
    """Say which money no stop protects."""
    if not after.without_stop and not before.without_stop:
        return
    if not after.without_stop:
        yield phrase(f"every trade has a stop; before, {before.without_stop} had none")
        return
    verb = "has" if after.without_stop == 1 else "have"
    was = f", {before.without_stop} before" if before.without_stop != after.without_stop else ""
    amount = money(after.notional_without_stop, currency)
    count = count_of(after.without_stop, "trade")
    yield phrase(f"{count} {verb} no stop: {amount} ", unit(currency), f" are not in loss at stop{was}")


def _say_money(moved: Money) -> Phrase:
    """Say which money a plan moves."""
    parts = [
        ("commits ", moved.commits, ""),
        ("frees ", moved.frees, ""),
        ("buys or sells ", moved.at_market, " at market at once"),
    ]
    said = [phrase(verb, _say_amounts(amounts), rest) for verb, amounts, rest in parts if any(amounts.values())]
    texts = join(said, ", ")
    return end_sentence(phrase("It ", texts)) if texts else ()


def _say_amounts(amounts: Mapping[str, Decimal]) -> Phrase:
    known = [phrase(f"{money(amount, currency)} ", unit(currency)) for currency, amount in amounts.items() if amount]
    return join(known, " and ")


def _say_assumed(risk: WorkspaceRisk) -> Phrase:
    """Say which fees are assumed."""
    rates: dict[Decimal, list[str]] = {}
    for account, fee in risk.fees.items():
        if fee.basis is FeeBasis.ASSUMED:
            rates.setdefault(fee.rate, []).append(account)
    said = [phrase(f"{plain(rate * _HUNDRED)} % on ", name_values(names, _MOST_NAMES)) for rate, names in rates.items()]
    texts = join(said, ", ")
    return phrase("Fees are assumed: ", texts, ". To set them: ", code("fees"), " in reconciler.yaml") if texts else ()
