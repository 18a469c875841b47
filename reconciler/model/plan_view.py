"""The view of a plan: all that it says to a reader, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reconciler.model.danger import Danger
from reconciler.model.phrases import Phrase, Tone
from reconciler.model.views import AlertView, FieldView, FigureView, LadderView, OutputView, TitleView


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """Whether a plan can be applied.

    Attributes:
        is_applicable: Whether nothing holds it back.
        word: `Applicable`, `Not applicable`, or `Not applicable as a whole` if a part of it would be sent.
        head: The verdict in a few words, behind the word and a colon.
        tone: `WARNING` if only a part of it would be sent, `DANGER` if it cannot be applied at all.
        sent: The operations that would be sent if others wait; empty unless it is so.
        held: The operations that wait then; empty if all or nothing would be sent.
        cause: What the reasons are for if a part of it waits: `Held back, since 1 limit is passed`.
        reasons: What holds it back, the first first.
        notes: Limits that are passed and acknowledged, warnings, and limits above the built-in ones.
        remedy: What allows it, with the exact words to type; empty if nothing is to be allowed, or nothing can.
        policies: Verdicts of the user's own rules.
    """

    is_applicable: bool
    word: str
    head: str
    tone: Tone
    sent: Phrase = ()
    held: Phrase = ()
    cause: str = ""
    reasons: tuple[Phrase, ...] = ()
    notes: tuple[Phrase, ...] = ()
    remedy: Phrase = ()
    policies: tuple[OutputView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """Rules that differ from the base of the review.

    Attributes:
        base: What they were compared with.
        changes: The rules.
    """

    base: str
    changes: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossView:
    """The loss at stop of one trade on both sides.

    Attributes:
        currency: Its currency; empty if nothing is known.
        before: The amount before, `-` without a trade, `no stop` or `not known`.
        after: The same afterwards.
        change: By how much it grows, with its sign; `=` if it does not; empty if one side is not known.
        is_worse: Whether more can be lost afterwards, or nobody knows how much.
    """

    currency: str = ""
    before: str = "-"
    after: str = "-"
    change: str = ""
    is_worse: bool = False


class RowKind(StrEnum):
    """Kind of a row of the index."""

    OPERATION = "operation"
    LOSS = "loss"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One trade in the index.

    Attributes:
        kind: What it is.
        symbol: `+`, `-`, `-/+`, `~`, `!` or `x`.
        tone: Its meaning.
        trade: Name of the trade; may be empty if `live_id` is there.
        live_id: SmartTrade id, or None.
        pair: QUOTE_BASE; empty if not known.
        effect: The most severe effect, or `LOSS` or `blocked`.
        action: Its action, as in the JSON plan; empty if nothing is done.
        what: What is done, in few words.
        binds: By how much it raises the notional, by currency; empty if it does not, or if that is not known.
        loss: Loss at stop before and after.
        ratio: Reward to risk afterwards; `-` without.
        is_dangerous: Whether its danger ranks high.
    """

    kind: RowKind
    symbol: str
    tone: Tone
    trade: str
    live_id: int | None
    pair: str
    effect: str
    what: Phrase
    action: str = ""
    binds: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    loss: LossView | None = None
    ratio: str = "-"
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectView:
    """One effect on money.

    Attributes:
        name: Its word.
        tone: Its meaning.
    """

    name: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """A part of a new trade.

    Attributes:
        name: Which part.
        text: What it is.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """One operation on a trade.

    Attributes:
        symbol: `+`, `-`, `-/+` or `~`.
        action: Its action, as in the JSON plan.
        verb: What happens to the trade: `will be updated`.
        effects: What it does to money, the most severe first.
        money: The same in detail.
        cause: Why it is planned; empty if that needs no words.
        alerts: What must not be missed: passed limits, what acts at once, an earlier generation.
        renamed: A former name; empty if it has none.
        note: The user's text in the note of a trade that is opened, or whose note is rewritten; empty without.
        fields: The inputs that change.
        terms: What holds afterwards and the ladder does not show.
        risk: What it does to the money at risk; empty if nothing is known.
        figures: The same as numbers, with those that a sentence has no room for.
        is_bare: Whether the trade has no stop afterwards.
        unknown: What is not known, and why.
        ladder: Prices before and after, or None if they were not computed or are those of the operation before.
    """

    symbol: str
    action: str
    verb: str
    effects: tuple[EffectView, ...]
    money: Phrase
    cause: Phrase = ()
    alerts: tuple[AlertView, ...] = ()
    renamed: str = ""
    note: str = ""
    fields: tuple[FieldView, ...] = ()
    terms: tuple[TermView, ...] = ()
    risk: Phrase = ()
    figures: tuple[FigureView, ...] = ()
    is_bare: bool = False
    unknown: tuple[Phrase, ...] = ()
    ladder: LadderView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """All that a plan does to one trade.

    Attributes:
        row: Its row in the index.
        danger: Its rank.
        source: Where it is written, as `file:line`; empty if it is in no file.
        operations: In the order in which they are carried out.
    """

    row: IndexRow
    danger: Danger
    source: str
    operations: tuple[OperationView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedView:
    """Something that the files ask for and that is not done.

    Attributes:
        row: Its row in the index.
        source: Where it is written, as `file:line`; empty if it is in no file.
        reason: Why.
        hint: What the user can do.
        fields: What the file asks for: live value and value of the file.
    """

    row: IndexRow
    source: str
    reason: Phrase
    hint: Phrase
    fields: tuple[FieldView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SumView:
    """One sum of money at risk.

    Attributes:
        name: What is added up.
        before: Before the plan.
        after: After the plan.
        change: The difference with its sign; `=` if there is none.
        is_loss: Whether it is the loss at stop, which matters most.
    """

    name: str
    before: str
    after: str
    change: str
    is_loss: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyView:
    """Money at risk in one currency.

    Attributes:
        currency: The currency.
        sums: The sums.
        notes: What is not in them.
    """

    currency: str
    sums: tuple[SumView, ...]
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskView:
    """Money at risk of the whole workspace before and after.

    Attributes:
        currencies: One part for each currency.
        unknown: What is not known of which trades.
        notes: The money that moves, and fees that are assumed.
    """

    currencies: tuple[CurrencyView, ...] = ()
    unknown: tuple[Phrase, ...] = ()
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitView:
    """One guardrail in use.

    Attributes:
        name: Its name in reconciler.yaml.
        scope: Pair or trade that it is about, if `trades` does not name it; may be empty.
        unit: Currency; empty for counts and percentages.
        value: Value after the plan.
        limit: The limit.
        base: Limit at the base of the review, if it is another one; else empty.
        used: Share of the limit in words: `84 %`, `at limit`, `OVER`.
        trades: Trades that count, the largest first.
        tone: `DANGER` for a breach, `WARNING` from 80 percent on, else `QUIET`.
        acknowledge: What acknowledges a breach: `closes=2`; may be empty.
    """

    name: str
    scope: str
    unit: str
    value: str
    limit: str
    base: str
    used: str
    trades: tuple[str, ...]
    tone: Tone
    acknowledge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsView:
    """All guardrails in use.

    Attributes:
        rows: Those that the plan makes use of, breaches first.
        rest: The others with value and limit, in few words: `creates 1 of 20`.
    """

    rows: tuple[LimitView, ...] = ()
    rest: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """Something to know that asks for no operation.

    Attributes:
        kind: Its word: `LOSS`, `busy`, `warning`, `not opened`, `ignored`, `later`, `ended`.
        trade: Name of the trade; may be empty.
        live_id: SmartTrade id, or None.
        text: What to know.
        tone: `DANGER` if it needs attention.
        source: Where it is written, as `file:line`, or `file:line:column` of a warning; may be empty.
    """

    kind: str
    trade: str
    live_id: int | None
    text: Phrase
    tone: Tone
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsView:
    """Numbers of a plan.

    Attributes:
        add: Trades that are added.
        change: Trades that are changed.
        destroy: Trades that are destroyed.
        blocked: Trades that are blocked.
        unchanged: Trades that need nothing.
        attention: Trades that need attention, whatever is applied.
        dangerous: Trades whose danger ranks high, or that are lost.
    """

    add: int
    change: int
    destroy: int
    blocked: int
    unchanged: int
    attention: int
    dangerous: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """All that a plan says to a reader, in the order in which it is shown.

    Attributes:
        title: What it was made for.
        freezes: Freezes in force, what they let through and what they hold back.
        verdict: Whether it can be applied.
        rules: Rules that differ from the base; None if there are none.
        rows: The index: one row for each trade that changes, is lost or is blocked, the most dangerous first.
        risk: Money at risk before and after.
        limits: Guardrails in use.
        notices: What to know, the most urgent first.
        cards: One for each trade that changes, the most dangerous first.
        blocked: What is not done.
        counts: Numbers.
        summary: The line that tools of the field parse.
        closing: Last sentences: blocked and unchanged trades, trades that nothing manages, requests.
    """

    title: TitleView
    freezes: tuple[AlertView, ...]
    verdict: VerdictView
    rules: RulesView | None
    rows: tuple[IndexRow, ...]
    risk: RiskView
    limits: LimitsView
    notices: tuple[NoticeView, ...]
    cards: tuple[CardView, ...]
    blocked: tuple[BlockedView, ...]
    counts: CountsView
    summary: str
    closing: tuple[Phrase, ...]
