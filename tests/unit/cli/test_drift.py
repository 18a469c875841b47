"""`drift` and `status`, run as a user runs them; people's edits come from the sandbox's fault `act`."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from reconciler.cli.watch.drift_changes import DriftWatcher
from reconciler.cli.watch.interval import Watch, is_temporary, read_interval
from reconciler.cli.watch.screen import Screen
from reconciler.clock import ManualClock, Waker
from reconciler.errors import (
    AccessRefused,
    ApiError,
    InvalidPlanFiles,
    JournalError,
    RateLimited,
    ReconcilerError,
    UsageError,
)
from reconciler.model.drift import DriftReport, Finding, FindingKind, Topic
from reconciler.model.drift_codes import DriftCode
from reconciler.model.reasons import reason
from tests.support import builders
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
    assert "0.01 BTC entered at 60060" in opened("drift", "-v").out


def test_an_edit_is_exit_code_2_with_field_old_and_new_value(opened: Cli) -> None:
    condition = {"price": {"type": "last", "value": 58000}}
    stop = {"enabled": True, "order_type": "market", "conditional": condition}
    body = {"position": {"units": {"value": "0.01"}}, "stop_loss": stop}
    edit(opened, f"PATCH {ONE} {json.dumps(body)}")
    done = opened("drift")
    assert done.code == 2
    assert "stop_loss.conditional.price:  58500 -> 58000" in done.out
    assert "Drift: 0 lost, 1 edited outside, 1 trade checked." in done.out


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
    assert (document["kind"], document["format_version"]) == ("reconciler-drift", "1.1")
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


@pytest.mark.parametrize(("interval", "seconds"), [("30s", 30), ("5m", 300), ("1h", 3600), ("1d", 86400), ("90", 90)])
def test_an_interval(interval: str, seconds: float) -> None:
    assert read_interval(interval) == seconds


@pytest.mark.parametrize("interval", ["0s", "0.5s", "2d", "soon", "-5m", ""])
@pytest.mark.parametrize("command", ["drift", "status"])
def test_an_impossible_interval_is_refused(cli: Cli, workspace: Path, command: str, interval: str) -> None:
    done = cli(command, "--watch", interval)
    assert done.code == 64
    assert "expected" in done.err


@pytest.mark.parametrize(
    ("error", "is_passing"),
    [
        (ApiError("x"), True),
        (RateLimited("x", status=429), True),
        (InvalidPlanFiles([]), True),
        (JournalError("x"), True),
        (RateLimited("x", status=429, is_permanent=True), False),
        (RateLimited("x", status=418), False),
        (AccessRefused("x"), False),
        (UsageError("x"), False),
    ],
)
def test_which_errors_a_watch_survives(error: ReconcilerError, is_passing: bool) -> None:
    assert is_temporary(error) is is_passing


class StoppedClock(ManualClock):
    """A clock on which somebody presses Ctrl-C after some waits."""

    def __init__(self, waits: int) -> None:
        super().__init__(builders.NOW)
        self.slept: list[float] = []
        self._waits = waits

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        super().sleep(seconds)
        if len(self.slept) >= self._waits:
            raise KeyboardInterrupt


def watch(
    looks: list[Callable[[], DriftReport]], *, is_json: bool = False, requests: int = 0, interval_s: float = 300
) -> tuple[list[str], list[str], StoppedClock, DriftWatcher]:
    """Looks that come one after the other; what was shown and told, and how long it waited."""
    shown: list[str] = []
    told: list[str] = []
    clock = StoppedClock(len(looks))
    left = iter(looks)

    def look() -> DriftReport:
        return next(left)()

    watcher = DriftWatcher(look, clock, shown.append, told.append, is_json=is_json)
    sent = iter(range(0, 10**6, max(requests, 1)))
    watching = Watch(
        interval_s=interval_s,
        limit_per_minute=60,
        clock=clock,
        count_sent=lambda: next(sent) if requests else 0,
        report=told.append,
    )
    with pytest.raises(KeyboardInterrupt):
        watching.run(watcher.check, watcher.report_error)
    return shown, told, clock, watcher


def seen(*findings: Finding) -> Callable[[], DriftReport]:
    report = DriftReport(
        context=builders.context(), has_journal=True, findings=findings, pairs={}, checked=1, requests=2
    )
    return lambda: report


def fails(error: ReconcilerError) -> Callable[[], DriftReport]:
    def look() -> DriftReport:
        raise error

    return look


def trigger(live: str) -> Finding:
    return Finding(
        kind=FindingKind.DRIFT,
        topic=Topic.FIELD,
        trade="btc-dip",
        live_id=7,
        reason=reason(DriftCode.FIELD_EDITED),
        path="stop_loss.conditional.price.value",
        applied="58500",
        filed="58500",
        live=live,
    )


MOVED = Finding(
    kind=FindingKind.PROGRESS,
    topic=Topic.LEVELS_SET,
    trade="btc-dip",
    live_id=7,
    reason=reason(DriftCode.LEVELS_BECAME_PRICES),
)


def test_a_watch_tells_each_finding_once_and_when_it_changes_or_goes() -> None:
    looks = [seen(MOVED), seen(trigger("58000"), MOVED), seen(trigger("58000")), seen(trigger("57000")), seen()]
    shown, told, clock, watcher = watch(looks)
    line = "drift  btc-dip #7  stop_loss.conditional.price  58500 ->"
    assert shown == [
        f"2026-01-01T12:00:00Z  found  {line} 58000",
        f"2026-01-01T12:00:00Z  found  {line} 57000",
        f"2026-01-01T12:00:00Z  gone   {line} 57000",
    ]
    assert (told, clock.slept, watcher.present) == ([], [300] * 5, {})


def test_a_watch_goes_on_through_errors_that_pass_and_says_so() -> None:
    looks = [seen(trigger("58000")), fails(ApiError("no answer")), seen(trigger("58000"))]
    shown, told, _, watcher = watch(looks)
    assert len(shown) == 1
    assert told == ["2026-01-01T12:05:00Z  no answer", "2026-01-01T12:00:00Z  the live trades can be read again"]
    assert len(watcher.present) == 1


def test_a_watch_ends_at_an_error_that_does_not_pass() -> None:
    watcher = DriftWatcher(fails(AccessRefused("no")), ManualClock(builders.NOW), print, print, is_json=False)
    watching = Watch(
        interval_s=1, limit_per_minute=60, clock=ManualClock(builders.NOW), count_sent=lambda: 0, report=print
    )
    with pytest.raises(AccessRefused):
        watching.run(watcher.check, watcher.report_error)


def test_a_watch_in_json_is_one_object_a_line() -> None:
    looks = [seen(trigger("58000")), fails(ApiError("no answer")), seen()]
    shown, told, _, _ = watch(looks, is_json=True)
    events = [json.loads(line) for line in shown]
    assert [event["event"] for event in events] == ["found", "error", "sees_again", "gone"]
    assert (events[0]["live"], events[0]["path"]) == ("58000", "stop_loss.conditional.price.value")
    assert told == []
    assert not any("\n" in line for line in shown)


def test_a_watch_is_never_quicker_than_half_the_pace() -> None:
    _, told, clock, _ = watch([seen(), seen()], requests=10, interval_s=5)
    assert told == ["One check took 10 requests, and 60 a minute are allowed: the next is in 20 s."]
    assert clock.slept == [20, 20]


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
    assert "stopped out 2026-01-01 00:00" in opened("status").out


def test_a_screen_is_written_over_and_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "6")
    written: list[str] = []
    with Screen(written.append, ManualClock(builders.NOW), is_terminal=True) as screen:
        screen.show("one\ntwo\n")
        screen.show("".join(f"{number}\n" for number in range(10)))
        screen.warn("no answer")
    entered, first, second, warned, left, last = written
    assert (entered, left) == ("\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l")
    assert first == "\x1b[H2026-01-01 12:00:00 UTC\x1b[K\none\x1b[K\ntwo\x1b[K\n\x1b[J"
    assert second.count("\n") == 5
    assert "... 7 more lines" in second
    assert "no answer" in warned
    assert last.endswith("9\n")


def test_without_a_terminal_blocks_follow_each_other() -> None:
    written: list[str] = []
    with Screen(written.append, ManualClock(builders.NOW), is_terminal=False) as screen:
        screen.show("one\n")
        screen.show("two\n")
    assert "".join(written) == "2026-01-01 12:00:00 UTC\none\n2026-01-01 12:00:00 UTC\ntwo\n"
    assert not sys.stdout.isatty()
