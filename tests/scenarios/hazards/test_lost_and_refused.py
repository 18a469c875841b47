"""Answers that are lost, requests that are refused: what the run makes of them, and the run after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from reconciler.applying.run import run_operations
from reconciler.cli.exit_codes import decide_run, has_open_ends
from reconciler.errors import AccessRefused
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.rates import PairRates
from reconciler.live.signing import Credentials
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.targets import Mode
from reconciler.settings import EMBEDDED_URL
from reconciler.workflows.accounts import check_accounts
from tests.support.world import Silent, World, kinds, trade


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made


def use_key(world: World, *permissions: str) -> None:
    """Work with a key that may do only this."""
    world.sandbox.ensure_key("limited", "limited-secret", permissions)
    session = ApiSession(
        EMBEDDED_URL,
        Credentials(api_key="limited", api_secret="limited-secret"),
        mode=Mode.PAPER,
        budget=RequestBudget(1000, world.clock),
        clock=world.clock,
        options=SessionOptions(adapter=world.wire),
    )
    world.api = SmartTradeApi(session)


def lose_write(world: World, side: str, fatal: int, *, times: int = 1) -> None:
    """The answer to the n-th write, and to as many after it, never comes: sent and done, or never arrived."""
    writes = 0

    def lose(number: int, method: str, path: str) -> None:
        nonlocal writes
        writes += method != "GET"
        if method != "GET" and fatal <= writes < fatal + times:
            raise requests.exceptions.ReadTimeout

    setattr(world.wire, side, lose)


def test_a_lost_answer_of_a_create_is_settled_by_reading_and_the_others_go_on(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(4)]
    plan = world.plan(*specs)
    lose_write(world, "after", 2)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.APPLIED] * 4
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 0
    assert len(world.trades()) == 4
    assert len(world.wire.writes) == 4
    world.connect()
    assert world.plan(*specs).is_empty


def test_a_create_that_is_lost_and_shows_no_effect_is_sent_once_and_left_to_a_later_run(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(3)]
    plan = world.plan(*specs)
    lose_write(world, "before", 2)
    result = world.apply(plan)
    assert sorted(kinds(result)) == sorted([OutcomeKind.APPLIED, OutcomeKind.INDETERMINATE, OutcomeKind.APPLIED])
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 14
    assert len(world.trades()) == len(world.wire.writes) == 2
    world.connect()
    assert set(kinds(world.converge(*specs))) == {OutcomeKind.APPLIED}
    assert len(world.trades()) == 3


def test_a_create_that_cannot_be_settled_blocks_its_trade_only_and_exits_fourteen(world: World) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(3)]
    plan = world.plan(*specs)
    lose_write(world, "after", 2)
    world.wire.alter = lambda method, path, answer: (
        [
            {**entity, "note": "[reconciler:1 test/t1#1 cut", "note_raw": "[reconciler:1 test/t1#1 cut"}
            if "t1#1" in str(entity["note"])
            else entity
            for entity in answer
        ]
        if isinstance(answer, list) and "smart_trades" in path
        else answer
    )
    result = world.apply(plan)
    assert sorted(kinds(result)) == sorted([OutcomeKind.APPLIED, OutcomeKind.INDETERMINATE, OutcomeKind.APPLIED])
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 14
    assert len(world.trades()) == 3


def test_a_list_that_lags_behind_is_waited_for_before_a_create_is_sent_again(world: World) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, settle_s=10))
    plan = world.plan(trade())
    lose_write(world, "after", 1)
    shown_from = world.clock.monotonic() + 8

    def lag(method: str, path: str, answer: object) -> object:
        is_list = path.startswith("/v2/smart_trades?")
        return [] if is_list and world.clock.monotonic() < shown_from else answer

    world.wire.alter = lag
    assert kinds(world.apply(plan)) == [OutcomeKind.APPLIED]
    assert len(world.trades()) == 1


def test_a_line_that_dies_with_a_write_stops_the_run_and_the_write_is_indeterminate(world: World) -> None:
    plan = world.plan(*(trade(f"t{number}", price=50000 + number) for number in range(3)))
    writes = 0

    def die(number: int, method: str, path: str) -> None:
        nonlocal writes
        writes += method != "GET"
        if writes:
            raise requests.exceptions.ReadTimeout

    world.wire.before = die
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.INDETERMINATE, OutcomeKind.NOT_STARTED, OutcomeKind.NOT_STARTED]
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 14


STORIES: dict[str, tuple[bool, TradeSpec]] = {
    "update the entry": (False, trade(price=60500)),
    "replace": (False, trade(order_type="market", stop=50000, steps=((70000, 100),))),
    "cancel": (False, trade(state=DesiredState.CLOSED)),
    "move the stop": (True, trade(stop=59000)),
    "drop a step": (True, trade(steps=((66000, 50),), unallocated=50)),
    "close": (True, trade(state=DesiredState.CLOSED)),
    "a new note": (True, trade(note="new")),
}


# The writes that commit money or execute: those are not sent again in the run in which their answer was lost.
SENT_ONCE = {("close", "before", 1), ("replace", "before", 3)}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("fatal", [1, 2, 3])
def test_a_lost_answer_of_any_write_is_settled_by_reading(world: World, story: str, side: str, fatal: int) -> None:
    is_open, spec = STORIES[story]
    world.converge(trade())
    if is_open:
        world.price("USDT_BTC", 59900)
    plan = world.plan(spec)
    lose_write(world, side, fatal)
    result = world.apply(plan)
    if (story, side, fatal) in SENT_ONCE:
        assert kinds(result) == [OutcomeKind.INDETERMINATE], result.outcomes
        world.connect()
        result = world.converge(spec)
    assert set(kinds(result)) == {OutcomeKind.APPLIED}, result.outcomes
    world.connect()
    assert world.plan(spec).is_empty


def test_reads_are_repeated_and_writes_only_after_reading(world: World) -> None:
    plan = world.plan(trade())
    sent: list[str] = []

    def lose_first_of_each(number: int, method: str, path: str) -> None:
        sent.append(method)
        if sent.count(method) == 1:
            raise requests.exceptions.ConnectionError

    world.wire.after = lose_first_of_each
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.APPLIED]
    assert sent.count("POST") == 1
    assert sent.count("GET") > 1


def test_plan_works_with_a_key_that_may_only_read(world: World) -> None:
    world.converge(trade())
    use_key(world, "SMART_TRADES_READ", "ACCOUNTS_READ")
    assert world.plan(trade()).is_empty
    assert len(world.plan(trade(), trade("new", price=50000)).operations) == 1


def test_a_refusal_of_the_key_stops_the_run_at_once(world: World) -> None:
    use_key(world, "SMART_TRADES_READ", "ACCOUNTS_READ")
    plan = world.plan(*(trade(f"t{number}", price=50000 + number) for number in range(3)))
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.FAILED, OutcomeKind.NOT_STARTED, OutcomeKind.NOT_STARTED]
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 16


def test_an_account_that_is_not_listed_proves_nothing_and_creates_nothing(world: World) -> None:
    with pytest.raises(AccessRefused, match="account 2 is not among the accounts"):
        world.plan(replace(trade(), terms=replace(trade().terms, account_id=2)))
    assert world.wire.writes == []


def test_a_paper_account_under_a_real_target_is_refused(world: World) -> None:
    world.settings = replace(world.settings, target=replace(world.settings.target, mode=Mode.REAL))
    with pytest.raises(AccessRefused, match="is a paper account"):
        world.plan(trade())


def test_an_operation_that_cannot_be_sent_fails_its_trade_and_not_the_run(world: World) -> None:
    world.converge(trade("filled", price=61000), trade("waits", price=50001))
    plan = world.plan(trade("filled", price=60500), trade("waits", price=50501))
    world.price("USDT_BTC", 60900)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE, OutcomeKind.APPLIED]
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 13


def test_the_user_can_stop_a_run_between_two_operations(world: World) -> None:
    plan = world.plan(*(trade(f"t{number}", price=50000 + number) for number in range(3)))
    answers = iter([False, True])
    rates = PairRates(world.api, world.clock, check_accounts(world.session, {1}))
    result = run_operations(plan.operations, world.session, rates.read, Silent(), should_stop=lambda: next(answers))
    assert kinds(result) == [OutcomeKind.APPLIED, OutcomeKind.NOT_STARTED, OutcomeKind.NOT_STARTED]
    assert decide_run(result, needs_person=has_open_ends(plan, result.outcomes)) == 130
    assert len(world.trades()) == 1


def test_a_trade_that_ends_between_plan_and_close_is_not_closed_again(world: World) -> None:
    world.converge(trade())
    world.price("USDT_BTC", 59900)
    plan = world.plan(trade(state=DesiredState.CLOSED))
    world.price("USDT_BTC", 58000)
    result = world.apply(plan)
    assert kinds(result) == [OutcomeKind.STALE]
    assert world.plan(trade(state=DesiredState.CLOSED)).is_empty
