"""The page of a check of drift, before its markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.model.drift_view import DriftCard, DriftView
from reconciler.model.phrases import Tone
from reconciler.rendering.html.anchors import Anchors
from reconciler.rendering.html.drawing import Drawing, draw_ladder, find_sides
from reconciler.rendering.html.plan_page import Chip, Headline

_WORDS = {Tone.DANGER: "Loss", Tone.WARNING: "Drift", Tone.GOOD: "No drift"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftArticle:
    """A trade on the page.

    Attributes:
        card: What was found about it.
        anchor: Its address.
        label: What it is called in descriptions.
        drawing: Its ladder as a drawing, or None.
    """

    card: DriftCard
    anchor: str
    label: str
    drawing: Drawing | None

    @property
    def has_sides(self) -> bool:
        """Whether its ladder has two sides: as applied, and as it is live."""
        return self.card.ladder is not None and len(find_sides(self.card.ladder.rows)) > 1

    @property
    def has_filed(self) -> bool:
        """Whether a file has another value than the applied one."""
        return any(edit.filed is not None for edit in self.card.edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftPage:
    """All parts of the page of a check of drift.

    Attributes:
        view: What it says.
        word: The verdict in a word.
        articles: Trades, losses first.
        chips: Words to filter by.
        pairs: Pairs to filter by.
        headlines: Links of the bar.
        dangerous: How many trades are lost.
    """

    view: DriftView
    word: str
    articles: tuple[DriftArticle, ...]
    chips: tuple[Chip, ...]
    pairs: tuple[str, ...]
    headlines: tuple[Headline, ...]
    dangerous: int


def lay_out_drift(view: DriftView) -> DriftPage:
    """Lay out the page of a check of drift."""
    anchors = Anchors()
    articles = tuple(_lay_out(card, anchors) for card in view.cards)
    return DriftPage(
        view=view,
        word=_WORDS.get(view.tone, "Drift"),
        articles=articles,
        chips=tuple(_make_chips(view.cards)),
        pairs=tuple(sorted({card.pair for card in view.cards if card.pair})),
        headlines=tuple(_write_headlines(articles)),
        dangerous=sum(card.tone is Tone.DANGER for card in view.cards),
    )


def _lay_out(card: DriftCard, anchors: Anchors) -> DriftArticle:
    label = card.trade or (f"#{card.live_id}" if card.live_id else "no name")
    return DriftArticle(
        card=card,
        anchor=anchors.take(label),
        label=label,
        drawing=draw_ladder(card.ladder) if card.ladder else None,
    )


def _make_chips(cards: Sequence[DriftCard]) -> Iterator[Chip]:
    counts = Counter(card.word for card in cards)
    tones = {card.word: card.tone for card in reversed(cards)}
    for word in dict.fromkeys(card.word for card in cards):
        yield Chip(effect=word, tone=tones[word], count=counts[word])


def _write_headlines(articles: Sequence[DriftArticle]) -> Iterator[Headline]:
    for tone, text in ((Tone.DANGER, "lost"), (Tone.WARNING, "edited outside the files")):
        found = [each.anchor for each in articles if each.card.tone is tone]
        if found:
            yield Headline(anchor=found[0], text=f"{len(found)} {text}", is_danger=tone is Tone.DANGER)
