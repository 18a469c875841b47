"""The view of a check of drift."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.phrases import Phrase, Tone
from reconciler.model.views import AlertView, LadderView, TitleView


@dataclass(frozen=True, slots=True, kw_only=True)
class EditView:
    """An input that was edited outside the files.

    Attributes:
        path: The input, in the short form of plan files.
        applied: The value that was last applied; None if it had none.
        live: The value now; None if it has none.
        filed: The value of the file, if it is another one than the applied one; else None.
    """

    path: str
    applied: str | None
    live: str | None
    filed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCard:
    """All findings about one trade.

    Attributes:
        trade: Name of the trade.
        live_id: SmartTrade id, or None.
        pair: QUOTE_BASE; empty if not known.
        tone: `DANGER` of a loss, else `WARNING`.
        word: `LOSS` or `edited outside the files`.
        findings: Sentences.
        edits: Inputs that were edited.
        risk: What that does to the money at risk; empty if nothing is known.
        is_worse: Whether more can be lost than as applied.
        unknown: What is not known of the money at risk.
        ladder: Prices as applied and as they are live; None if they were not computed.
    """

    trade: str
    live_id: int | None
    pair: str
    tone: Tone
    word: str
    findings: tuple[AlertView, ...]
    edits: tuple[EditView, ...] = ()
    risk: Phrase = ()
    is_worse: bool = False
    unknown: tuple[Phrase, ...] = ()
    ladder: LadderView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftView:
    """All that a check of drift says to a reader.

    Attributes:
        title: What was checked.
        freezes: Freezes in force.
        head: `Drift: 1 lost, 2 edited outside, 9 trades checked.`, or `No drift. 9 trades checked.`.
        tone: `DANGER` of a loss, `WARNING` of an edit, else `GOOD`.
        cards: Losses first, then edits.
        lines: Changes in the files that are not applied, and progress of the market.
        details: Progress of each trade, shown on demand.
        closing: Advice, trades that nothing manages, requests.
    """

    title: TitleView
    freezes: tuple[AlertView, ...]
    head: str
    tone: Tone
    cards: tuple[DriftCard, ...]
    lines: tuple[Phrase, ...] = ()
    details: tuple[Phrase, ...] = ()
    closing: tuple[Phrase, ...] = ()
