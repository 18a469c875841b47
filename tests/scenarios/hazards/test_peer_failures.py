"""Twelve failures that were seen in tools of this kind, replayed against this one by its real command line.

Each class names the tool and what it did; each test says what happens here.
"""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.store.faults import Fault, FaultKind
from tests.scenarios.crashes.exchange import Exchange, Place
from tests.scenarios.crashes.forks import Ended, Forks
from tests.scenarios.crashes.stories import write_plan, write_trade
from tests.support.world import World

pytestmark = pytest.mark.slow

CONFIG = "version: 1\nworkspace: test\ntargets:\n  sandbox: {kind: sandbox, accounts: {main: 1}}\n"
ONE = write_plan(write_trade("btc-dip", 50000, 40000))
CREATE = "/v2/smart_trades"


class Here:
    """A workspace on an embedded sandbox, and the program run in it."""

    def __init__(self, folder: Path, forks: Forks) -> None:
        self.folder = folder
        self._forks = forks
        (folder / "reconciler.yaml").write_text(CONFIG)
        self.write(ONE)

    def __call__(self, *arguments: str, **environment: str) -> Ended:
        ended = self._forks.run(self.folder, *arguments, environment=environment)
        assert "Traceback" not in ended.out + ended.err
        return ended

    def write(self, plan: str) -> None:
        """Another plan file."""
        (self.folder / "plan.yaml").write_text(plan)

    def count_trades(self) -> int:
        """All trades that ever were."""
        with World(self.folder / ".reconciler" / "sandbox.sqlite") as world:
            return len(world.trades())


@pytest.fixture
def here(tmp_path: Path, forks: Forks) -> Here:
    """A workspace with one trade in one file, not applied."""
    return Here(tmp_path, forks)


class TestOctoDnsAppliedAPlanWithABogusChecksum:
    """It carried out every change although the checksum was wrong, once a switch had turned the check off."""

    @pytest.mark.parametrize(
        "flags",
        [[], ["--partial"], ["--auto-approve"], ["--auto-approve", "--partial", "--acknowledge", "closes=1"]],
    )
    @pytest.mark.parametrize("tampering", ["a value", "the digest", "no digest", "an empty digest"])
    def test_no_flag_lets_a_plan_pass_that_is_not_what_was_reviewed(
        self, here: Here, flags: list[str], tampering: str
    ) -> None:
        here("plan", "--out", "plan.json")
        saved = here.folder / "plan.json"
        document = json.loads(saved.read_text())
        match tampering:
            case "a value":
                saved.write_text(saved.read_text().replace('"0.01"', '"10"'))
            case "the digest":
                saved.write_text(json.dumps({**document, "digest": "0" * len(document["digest"])}))
            case "no digest":
                saved.write_text(json.dumps({name: each for name, each in document.items() if name != "digest"}))
            case _:
                saved.write_text(json.dumps({**document, "digest": ""}))
        done = here("apply", "plan.json", *flags)
        assert (done.code, done.out) == (1, "")
        assert "changed after it was made" in done.err
        assert here.count_trades() == 0


class TestOctoDnsDeletedNineOfNineWithoutForce:
    """Its limit is a share and holds from ten records on, so a small zone could be emptied unasked."""

    @pytest.mark.parametrize("count", [1, 9])
    def test_closing_all_positions_needs_their_exact_count_however_few_they_are(self, here: Here, count: int) -> None:
        names = [f"t{number}" for number in range(count)]
        here.write(write_plan(*(write_trade(name, None) for name in names)))
        assert here("apply", "--auto-approve").code == 0
        here.write(write_plan(*(write_trade(name, None, state="closed") for name in names)))
        for flags in ([], [f"closes={count - 1}"], [f"closes={count + 1}"], [f"omissions={count}"]):
            refused = here("apply", "--auto-approve", *(part for each in flags for part in ("--acknowledge", each)))
            assert refused.code == 12
            assert f"closes: {count}, over the limit of 0" in refused.err
        assert here("apply", "--auto-approve", "--acknowledge", f"closes={count}").code == 0

    def test_taking_nine_of_nine_out_of_the_files_needs_the_count_nine(self, here: Here) -> None:
        here.write(write_plan(*(write_trade(f"t{number}", 50000 + number, 40000) for number in range(9))))
        assert here("apply", "--auto-approve").code == 0
        here.write(write_plan(write_trade("other", 2000, 1500)).replace("USDT_BTC", "USDT_ETH"))
        refused = here("apply", "--auto-approve")
        assert refused.code == 12
        assert "omissions: 9, over the limit of 5" in refused.err
        assert here.count_trades() == 9
        assert here("apply", "--auto-approve", "--acknowledge", "omissions=9").code == 0


