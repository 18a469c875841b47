"""Stage 7b: limits on where trades may be opened or changed: accounts, pairs and sides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase

from reconciler.guardrails.measures import Subject, judge_sum
from reconciler.guardrails.trade_changes import Facts, find_terms, lowers_risk
from reconciler.model.guardrails import Guardrail, GuardrailName, GuardrailReason, Limit
from reconciler.model.operations import Operation
from reconciler.model.reasons import reason
from reconciler.model.terms import Side, Terms

_ONE, _NOTHING = Decimal(1), Decimal(0)
_WORDS = {Side.BUY: "long", Side.SELL: "short"}


def _name_accounts(terms: Terms, facts: Facts) -> Collection[str]:
    """Return all aliases of the account; its number if it has none."""
    return [alias for alias, number in facts.accounts.items() if number == terms.account_id] or [str(terms.account_id)]


_WORDS_OF: Mapping[GuardrailName, Callable[[Terms, Facts], Collection[str]]] = {
    GuardrailName.ACCOUNTS: _name_accounts,
    GuardrailName.PAIRS: lambda terms, _: [terms.pair],
    GuardrailName.SIDES: lambda terms, _: [_WORDS[terms.entry.side]],
}


def judge_allowed(limit: Limit, facts: Facts) -> Iterator[Guardrail]:
    """Count the operations outside of a list of allowed words."""
    outside: dict[str, str] = {}
    subjects: list[Subject] = []
    for operation in facts.operations:
        word = _find_outside(limit, operation, facts)
        if word is not None:
            outside[word] = operation.trade
            subjects.append(Subject(trade=operation.trade, before=_NOTHING, after=_ONE, can_raise=True))
    judged = judge_sum(limit, subjects, _NOTHING)
    if outside:
        why = reason(GuardrailReason.NOT_ALLOWED, found=tuple(sorted(outside)), allowed=limit.allowed)
        judged = replace(judged, reason=why)
    yield replace(judged, limit=None)


def _find_outside(limit: Limit, operation: Operation, facts: Facts) -> str | None:
    """Return what an operation works on that is not allowed; None if it is, or if it only lowers risk."""
    terms = find_terms(operation)
    if terms is None or lowers_risk(operation):
        return None
    words = _WORDS_OF[limit.name](terms, facts)
    # Every alias of one account is that account, so one allowed alias is enough.
    if any(fnmatchcase(word, glob) for word in words for glob in limit.allowed):
        return None
    return next(iter(words))
