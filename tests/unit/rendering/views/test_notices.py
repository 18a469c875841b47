"""Notices of a plan."""

from __future__ import annotations

from reconciler.model.phrases import Tone, plain_text
from reconciler.rendering.views.notices import view_notices
from tests.support import builders
from tests.support.review_scenes import SCENES

FOUND = view_notices(SCENES["notices"])


def test_losses_come_first_then_what_needs_attention_then_the_rest() -> None:
    kinds = [notice.kind for notice in FOUND]
    assert kinds[:4] == ["LOSS"] * 4
    tones = [notice.tone for notice in FOUND if notice.kind != "LOSS"]
    urgent = tones.count(Tone.DANGER)
    assert tones[:urgent] == [Tone.DANGER] * urgent
    assert urgent > 0


def test_many_trades_that_ended_are_counted() -> None:
    (counted,) = [notice for notice in FOUND if notice.kind == "ended"]
    assert plain_text(counted.text).startswith("11 trades (7 finished, ")
    assert counted.trade == ""


def test_warnings_of_files_come_last_with_their_position() -> None:
    assert FOUND[-1].source == "plans/btc.yaml:10:58"
    assert plain_text(FOUND[-1].text) == "trades.btc-dip.stop_loss: the stop is near the entry"


def test_a_trade_of_a_file_has_its_position() -> None:
    (notice,) = [each for each in FOUND if each.trade == "eth-swing"]
    assert notice.source == "plans/spot/eth.yaml:24"
    assert view_notices(builders.plan()) == ()
