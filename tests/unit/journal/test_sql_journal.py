"""What is in the journal when, who may write, and what a later run makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
import requests

from reconciler.cli.exit_codes import decide_run, has_open_ends
from reconciler.errors import JournalError, Locked, UsageError
from reconciler.journal.database import Database
from reconciler.journal.journal_reader import JournalReader
from reconciler.journal.lock_rows import LIFETIME_S
from reconciler.model.journal import IntentState, RunStart, WriteKind
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState
from reconciler.model.targets import TargetKind
from reconciler.rendering.journal_text import describe_text
from reconciler.rendering.outcome_text import describe_outcome
from tests.support.world import Killed, World, kinds, trade

START = RunStart(git_commit=None, plan_digest="", operations=1)


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with World(database=database) as made:
        yield made


@pytest.fixture
def reader(database: Database) -> JournalReader:
    return JournalReader(database=database, scope="test")


def column(rows: Sequence[Mapping[str, object]], name: str) -> list[object]:
    return [row[name] for row in rows]


def test_every_write_is_in_the_journal_before_it_leaves_and_its_answer_after(
    world: World, reader: JournalReader
) -> None:
    seen: list[tuple[object, ...]] = []

    def look(number: int, method: str, path: str) -> None:
        if method != "GET":
            (pending,) = reader.list_unresolved()
            seen.append((pending["method"], pending["path"]))

    world.wire.before = look
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.converge(trade(stop=59000))
    world.converge(trade(stop=59000, steps=((66000, 50),), unallocated=50))
    world.converge(trade(stop=59000, state=DesiredState.CLOSED))
    assert seen == world.wire.writes
    assert reader.list_unresolved() == []
    requests_ = [request for run in reader.list_runs() for request in reader.list_requests(int(str(run["run"])))]
    assert set(column(requests_, "state")) == {"applied"}
    assert {"create", "update", "set_note", "cancel_step", "close"} == set(column(requests_, "kind"))
    outcomes = [each for run in reader.list_runs() for each in reader.list_operations(int(str(run["run"])))]
    assert set(column(outcomes, "outcome")) == {"applied"}


def test_a_refused_write_is_failed_and_says_why(world: World, reader: JournalReader) -> None:
    world.converge(trade(steps=((63000, 50),)))
    (request,) = reader.list_requests(1)
    assert request["state"] == "failed"
    assert "422" in str(request["text"])


def test_what_a_killed_run_sent_is_settled_by_the_next_before_it_does_anything(
    world: World, reader: JournalReader
) -> None:
    def die(number: int, method: str, path: str) -> None:
        if method == "POST":
            raise Killed

    world.wire.after = die
    with pytest.raises(Killed):
        world.converge(trade())
    world.connect()
    (intent,) = world.journal.find_unresolved()
    assert (intent.write.kind, intent.state) == (WriteKind.CREATE, IntentState.PENDING)
    plan = world.plan(trade(), trade("other", price=50000))
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert world.journal.find_unresolved() == ()
    assert [describe_text(text) for text in column(reader.list_requests(1), "text")] == ["settled by reading"]


@pytest.mark.parametrize("verdict", [IntentState.APPLIED, IntentState.FAILED])
def test_what_cannot_be_settled_blocks_its_trade_until_the_user_says(
    world: World, reader: JournalReader, verdict: IntentState
) -> None:
    def lose(number: int, method: str, path: str) -> None:
        if method == "POST":
            raise requests.exceptions.ReadTimeout

    cut = "[reconciler:1 test/btc-dip#1 cut"
    world.wire.after = lose
    world.wire.alter = lambda method, path, answer: (
        [{**entity, "note": cut, "note_raw": cut} for entity in answer]
        if isinstance(answer, list) and "smart_trades" in path
        else answer
    )
    plan = world.plan(trade())
    assert kinds(world.apply(plan)) == [OutcomeKind.INDETERMINATE]
    world.wire.after = lambda number, method, path: None
    again = world.apply(plan)
    assert kinds(again) == [OutcomeKind.INDETERMINATE]
    assert decide_run(again, needs_person=has_open_ends(plan, again.outcomes)) == 14
    assert "journal resolve 1" in describe_outcome(again.outcomes[0])
    reader.resolve(1, verdict, world.clock)
    assert world.journal.find_unresolved() == ()
    with pytest.raises(UsageError, match="request 1 is not among those"):
        reader.resolve(1, verdict, world.clock)
    assert len(world.trades()) == 1


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_lost_create_is_settled_though_an_earlier_generation_is_in_the_history(world: World, side: str) -> None:
    def die(number: int, method: str, path: str) -> None:
        if (method, path) == ("POST", "/v2/smart_trades"):
            raise Killed

    world.converge(trade(generation=1))
    world.converge(trade(generation=1, state=DesiredState.CLOSED))
    again = trade(generation=2)
    plan = world.plan(again)
    setattr(world.wire, side, die)
    with pytest.raises(Killed):
        world.apply(plan)
    world.connect()
    assert kinds(world.converge(again)) == ([OutcomeKind.APPLIED] if side == "before" else [])
    assert world.journal.find_unresolved() == ()
    assert len(world.trades()) == 2
    assert world.plan(again).is_empty


def test_a_trade_that_made_way_is_not_taken_for_the_one_that_is_looked_for(world: World) -> None:
    there = trade()
    world.converge(there)
    world.converge(trade(price=3000, stop=2900, steps=((3300, 100),), pair="USDT_ETH", units="1"))
    plan = world.plan(there)
    lost = 0

    def lose(number: int, method: str, path: str) -> None:
        nonlocal lost
        lost += (method, path) == ("POST", "/v2/smart_trades")
        if (method, path, lost) == ("POST", "/v2/smart_trades", 1):
            raise requests.exceptions.ReadTimeout

    world.wire.before = lose
    assert kinds(world.apply(plan)) == [OutcomeKind.INDETERMINATE]
    world.connect()
    assert kinds(world.converge(there)) == [OutcomeKind.APPLIED]
    assert [str(entity["pair"]) for entity in world.trades()] == ["USDT_BTC", "USDT_ETH", "USDT_BTC"]
    assert world.plan(there).is_empty


def test_only_a_shared_journal_knows_what_the_last_run_sent(world: World, database: Database) -> None:
    for has_seen in (False, True):
        journal = world.open_journal(database)
        journal.begin_run(START, 0)
        assert journal.knows_last_run is (has_seen and database.is_shared)
        journal.end_run()


def test_a_second_run_waits_and_then_says_who_is_at_work_since_when(world: World, database: Database) -> None:
    first = world.open_journal(database)
    first.begin_run(START, 0)
    with pytest.raises(Locked, match=r"run 1 of tester@here \(process 1\), since 2026-\d\d-\d\d [\d:]+ UTC"):
        world.open_journal(database).begin_run(START, 5)
    assert world.clock.monotonic() == pytest.approx(5)
    first.end_run()
    world.open_journal(database).begin_run(START, 0)


def test_a_lock_of_a_dead_process_is_taken_at_once(world: World, database: Database) -> None:
    world.journal.begin_run(START, 0)
    world.connect()
    world.journal.begin_run(START, 0)


def test_a_lock_whose_holder_gives_no_sign_of_life_expires(world: World, database: Database) -> None:
    world.open_journal(database).begin_run(START, 0)
    world.clock.sleep(LIFETIME_S - 1)
    other = world.open_journal(database)
    with pytest.raises(Locked):
        other.begin_run(START, 0)
    world.clock.sleep(1)
    other.begin_run(START, 0)


def test_a_heartbeat_keeps_the_lock(world: World, database: Database) -> None:
    first = world.open_journal(database)
    first.begin_run(START, 0)
    for _ in range(20):
        world.clock.sleep(30)
        first.heartbeat()
    with pytest.raises(Locked, match="last sign of life 0 s ago"):
        world.open_journal(database).begin_run(START, 0)


def test_a_run_whose_lock_was_taken_sends_nothing_more_and_exits_eleven(world: World, reader: JournalReader) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(4)]
    plan = world.plan(*specs)
    sent = 0

    def unlock(number: int, method: str, path: str) -> None:
        nonlocal sent
        sent += method == "POST"
        if sent == 2 and method == "POST":
            reader.unlock(world.clock, is_forced=True)

    world.wire.after = unlock
    result = world.apply(plan)
    assert kinds(result).count(OutcomeKind.APPLIED) == 2
    assert isinstance(result.error, Locked)
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 11
    assert sent == 2


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_process_that_slept_past_its_expiry_writes_nothing(world: World, database: Database, is_taken: bool) -> None:
    plan = world.plan(trade())

    def sleep(number: int, method: str, path: str) -> None:
        if "currency_rates" in path:
            world.clock.sleep(LIFETIME_S + 1)
            if is_taken:
                world.open_journal(database).begin_run(START, 0)

    world.wire.after = sleep
    result = world.apply(plan)
    assert isinstance(result.error, Locked)
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 11
    assert world.wire.writes == []


def test_a_process_that_sleeps_between_the_journal_and_the_wire_sends_nothing(world: World, database: Database) -> None:
    world.journal.begin_run(START, 0)
    world.journal.check_lock()
    world.clock.sleep(LIFETIME_S)
    with pytest.raises(Locked, match="slept past"):
        world.journal.check_lock()


def test_a_journal_that_breaks_while_an_answer_is_awaited_stops_the_run_and_the_next_settles_it(
    world: World, database: Database
) -> None:
    plan = world.plan(*(trade(f"t{number}", price=50000 + number) for number in range(3)))
    journal = world.journal

    def break_journal(number: int, method: str, path: str) -> None:
        if method == "POST":
            with database.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE journal_intents RENAME TO hidden")

    world.wire.after = break_journal
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.INDETERMINATE, OutcomeKind.NOT_STARTED, OutcomeKind.NOT_STARTED]
    assert isinstance(result.error, JournalError)
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 14
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO journal_intents")
    assert len(journal.find_unresolved()) == 1
    world.connect()
    again = world.apply(plan)
    assert set(kinds(again)) == {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}
    assert len(world.trades()) == 3


def test_unlock_takes_a_lock_from_the_dead_and_by_force_from_anybody(world: World, reader: JournalReader) -> None:
    def lives(_: object) -> bool:
        return True

    assert reader.unlock(world.clock, is_forced=False) is None
    world.journal.begin_run(START, 0)
    with pytest.raises(Locked, match="unlock --force"):
        reader.unlock(world.clock, is_forced=False, is_alive=lives)
    taken = reader.unlock(world.clock, is_forced=True, is_alive=lives)
    assert taken is not None
    assert taken.run_id == 1
    world.journal.begin_run(START, 0)
    assert reader.unlock(world.clock, is_forced=False, is_alive=lambda _: False) is not None


def _as_api(world: World) -> None:
    """Whatever the journal knows of an embedded sandbox's trades is not used, since it can be set back."""
    world.settings = replace(world.settings, target=replace(world.settings.target, kind=TargetKind.API))