class TestOctoDnsCrashedOnTheDryRunOfAnUnsafePlan:
    """Its dry run ended with a traceback and exit 1, and where there were changes, with exit 0 like where none were."""

    def test_the_plan_is_shown_with_what_it_breaks_and_only_the_option_changes_the_exit_code(self, here: Here) -> None:
        here.write(write_plan(write_trade("btc-dip", None)))
        assert here("apply", "--auto-approve").code == 0
        assert here("plan", "--detailed-exitcode").code == 0
        here.write(write_plan(write_trade("btc-dip", None, state="closed")))
        for arguments, code in ((["plan"], 0), (["plan", "--detailed-exitcode"], 2)):
            done = here(*arguments)
            assert done.code == code
            assert "! closes: 1, over the limit of 0 (btc-dip)" in done.out
            assert "Plan: 0 to add, 0 to change, 1 to destroy." in done.out
            assert done.err == ""


EVIL = (
    "\x1b[2K\x1b[1A\rPlan: 0 to add, 0 to change, 0 to destroy.\nNo changes.\x9b2J\x07\u202egnp.exe\u2066\u200b\u2028"
    "\u00ad\u3164\u2800\ufe00\x00" + " " * 80 + "Plan: 0 to add, 0 to change, 0 to destroy."
)
# They show nothing, or something only together with others, and yet count as printable.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0d\uffa0]")


def _is_plain(text: str) -> bool:
    """Whether a terminal shows a text line by line as it is, and no line of it pretends to be a summary."""
    lines = text.split("\n")
    shows = all(line.isprintable() and not _INVISIBLE.search(line) for line in lines)
    return shows and not any(re.search(r"^No changes\.$|(^| {3,})Plan: 0 to add, 0 to ch", line) for line in lines)


