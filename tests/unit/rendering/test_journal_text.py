"""The journal as text."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from reconciler.rendering.journal_text import render_run, render_runs, render_trade_history

RUN = {
    "run": 1,
    "started_at": "2026-01-01T12:00:00.000Z",
    "ended_at": None,
    "operations": 2,
    "holder": "desk",
    "plan_digest": "abc",
    "git_commit": None,
}
REQUEST = {
    "request": 3,
    "run": 1,
    "intended_at": "2026-01-01T12:00:01.000Z",
    "method": "POST",
    "path": "/v2/smart_trades",
    "kind": "create",
    "trade": "btc-dip",
    "generation": 1,
    "live_id": None,
    "state": "indeterminate",
    "text": "",
}
OPERATION: dict[str, object] = {
    "run": 1,
    "trade": "btc-dip",
    "action": "create",
    "live_id": 7,
    "outcome": "applied",
    "text": "",
    "ended_at": "2026-01-01T12:00:02.000Z",
}
RUN_LINE = "run 1: started 2026-01-01 12:00:00, did not end, 2 operations, by desk"
REQUEST_LINE = "  request 3 of run 1, 2026-01-01 12:00:01: POST /v2/smart_trades (create of btc-dip#1): indeterminate"


ENDED = {**RUN, "ended_at": "2026-01-01T12:00:03.000Z"}
NAMES = ("sol-breakout", "btc-short", "ada-bag")


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone of the reader."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def row_of(*outcomes: dict[str, object], width: int | None = None) -> list[str]:
    line = render_runs([ENDED], outcomes, [], "", width=width).splitlines()[1]
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_a_run_says_what_was_done_to_which_trades_and_how_it_ended() -> None:
    created = [{**OPERATION, "trade": name} for name in NAMES]
    assert row_of(*created)[:5] == [
        "1",
        "2026-01-01 12:00:00",
        "3 created",
        "sol-breakout, btc-short, ada-bag",
        "ok",
    ]


def test_what_failed_is_counted_apart_from_what_was_done() -> None:
    failed = {**OPERATION, "trade": "b", "action": "close", "outcome": "failed"}
    stale = {**OPERATION, "trade": "c", "action": "update", "outcome": "stale"}
    cells = row_of(OPERATION, {**OPERATION, "action": "set_note"}, failed, stale)
    assert cells[2:5] == [
        "1 created, 1 note written, 1 close, 1 update",
        "btc-dip, b, c",
        "1 failed, 1 stale",
    ]


def test_a_long_list_of_trades_is_cut_to_the_width_of_the_terminal() -> None:
    many = [{**OPERATION, "trade": f"a-trade-with-a-long-name-{number}"} for number in range(9)]
    lines = render_runs([ENDED], many, [], "", width=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" in lines[1]
    assert lines[1].endswith("ok")


def test_a_trade_has_a_line_for_each_operation_with_what_happened() -> None:
    refused = {**OPERATION, "action": "close", "outcome": "failed", "text": "it ended before", "run": 2}
    lines = render_trade_history("btc-dip", [OPERATION, refused]).splitlines()
    assert lines == [
        "RUN  LOCAL TIME           DONE     ID  OUTCOME",
        "  1  2026-01-01 12:00:02  created  #7  ok",
        "  2  2026-01-01 12:00:02  close    #7  failed   it ended before",
    ]
    assert render_trade_history("btc-dip", []) == "Nothing was done to btc-dip yet."


def test_an_instant_that_is_not_known_is_shown_as_that() -> None:
    assert "unknown" in render_runs([{**RUN, "started_at": "unknown"}], [], [], "")


def test_an_empty_journal_says_so() -> None:
    assert render_runs([], [], [], "") == "No run yet."


def test_runs_are_followed_by_unsettled_requests_and_the_holder_of_the_lock() -> None:
    assert render_runs([RUN], [], [REQUEST], "run 1 on desk").splitlines() == [
        "RUN  LOCAL TIME           DONE  TRADES  OUTCOME      BY    COMMIT",
        "  1  2026-01-01 12:00:00  -     -       did not end  desk  -",
        "",
        "It is not known whether these requests had an effect. The next apply checks what it can:",
        REQUEST_LINE,
        "To settle one by hand: reconciler journal resolve ID --as applied, or --as failed",
        "",
        "In progress: run 1 on desk",
    ]


def test_a_run_that_died_is_called_so() -> None:
    assert render_runs([], [], [], "desk", is_over=True).endswith(
        "Ended without a result, the next apply takes over: desk"
    )


def test_a_run_is_followed_by_its_requests_and_outcomes() -> None:
    assert render_run(RUN, [REQUEST], [OPERATION]).splitlines() == [
        RUN_LINE,
        "  plan abc, git commit none",
        REQUEST_LINE,
        "  btc-dip: create #7: applied",
    ]


def test_no_text_of_the_journal_draws_on_the_terminal() -> None:
    shown = render_run({**RUN, "holder": "\x1b[2J"}, [{**REQUEST, "text": "\n"}], [{**OPERATION, "text": "\x9b"}])
    assert all(character == "\n" or character.isprintable() for character in shown)