def test_trades_that_ended_are_known_and_never_searched_for_again(world: World) -> None:
    _as_api(world)
    specs = [
        trade(f"t{number}", order_type="market", stop=50000, steps=((61000, 100),), units="0.001")
        for number in range(120)
    ]
    world.price("USDT_BTC", 60000)
    world.converge(*specs)
    world.price("USDT_BTC", 61500)
    assert world.plan(*specs).is_empty
    world.connect()
    plan = world.plan(*specs)
    assert plan.is_empty
    assert not [path for _, path in world.wire.seen if "status=all" in path]
    assert len(world.wire.seen) == 2
    assert plan.unchanged == 120 or plan.notices


def test_a_raised_generation_is_searched_for_although_the_one_before_is_known_to_have_ended(world: World) -> None:
    _as_api(world)
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    world.price("USDT_BTC", 58000)
    assert world.plan(trade()).is_empty
    again = trade(generation=2, price=57000, stop=56000)
    plan = world.plan(again)
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert [path for _, path in world.wire.seen if "status=all" in path]
    assert world.plan(again).is_empty


def test_secrets_are_not_kept_whatever_the_api_repeats(world: World, database: Database, reader: JournalReader) -> None:
    from reconciler.journal.json_texts import Redactor

    world.journal = world.open_journal(database)
    world.journal._redactor = Redactor(("marked-secret",))
    world.wire.alter = lambda method, path, answer: (
        {**answer, "api_key": "other", "echo": "it was marked-secret"} if method == "POST" else answer
    )
    world.converge(trade(note="marked-secret"))
    (request,) = reader.list_requests(1)
    assert "marked-secret" not in str(request)
    assert isinstance(request["answer"], dict)
    assert (request["answer"]["api_key"], request["answer"]["echo"]) == ("***", "it was ***")