class TestOctoDnsLetFreeTextSpoofAReview:
    """It wrote values into its Markdown and HTML plans as they were."""

    def test_no_text_of_the_api_steers_the_terminal_or_pretends_to_be_ours(
        self, forks: Forks, exchange: Exchange, tmp_path: Path
    ) -> None:
        def poison(request: Mapping[str, Any], status: int, body: Any) -> tuple[int, Any]:
            if request["REQUEST_METHOD"] == "POST":
                attributes = {EVIL: [EVIL], "base": EVIL}
                return 422, {"error": EVIL, "error_description": EVIL, "error_attributes": attributes}
            for entity in body if isinstance(body, list) else [body]:
                if "note_raw" in str(entity):
                    entity["note"] = entity["note_raw"] = f"{entity['note_raw']} {EVIL}"
                    entity["status"]["error"] = entity["status"]["title"] = EVIL
                    entity["stop_loss"]["status"] = {"type": EVIL, "title": EVIL}
            return status, body

        with exchange.open_place(tmp_path / "good") as good:
            good.write(ONE)
            assert forks.run(good.folder, "apply", "--auto-approve", environment=good.environment).code == 0
        with exchange.open_place(tmp_path / "evil", good, alter=poison) as evil:
            evil.write(write_plan(write_trade("btc-dip", 50000, 40000, note="mine"), write_trade("new", 49000, 40000)))
            for command in (
                ["plan", "--out", "plan.json"],
                ["plan", "--format", "json"],
                ["show", "plan.json"],
                ["apply", "plan.json"],
                ["apply", "--auto-approve"],
                ["status"],
                ["journal", "show", "--run", "2"],
                ["journal", "show"],
                ["journal", "export"],
            ):
                done = forks.run(evil.folder, *command, environment=evil.environment)
                assert done.code in (0, 1, 10, 12, 13), done.err
                # JSON is for machines: it keeps the spaces, and is of ASCII alone.
                assert done.out.isascii() if done.out.startswith("{") else _is_plain(done.out), (command, done.out)
                assert _is_plain(done.err), (command, done.err)
            assert "Plan: 0 to add" in (evil.folder / "plan.json").read_text()

    def test_a_status_that_the_api_makes_up_reaches_the_screen_harmless(
        self, forks: Forks, exchange: Exchange, tmp_path: Path
    ) -> None:
        is_moved = False

        def poison(request: Mapping[str, Any], status: int, body: Any) -> tuple[int, Any]:
            for entity in body if isinstance(body, list) else [body]:
                if is_moved and "note_raw" in str(entity):
                    entity["status"]["type"] = EVIL
            return status, body

        with exchange.open_place(tmp_path / "evil", alter=poison) as evil:
            evil.write(ONE)
            assert forks.run(evil.folder, "apply", "--auto-approve", environment=evil.environment).code == 0
            evil.write(write_plan(write_trade("btc-dip", 50000, 40000, note="mine")))
            forks.run(evil.folder, "plan", "--out", "plan.json", environment=evil.environment)
            is_moved = True
            told = ""
            for command in (["apply", "plan.json"], ["plan"], ["status"]):
                done = forks.run(evil.folder, *command, environment=evil.environment)
                told += done.out + done.err
            assert "Plan: 0 to add" in told
            assert _is_plain(told), told

    def test_a_note_of_a_file_with_such_characters_is_refused_with_its_place(self, here: Here) -> None:
        for evil in ("\\e[2K", "\\r", "\\n", "\\u202e", "\\u200b", "\\u2028", "\\u2066", "\\ufeff", "\\u3164"):
            here.write(write_plan(write_trade("btc-dip", 50000, 40000, note=f'"before {evil}Plan: 0 to add"')))
            done = here("validate")
            assert done.code == 1
            assert "plan.yaml:9:11: error: trades.btc-dip.note: found a line break" in done.err + done.out, evil
            assert _is_plain(done.out + done.err)

    def test_a_file_name_and_its_text_cannot_do_it_either(self, here: Here) -> None:
        name = "a\x1b[2K\u202eb\nPlan: 0 to add.yaml"
        (here.folder / name).write_text("version: 1\naccount: main\ntrades:\n  \x1b[2K\u202e: {}\n")
        for command in (["validate"], ["plan"], ["validate", name], ["plan", name], ["apply", name]):
            done = here(*command)
            assert done.code in (1, 64)
            assert _is_plain(done.out + done.err), done
            assert "\nPlan: 0" not in done.out + done.err


class TestOctoDnsStoppedAtTheFirstBadValue:
    """Its check of everything crashed on the first bad value."""

    def test_all_bad_values_of_all_files_are_told_at_once(self, here: Here) -> None:
        bad = write_plan(
            write_trade("one", 50000, 60000, units="ten"),
            write_trade("two", -1, 40000, state="gone"),
            write_trade("three", 50000, 40000, note="'[reconciler'"),
        )
        for number in range(3):
            (here.folder / f"bad{number}.yaml").write_text(bad.replace("one", f"one{number}"))
        (here.folder / "broken.yaml").write_text("version: 1\ntrades: [\n")
        (here.folder / "binary.yaml").write_bytes(b"\xff\xfe\x00\x01")
        done = here("validate", "--format", "json")
        problems = json.loads(done.out)["diagnostics"]
        assert done.code == 1
        places = {(problem["file"], problem["path"]) for problem in problems}
        for number in range(3):
            assert (f"bad{number}.yaml", f"trades.one{number}.position.units") in places
            assert (f"bad{number}.yaml", "trades.two.position.price") in places
            assert (f"bad{number}.yaml", "trades.two.state") in places
            assert (f"bad{number}.yaml", "trades.three.note") in places
        assert {"broken.yaml", "binary.yaml"} <= {file for file, _ in places}


