"""`drift` and `status`, run as a user runs them; people's edits come from the sandbox's fault `act`."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from reconciler.clock import Waker
from tests.support.program import BTC_DIP, Cli

ID = 30000001
ONE = f"/v2/smart_trades/{ID}"


@pytest.fixture
def opened(cli: Cli, workspace: Path) -> Cli:
    """One trade that was applied and filled."""
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    return cli


def edit(cli: Cli, request: str) -> None:
    """What a person does right before the next request."""
    assert cli("sandbox", "fault", "add", "act", "--request", request).code == 0


def test_nothing_edited_is_exit_code_0_and_says_what_the_market_did(opened: Cli) -> None:
    done = opened("drift")
    assert done.code == 0
    assert "Progress: 1 entered." in done.out
    assert "No drift. 1 trade checked." in done.out
    assert "0.01 BTC entered at 60,060" in opened("drift", "-v").out


def test_an_edit_is_exit_code_2_with_field_old_and_new_value(opened: Cli) -> None:
    condition = {"price": {"type": "last", "value": 58000}}
    stop = {"enabled": True, "order_type": "market", "conditional": condition}
    body = {"position": {"units": {"value": "0.01"}}, "stop_loss": stop}
    edit(opened, f"PATCH {ONE} {json.dumps(body)}")
    done = opened("drift")
    assert done.code == 2
    assert "stop_loss.conditional.price:  58500 -> 58000" in done.out
    assert "Drift: 0 lost, 1 edited outside, 1 trade checked." in done.out


def test_an_edit_is_shown_with_its_ladder_and_as_markdown(opened: Cli) -> None:
    condition = {"price": {"type": "last", "value": 58000}}
    stop = {"enabled": True, "order_type": "market", "conditional": condition}
    body = {"position": {"units": {"value": "0.01"}}, "stop_loss": stop}
    edit(opened, f"PATCH {ONE} {json.dumps(body)}")
    done = opened("drift", "--format", "markdown")
    assert done.code == 2
    assert "| `stop_loss.conditional.price` | `58500` | `58000` | as applied |" in done.out
    assert "\n! 58,000.00 " in done.out
    assert "\n    ! 58,000.00 " in opened("drift").out
    assert "<table" in opened("drift", "--format", "html").out
    assert opened("drift", "--format", "markdown", "--watch", "1m").code == 64


@pytest.mark.parametrize(
    "request_", [f"DELETE {ONE}", f"POST {ONE}/close_by_market", f'POST {ONE}/set_note {{"note": "x"}}']
)
def test_a_loss_is_exit_code_2(opened: Cli, request_: str) -> None:
    edit(opened, request_)
    done = opened("drift")
    assert done.code == 2
    assert "LOSS" in done.out
    assert "Drift: 1 lost, 0 edited outside" in done.out


def test_a_marker_that_is_gone_is_told_with_what_to_write_back(opened: Cli) -> None:
    edit(opened, f'POST {ONE}/set_note {{"note": "x"}}')
    assert "write its note back in 3Commas: [reconciler:1 test/btc-dip#1 " in opened("drift").out


def test_a_trade_whose_marker_was_damaged_and_that_was_cancelled_then_is_lost(opened: Cli) -> None:
    edit(opened, f'POST {ONE}/set_note {{"note": "[reconciler:1 test/b"}}')
    assert "has a damaged marker" in opened("drift").out
    edit(opened, f"DELETE {ONE}")
    done = opened("drift")
    assert done.code == 2
    assert "LOSS" in done.out


def test_json_alone_is_on_standard_output(opened: Cli) -> None:
    done = opened("drift", "--format", "json")
    document = json.loads(done.out)
    assert (document["kind"], document["format_version"]) == ("reconciler-drift", "1.2")
    counts = {"checked": 1, "loss": 0, "drift": 0, "file": 0, "progress": 1, "information": 0}
    assert document["summary"] == counts
    assert document["has_journal"] is True


def test_no_write_is_sent_and_an_unchanged_trade_costs_three_requests(opened: Cli) -> None:
    done = opened("drift", "-v")
    sent = [line for line in done.err.splitlines() if line.split()[0] in ("GET", "POST", "PATCH", "DELETE")]
    # Accounts, the page that has the trade, and the empty page that proves the end of the list.
    assert [line.split()[0] for line in sent] == ["GET", "GET", "GET"]
    assert "Requests: 3 used." in done.out


def test_a_changed_file_is_left_to_plan(opened: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("58500", "58700"))
    done = opened("drift")
    assert done.code == 0
    assert "Changed in the file and not applied yet (reconciler plan): btc-dip" in done.out


def test_what_was_never_applied_is_left_to_plan(cli: Cli, workspace: Path) -> None:
    done = cli("drift")
    assert done.code == 0
    assert "In a file, but not live (reconciler plan): btc-dip" in done.out


def test_a_sandbox_that_was_set_back_lost_nothing(opened: Cli) -> None:
    opened("sandbox", "reset")
    done = opened("drift")
    assert done.code == 0, done.out


def test_paths_and_names_narrow_it(opened: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    assert "1 trade checked" in opened("drift", "btc-dip.yaml").out
    assert "1 trade checked" in opened("drift", "--trade", "other").out
    assert opened("drift", "--trade", "nobody").code == 64
    assert "other" not in opened("status", "btc-dip.yaml").out


def test_without_a_journal_drift_is_known_by_the_marker(opened: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_JOURNAL_URL", "none")
    edit(opened, f'POST {ONE}/set_note {{"note": "x"}}')
    done = opened("drift", "--format", "json")
    document = json.loads(done.out)
    assert (done.code, document["has_journal"]) == (2, False)
    assert [each["topic"] for each in document["findings"]][:1] == ["marker_gone"]


@pytest.mark.parametrize(("is_edited", "code"), [(True, 2), (False, 0)])
def test_ctrl_c_ends_a_watch_with_2_where_something_stands(opened: Cli, is_edited: bool, code: int) -> None:
    if is_edited:
        edit(opened, f'POST {ONE}/set_note {{"note": "x"}}')
    with interrupted_waits():
        done = opened("drift", "--watch", "5m")
    assert done.code == code
    assert ("marker" in done.out) is is_edited


@contextmanager
def interrupted_waits() -> Iterator[None]:
    """Ctrl-C as soon as the program waits, and not before: a real signal, in the middle of the wait."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code is Waker.wait.__code__:
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_ctrl_c_ends_a_watched_status_with_0_and_blocks_have_their_time(opened: Cli) -> None:
    with interrupted_waits():
        done = opened("status", "--watch", "30s")
    assert done.code == 0
    first, head, *_ = done.out.splitlines()
    assert first.endswith(" UTC")
    assert head.startswith("TRADE")
    with interrupted_waits():
        line = opened("status", "--watch", "30s", "--format", "json").out
    assert json.loads(line)["trades"][0]["trade"] == "btc-dip"
    assert line.count("\n") == 1


def test_status_as_json(opened: Cli) -> None:
    document = json.loads(opened("status", "--format", "json").out)
    (trade,) = document["trades"]
    assert (trade["phase"], trade["entered_pct"], trade["stop_distance_pct"]) == ("open", "100", "-2.34")
    assert document["totals"][0]["ended"] == {"value": "0", "unit": "USDT"}


def test_status_names_how_and_when_trades_ended(opened: Cli) -> None:
    opened("sandbox", "price", "USDT_BTC", "58000")
    opened("sandbox", "advance", "3d")
    assert "stopped out 3d" in opened("status").out
