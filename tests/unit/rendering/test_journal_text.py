"""The journal as text."""

from __future__ import annotations

from reconciler.rendering.journal_text import render_run, render_runs

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
OPERATION = {"trade": "btc-dip", "action": "create", "live_id": 7, "outcome": "applied", "text": ""}
RUN_LINE = "run 1: started 2026-01-01T12:00:00.000Z, did not end, 2 operations, by desk"
REQUEST_LINE = (
    "  request 3 of run 1, 2026-01-01T12:00:01.000Z: POST /v2/smart_trades (create of btc-dip#1): indeterminate"
)


def test_an_empty_journal_says_so() -> None:
    assert render_runs([], [], "") == "No run yet."


def test_runs_are_followed_by_unsettled_requests_and_the_holder_of_the_lock() -> None:
    assert render_runs([RUN], [REQUEST], "run 1 on desk").splitlines() == [
        RUN_LINE,
        "",
        "It is not known whether these requests had an effect. The next apply checks what it can:",
        REQUEST_LINE,
        "To settle one by hand: reconciler journal resolve ID --as applied, or --as failed",
        "",
        "In progress: run 1 on desk",
    ]


def test_a_run_that_died_is_called_so() -> None:
    assert render_runs([], [], "desk", is_over=True).endswith("Ended without a result, the next apply takes over: desk")


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