@contextmanager
def _killed_in_create(forks: Forks, exchange: Exchange, folder: Path) -> Iterator[Place]:
    """A workspace whose apply was killed when its create had left and its answer had not come."""
    with exchange.open_place(folder / "whole") as place:
        place.write(ONE)
        whole = forks.run(place.folder, "apply", "--auto-approve", environment=place.environment)
    fatal = [name for name, _ in whole.points].index("sent POST")
    with exchange.open_place(folder / "killed") as place:
        place.write(ONE)
        killed = forks.run(place.folder, "apply", "--auto-approve", environment=place.environment, fatal=fatal)
        assert killed.code == -signal.SIGKILL
        yield place


class TestTerraformLeftAStuckLockAndCreatedTwice:
    """Killed in the middle of a create, it left an empty state and a lock, and the next run created a second one."""

    def test_after_a_kill_in_the_middle_of_a_create_no_lock_is_stuck_and_nothing_is_created_twice(
        self, forks: Forks, exchange: Exchange, tmp_path: Path
    ) -> None:
        with _killed_in_create(forks, exchange, tmp_path) as place:
            shown = forks.run(place.folder, "journal", "show", environment=place.environment)
            assert "Ended without a result, the next apply takes over: run 1 of" in shown.out
            again = forks.run(
                place.folder, "apply", "--auto-approve", "--lock-timeout", "0", environment=place.environment
            )
            assert again.code == 0, again.err
            assert len(place.read_essence()["trades"]) == 1
            shown = forks.run(place.folder, "journal", "show", environment=place.environment)
            assert "In progress" not in shown.out


class TestPulumiCreatedAgainWithAnOperationPending:
    """It writes pending operations down before the call, and may yet create a second copy while one is pending."""

    def test_what_is_pending_is_settled_before_any_other_create(
        self, forks: Forks, exchange: Exchange, tmp_path: Path
    ) -> None:
        with _killed_in_create(forks, exchange, tmp_path) as place:
            pending = forks.run(place.folder, "plan", environment=place.environment)
            assert "never got the result of 1 of its requests (btc-dip)" in pending.err
            place.write(ONE + write_trade("other", 49000, 40000))
            again = forks.run(place.folder, "apply", "--auto-approve", "-v", environment=place.environment)
            assert again.code == 0, again.err
            assert again.err.count(f"POST {CREATE}\n") == 1
            shown = forks.run(place.folder, "journal", "show", "--run", "1", environment=place.environment)
            assert f"POST {CREATE} (create of btc-dip#1 #30000001): applied: settled by reading" in shown.out
            assert len(place.read_essence()["trades"]) == 2


class TestTerraformComparedASavedPlanWithItsOwnStateOnly:
    """It never looks at the live objects again, and a failed apply makes the plan worthless."""

    def test_a_saved_plan_is_refused_where_the_live_trade_has_moved(self, here: Here) -> None:
        here.write(write_plan(write_trade("btc-dip")))
        here("apply", "--auto-approve")
        here.write(write_plan(write_trade("btc-dip", 60500)))
        here("plan", "--out", "plan.json")
        here("sandbox", "price", "USDT_BTC", "59900")
        done = here("apply", "plan.json")
        assert done.code == 10
        assert "waiting_targets now, waiting_position when planned" in done.err

    def test_an_apply_that_failed_half_way_is_resumed_with_the_same_plan(self, here: Here) -> None:
        here.write(write_plan(*(write_trade(f"t{number}", 50000 + number, 40000) for number in range(4))))
        here("plan", "--out", "plan.json")
        here("sandbox", "fault", "add", "plan_restriction", "--method", "POST", "--path", CREATE, "--nth", "3")
        failed = here("apply", "plan.json")
        assert failed.code == 15
        assert here.count_trades() == 2
        resumed = here("apply", "plan.json")
        assert resumed.code == 0, resumed.err
        assert resumed.err.count("done already") == 2
        assert here.count_trades() == 4


