"""The view of a run: what an apply did."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.phrases import Phrase, Tone
from reconciler.model.plan_view import EffectView
from reconciler.model.views import TitleView


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """The end of one operation.

    Attributes:
        symbol: `+`, `-`, `-/+` or `~`.
        tone: `GOOD` if it was done, `DANGER` if it failed or nobody knows, `WARNING` if it was not sent.
        trade: Name of the trade.
        live_id: SmartTrade id that it created or changed, or None.
        pair: QUOTE_BASE.
        action: What was to be done, in words: `cancel step`.
        kind: How it ended, as in the JSON: `applied`, `failed`, `indeterminate`.
        ending: The same in words: `done`, `FAILED`, `held back`.
        effect: Its most severe effect on money.
        text: What happened; empty if nothing needs saying.
        takeover: Plan file that takes over what was filled while it was being cancelled; empty without.
    """

    symbol: str
    tone: Tone
    trade: str
    live_id: int | None
    pair: str
    action: str
    kind: str
    ending: str
    effect: EffectView
    text: Phrase = ()
    takeover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyView:
    """All that a run says to a reader.

    Attributes:
        title: What it was for.
        is_complete: Whether all was done.
        head: `Apply complete!` or `Apply incomplete.`.
        tone: `GOOD` if all was done, `WARNING` if limits or freezes held back all the rest, else `DANGER`.
        summary: The line that tools of the field parse: trades that were added, changed and destroyed.
        others: How many operations ended otherwise; empty if none did.
        rest: What becomes of those; empty if there are none.
        rows: One for each operation: what went wrong first, then in the order in which they ended.
        error: What stopped the run before its end; empty if nothing did.
        unsettled: What is not known of earlier runs.
        blocked: Trades of the plan that were blocked, and what needs attention; empty if nothing does.
    """

    title: TitleView
    is_complete: bool
    head: str
    tone: Tone
    summary: str
    others: str
    rows: tuple[OutcomeView, ...]
    rest: str = ""
    error: Phrase = ()
    unsettled: tuple[Phrase, ...] = ()
    blocked: tuple[Phrase, ...] = ()
