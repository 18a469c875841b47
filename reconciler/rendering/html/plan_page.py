"""The page of a plan, before its markup: which trades are shown in full, where they are, and what the head names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model.danger import Danger
from reconciler.model.phrases import Tone
from reconciler.model.plan_view import BlockedView, CardView, IndexRow, NoticeView, OperationView, PlanView, RowKind
from reconciler.model.views import LadderView
from reconciler.rendering.html.anchors import Anchors
from reconciler.rendering.html.drawing import Drawing, draw_ladder, find_sides
from reconciler.rendering.words import count_of

# So many trades are shown with their drawing, the most dangerous first; the rest without. Source: design, section 7.
MOST_FULL = 150
# Likewise what is blocked, which has no drawing.
MOST_BLOCKED = 50
# More bad news than this is counted above the index, and listed below it.
MOST_FIRST = 12
_HEADLINES: Mapping[Danger, tuple[str, str]] = {
    Danger.CLOSES: ("closes or sells", "close or sell"),
    Danger.UNPROTECTS: ("loses protection", "lose protection"),
    Danger.ENTERS_NOW: ("enters at market", "enter at market"),
    Danger.OPENS_LEVERAGED: ("opens with leverage", "open with leverage"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One operation of a trade on the page.

    Attributes:
        view: The operation.
        key: Its address inside the page.
        label: The trade, and which of its operations it is, if it has several.
        drawing: Its ladder as a drawing, or None.
        has_sides: Whether its ladder has two sides, before and after.
    """

    view: OperationView
    key: str
    label: str
    drawing: Drawing | None
    has_sides: bool

    @property
    def ladder(self) -> LadderView | None:
        """Its ladder as a table, or None."""
        return self.view.ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A trade on the page.

    Attributes:
        card: What is done to it.
        anchor: Its address.
        parts: Its operations.
    """

    card: CardView
    anchor: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedArticle:
    """A trade on the page that is blocked.

    Attributes:
        view: Why, and what to do.
        anchor: Its address.
    """

    view: BlockedView
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the index.

    Attributes:
        view: The row.
        anchor: Address of what it is about.
    """

    view: IndexRow
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """An effect that can be filtered by.

    Attributes:
        effect: Its word.
        tone: Its meaning.
        count: How many rows have it.
    """

    effect: str
    tone: Tone
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A link in the bar that stays in sight.

    Attributes:
        anchor: Where it leads.
        text: What is there.
        is_danger: Whether it must not be missed.
    """

    anchor: str
    text: str
    is_danger: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """All parts of the page of a plan.

    Attributes:
        view: What it says.
        rows: The index, without harmless trades that are shown briefly.
        full: Trades that are shown in full.
        brief: Trades that are shown as rows to be unfolded, since there are too many; in the index if dangerous.
        blocked: Trades that are blocked.
        brief_blocked: Likewise, as rows to be unfolded.
        chips: Effects to filter by.
        pairs: Pairs to filter by.
        headlines: Links of the bar.
        anchors: Name of a trade to its address, for links from elsewhere.
    """

    view: PlanView
    rows: tuple[Row, ...]
    full: tuple[Article, ...]
    brief: tuple[Article, ...]
    blocked: tuple[BlockedArticle, ...]
    brief_blocked: tuple[BlockedArticle, ...]
    chips: tuple[Chip, ...]
    pairs: tuple[str, ...]
    headlines: tuple[Headline, ...]
    anchors: Mapping[str, str]

    @property
    def urgent(self) -> Sequence[NoticeView]:
        """Bad news that belongs to the head."""
        return [notice for notice in self.view.notices if notice.tone is Tone.DANGER][:MOST_FIRST]

    @property
    def other_urgent(self) -> int:
        """Count bad news that the head has no room for."""
        return sum(notice.tone is Tone.DANGER for notice in self.view.notices) - len(self.urgent)

    @property
    def notices(self) -> Sequence[NoticeView]:
        """What else there is to know."""
        shown = {id(notice) for notice in self.urgent}
        return [notice for notice in self.view.notices if id(notice) not in shown]


def lay_out_plan(view: PlanView, most_full: int = MOST_FULL) -> PlanPage:
    """Lay out the page of a plan.

    Args:
        view: What it says.
        most_full: How many trades are shown in full at most.
    """
    anchors = Anchors()
    articles = [_lay_out(card, anchors, is_full=place < most_full) for place, card in enumerate(view.cards)]
    blocked = [BlockedArticle(view=each, anchor=anchors.take(each.row.trade)) for each in view.blocked]
    known = {_key(each.card.row): each.anchor for each in articles}
    known |= {_key(each.view.row): each.anchor for each in blocked}
    # What is dangerous stays in the index, however much of it there is.
    brief = {_key(each.card.row) for each in articles[most_full:] if not each.card.row.is_dangerous}
    brief |= {_key(each.view.row) for each in blocked[MOST_BLOCKED:]}
    rows = tuple(Row(view=row, anchor=known.get(_key(row), "first")) for row in view.rows if _key(row) not in brief)
    named = {each.view.row.trade: each.anchor for each in reversed(blocked) if each.view.row.trade}
    return PlanPage(
        view=view,
        rows=rows,
        full=tuple(articles[:most_full]),
        brief=tuple(articles[most_full:]),
        blocked=tuple(blocked[:MOST_BLOCKED]),
        brief_blocked=tuple(blocked[MOST_BLOCKED:]),
        chips=tuple(_make_chips(view.rows)),
        pairs=tuple(sorted({row.pair for row in view.rows if row.pair})),
        headlines=tuple(_write_headlines(view, articles)),
        anchors=named | {each.card.row.trade: each.anchor for each in articles},
    )


def _key(row: IndexRow) -> tuple[RowKind, str, int | None]:
    return row.kind, row.trade, row.live_id


def _lay_out(card: CardView, anchors: Anchors, *, is_full: bool) -> Article:
    anchor = anchors.take(card.row.trade)
    is_one = len(card.operations) == 1
    parts = (
        Part(
            view=operation,
            key=anchor if is_one else f"{anchor}--{number}",
            label=card.row.trade if is_one else f"{card.row.trade}, change {number}",
            drawing=draw_ladder(operation.ladder) if operation.ladder and is_full else None,
            has_sides=operation.ladder is not None and len(find_sides(operation.ladder.rows)) > 1,
        )
        for number, operation in enumerate(card.operations, start=1)
    )
    return Article(card=card, anchor=anchor, parts=tuple(parts))


def _make_chips(rows: Sequence[IndexRow]) -> Iterator[Chip]:
    """Yield the effects of an index in its order, each once."""
    counts = Counter(row.effect for row in rows)
    tones = {row.effect: row.tone for row in reversed(rows)}
    for effect in dict.fromkeys(row.effect for row in rows):
        yield Chip(effect=effect, tone=tones[effect], count=counts[effect])


def _write_headlines(view: PlanView, articles: Sequence[Article]) -> Iterator[Headline]:
    for danger, (one, many) in _HEADLINES.items():
        found = [each.anchor for each in articles if each.card.danger is danger]
        if found:
            text = f"{len(found)} {one if len(found) == 1 else many}"
            yield Headline(anchor=found[0], text=text, is_danger=True)
    lost = sum(row.kind is RowKind.LOSS for row in view.rows)
    if lost:
        yield Headline(anchor="first", text=f"{lost} lost", is_danger=True)
    if view.rules:
        count = len(view.rules.changes)
        yield Headline(
            anchor="rules", text=f"{count_of(count, 'rule')} change{'s' if count == 1 else ''}", is_danger=True
        )
    for currency in view.risk.currencies:
        for each in currency.sums:
            if each.is_loss:
                change = each.after if each.before == each.after else f"{each.before} → {each.after}"
                yield Headline(anchor="risk", text=f"{each.name} {change} {currency.currency}", is_danger=False)