class TestTerraformSentColoursIntoPipesAndExitedOneForEverything:
    """It ignores NO_COLOR; a lock, a stale plan and a forbidden destroy all exit 1."""

    COMMANDS = (
        ["plan"],
        ["status"],
        ["validate"],
        ["apply", "--auto-approve"],
        ["journal", "show"],
        ["plan", "--trad"],
    )

    @pytest.mark.parametrize("command", COMMANDS)
    def test_no_colour_goes_into_a_pipe(self, here: Here, command: list[str]) -> None:
        done = here(*command, TERM="xterm-256color", COLORTERM="truecolor")
        assert "\x1b" not in done.out + done.err

    @pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}])
    def test_a_terminal_gets_colour_unless_it_is_not_wanted(self, here: Here, variables: dict[str, str]) -> None:
        assert "\x1b[" in _run_at_terminal(here.folder, {"TERM": "xterm"})
        assert "\x1b[" not in _run_at_terminal(here.folder, {"TERM": "xterm", **variables})

    def test_a_lock_a_stale_plan_and_a_guardrail_have_exit_codes_of_their_own(
        self, here: Here, forks: Forks, exchange: Exchange, tmp_path: Path
    ) -> None:
        here.write(write_plan(write_trade("btc-dip", None)))
        here("apply", "--auto-approve")
        here.write(write_plan(write_trade("btc-dip", None, 51000)))
        here("plan", "--out", "plan.json")
        here("sandbox", "price", "USDT_BTC", "70000")
        stale = here("apply", "plan.json").code
        steps = ((80000, 50), (90000, 50))
        here.write(write_plan(write_trade("next", None, steps=steps)))
        assert here("apply", "--auto-approve").code == 0
        here.write(write_plan(write_trade("next", None, steps=steps, state="closed")))
        guarded = here("apply", "--auto-approve").code
        with exchange.open_place(tmp_path / "locked") as place:
            place.write(ONE)
            holder = subprocess.Popen(
                [sys.executable, "-c", _HOLD_LOCK, str(place.folder)], stdout=subprocess.PIPE, stdin=subprocess.PIPE
            )
            with holder:
                assert holder.stdout is not None
                holder.stdout.readline()
                locked = forks.run(
                    place.folder, "apply", "--auto-approve", "--lock-timeout", "0", environment=place.environment
                ).code
                holder.terminate()
        assert (stale, locked, guarded) == (10, 11, 12)


_HOLD_LOCK = """
import sys
from pathlib import Path
from reconciler.workflows.journal import open_database, scope_of
from reconciler.clock import SystemClock
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import RunStart
from reconciler.settings import load_settings
settings = load_settings(Path(sys.argv[1]), None, {})
with open_database(settings) as database:
    journal = SqlJournal(database, scope_of(settings), SystemClock())
    journal.begin_run(RunStart(git_commit=None, plan_digest="", operations=1), 0)
    print("held", flush=True)
    sys.stdin.read()
"""


