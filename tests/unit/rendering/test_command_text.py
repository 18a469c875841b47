"""Operations by hand as text."""

from __future__ import annotations

from dataclasses import replace

from reconciler.applying.endings import end
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Operation
from reconciler.model.outcomes import OutcomeKind
from reconciler.planning.commands import Commands
from reconciler.rendering.command_text import (
    describe_next_plan,
    render_bulk_summary,
    render_command_outcome,
    render_question,
)
from reconciler.rendering.style import Style
from tests.support import builders

HELD = builders.live(phase=Phase.OPEN)
PLAIN = Style()


def close(live: LiveTrade = HELD) -> Operation:
    return Commands(replace(live, flags=replace(live.flags, close=True)), {builders.WORKSPACE}).close()


def test_the_question_names_the_trade_and_the_money() -> None:
    assert render_question(close(), PLAIN).startswith("close btc-dip #7 (USDT_BTC): sells 0.01 BTC at market")


def test_a_trade_of_nobody_is_named_by_its_id_and_said_to_be_one() -> None:
    stranger = builders.live(phase=Phase.OPEN, note="mine")
    operation = close(stranger)
    assert (operation.trade, operation.is_ours) == ("#7", False)
    assert "NOT of this workspace: it carries no marker, its note is `mine`" in render_question(operation, PLAIN)
    assert describe_next_plan(operation) == ""
    assert render_command_outcome(end(operation, OutcomeKind.APPLIED, 7), PLAIN) == "#7: close: done"


def test_an_outcome_is_one_line() -> None:
    assert render_command_outcome(end(close(), OutcomeKind.APPLIED, 7), PLAIN) == "btc-dip: close #7: done"
    assert "opens nothing" in describe_next_plan(close())


def test_the_summary_counts_what_is_done() -> None:
    done, failed = end(close(), OutcomeKind.APPLIED, 7), end(close(), OutcomeKind.FAILED, 7)
    assert render_bulk_summary([done], "closed", PLAIN) == "Complete: 1 of 1 closed."
    assert render_bulk_summary([done, failed], "closed", PLAIN).startswith("INCOMPLETE: 1 of 2 closed;")
