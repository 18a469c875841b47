"""A check of drift by hand, for the tests of formats."""

from __future__ import annotations

from reconciler.model.drift_view import DriftCard, DriftView, EditView
from reconciler.model.phrases import Tone
from reconciler.model.risk import LevelChange
from reconciler.model.views import AlertView
from reconciler.rendering.phrases import phrase, value
from reconciler.rendering.views.titles import view_title
from tests.support import builders
from tests.support.ladders import ENTRY, LAST, STEP, STOP, ladder, level

_LOWERED = ladder(
    level(STEP, "63000", index=1, share="100"),
    level(LAST, "61000"),
    level(ENTRY, "60000"),
    level(STOP, "58500", LevelChange.REMOVED),
    level(STOP, "57000", LevelChange.WORSE),
)


def make_drift_view() -> DriftView:
    """A check that found a loss and an edit."""
    loss = DriftCard(
        trade="btc-dip",
        live_id=7,
        pair="USDT_BTC",
        tone=Tone.DANGER,
        word="LOSS",
        findings=(AlertView(tone=Tone.DANGER, text=phrase("the stop of ", value("btc-dip"), " is not active")),),
    )
    edit = DriftCard(
        trade="eth-swing",
        live_id=8,
        pair="USDT_ETH",
        tone=Tone.WARNING,
        word="edited outside the files",
        findings=(AlertView(tone=Tone.WARNING, text=phrase("the stop was moved by hand")),),
        edits=(
            EditView(path="stop_loss.conditional.price", applied="58500", live="57000", filed="58000"),
            EditView(path="note", applied=None, live="by hand"),
        ),
        risk=phrase("loss at stop 16.18 -> 31.17 USDT"),
        is_worse=True,
        unknown=(phrase("not known: liquidation: the leverage is not known"),),
        ladder=_LOWERED,
    )
    return DriftView(
        title=view_title(builders.context()),
        freezes=(AlertView(tone=Tone.DANGER, text=phrase("FROZEN by ", value("me"))),),
        head="Drift: 1 lost, 1 edited outside, 9 trades checked.",
        tone=Tone.DANGER,
        cards=(loss, edit),
        lines=(phrase("1 change in the files is not applied"),),
        details=(phrase(value("sol"), ": step 1 of 2 has sold"),),
        closing=(phrase("Requests: 4 used."),),
    )