def _run_at_terminal(folder: Path, variables: dict[str, str]) -> str:
    """What `plan` prints to a terminal."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", "plan"]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(command, cwd=folder, stdout=slave, stderr=slave, env={**environment, **variables})
    os.close(slave)
    told = b""
    # Reading from a terminal that nobody writes to any more is an error, not an end.
    while chunk := _read_or_end(master):
        told += chunk
    os.close(master)
    assert process.wait() == 0, told
    return told.decode()


def _read_or_end(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


class TestDecKTurnedAFailureIntoSuccessByItsOutputFormat:
    """With JSON output a failed run exited 0; and the option for an exit code left before the JSON was printed."""

    def test_the_json_of_a_plan_is_whole_and_the_exit_code_is_that_of_the_text(self, here: Here) -> None:
        here.write(write_plan(*(write_trade(f"t{number}", 40000 + number, 30000) for number in range(200))))
        text = here("plan", "--detailed-exitcode")
        machine = here("plan", "--detailed-exitcode", "--format", "json")
        assert (text.code, machine.code) == (2, 2)
        assert len(json.loads(machine.out)["operations"]) == 200

    def test_the_json_of_a_validation_is_whole_and_the_exit_code_is_that_of_the_text(self, here: Here) -> None:
        here.write(write_plan(*(write_trade(f"t{number}", -1, 30000) for number in range(200))))
        codes = {here("validate", "--format", name).code for name in ("text", "json", "github")}
        assert codes == {1}
        machine = here("validate", "--format", "json")
        assert json.loads(machine.out)["error_count"] == 200

    def test_errors_exit_alike_whatever_the_format(self, here: Here) -> None:
        here("sandbox", "fault", "add", "ban", "--times", "0")
        done = [here("plan", "--format", name) for name in ("text", "json")]
        assert [each.code for each in done] == [15, 15]
        assert {each.out for each in done} == {""}


class TestPy3cwCrashedOnARetry:
    """Its retry crashes and so never retries; it knows neither 429 nor 418."""

    @pytest.mark.parametrize("kind", [FaultKind.RATE_LIMIT, FaultKind.BAN])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_when_the_api_says_too_many_nothing_more_is_sent_by_this_run_or_the_next(
        self, forks: Forks, exchange: Exchange, tmp_path: Path, kind: FaultKind, method: str
    ) -> None:
        with exchange.open_place(tmp_path / "place") as place:
            place.write(write_plan(write_trade("a", 50000, 40000), write_trade("b", 50001, 40000)))
            place.sandbox.remove_faults()
            place.sandbox.add_fault(Fault(kind=kind, method=method, path=CREATE, times=None))
            done = forks.run(place.folder, "apply", "--auto-approve", "-v", environment=place.environment)
            assert done.code == 15
            assert "Traceback" not in done.err
            assert ("(429)" if kind is FaultKind.RATE_LIMIT else "answered with 418") in done.err
            assert place.sandbox.list_faults()[0].fired == 1
            again = forks.run(place.folder, "apply", "--auto-approve", environment=place.environment)
            assert again.code == 15
            assert "no request may be sent for another" in again.err
            assert place.sandbox.list_faults()[0].fired == 1

    @pytest.mark.parametrize("kind", ["server_error", "bad_gateway", "lose_request", "reset", "gateway_timeout"])
    def test_a_read_without_an_answer_is_really_sent_again(self, here: Here, kind: str) -> None:
        here("sandbox", "fault", "add", kind, "--method", "GET")
        done = here("plan", "-v")
        assert done.code == 0
        assert done.err.splitlines().count("GET /ver1/accounts?page=1&per_page=100") == 2
        assert done.err.count("; trying again (2 of at most 4).\n") == 1


class TestHummingbotTookATimeOutForAFailedOrder:
    """Any exception marked an order as failed, a time-out as well, and then it was placed again."""

    @pytest.mark.parametrize("kind", ["gateway_timeout", "lose_reply", "cut_reply", "truncate"])
    def test_a_create_whose_answer_never_came_is_looked_for_and_not_sent_again(self, here: Here, kind: str) -> None:
        here("sandbox", "fault", "add", kind, "--method", "POST", "--path", CREATE)
        done = here("apply", "--auto-approve", "-v")
        assert done.code == 0, done.err
        assert done.err.count(f"POST {CREATE}\n") == 1
        assert here.count_trades() == 1

    def test_it_counts_as_unknown_while_nothing_can_be_read(
        self, forks: Forks, exchange: Exchange, tmp_path: Path
    ) -> None:
        with exchange.open_place(tmp_path / "place") as place:
            place.write(ONE)
            gone = Fault(kind=FaultKind.SERVER_ERROR, method="GET", path=CREATE, nth=4, times=4)
            place.sandbox.add_fault(Fault(kind=FaultKind.GATEWAY_TIMEOUT, method="POST", path=CREATE))
            place.sandbox.add_fault(gone)
            done = forks.run(place.folder, "apply", "--auto-approve", "-v", environment=place.environment)
            assert done.code == 14, done.err
            assert "INDETERMINATE" in done.err
            assert done.err.count(f"POST {CREATE}\n") == 1
            again = forks.run(place.folder, "apply", "--auto-approve", environment=place.environment)
            assert again.code == 0
            assert len(place.read_essence()["trades"]) == 1
