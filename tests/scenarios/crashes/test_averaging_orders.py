"""The process dies around the sending of averaging orders: none is ever sent twice, with a journal or on an empty disk.

With a journal a second run ends as an undisturbed one. Without, an order may be counted and not be there: it is
reported and left to the user, since nothing proves that it was not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from reconciler.journal.database import Database, sqlite_url
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.specs import TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.scenarios.crashes.test_every_request import Saboteur
from tests.support.averaging_orders import BASE, averaged, found_orders, open_trade, order
from tests.support.world import Killed, World, trade

pytestmark = pytest.mark.slow

GOOD = {OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE}
TWO = averaged(order(57000), order(54000, "0.01"))
SETTLE_S = 10
LAG_S = 5

Prepare = Callable[[World], None]


def _open(world: World) -> None:
    open_trade(world)


def _averaged(world: World) -> None:
    open_trade(world, TWO)
    world.converge(TWO)


# What is there before, and what the file wants then.
STORIES: dict[str, tuple[Prepare, TradeSpec]] = {
    "send two": (_open, TWO),
    "send what executes at once": (_open, averaged(order(59950), order(57000))),
    "send one and move the stop": (_open, averaged(order(57000), spec=trade(stop=51000))),
    "change one": (_averaged, averaged(order(56000), order(54000, "0.01"))),
    "cancel both": (_averaged, BASE),
}


@pytest.fixture
def make_database() -> Iterator[Callable[[], Database]]:
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(sqlite_url(Path(":memory:"))))
        return made[-1]

    yield make
    for database in made:
        database.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """What a run does that nobody kills."""

    requests: int
    sends: int
    orders: list[tuple[str, str, str]]
    note: str


def _run_undisturbed(prepare: Prepare, spec: TradeSpec) -> Undisturbed:
    with World() as world:
        prepare(world)
        world.connect()
        world.converge(spec)
        return Undisturbed(
            requests=len(world.wire.seen),
            sends=sum(path.endswith("add_funds") for _, path in world.wire.seen),
            orders=found_orders(world),
            note=str(world.trades()[0]["note"]),
        )


def _kill(world: World, side: str, fatal: int, act: Callable[[], object]) -> None:
    """Do something and die at a request; what is done without so many requests is done."""

    def die(number: int, method: str, path: str) -> None:
        if number == fatal:
            raise Killed

    setattr(world.wire, side, die)
    with pytest.raises(Killed):
        act()
    world.connect()


def _sent_twice(world: World) -> list[tuple[str, str]]:
    contents = [(price, units) for price, units, _ in found_orders(world)]
    return [content for content in contents if contents.count(content) > 1]


@pytest.mark.parametrize("story", ["send two", "send one and move the stop", "change one"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_with_a_journal_a_run_killed_at_any_request_ends_as_an_undisturbed_one(
    story: str, side: str, make_database: Callable[[], Database]
) -> None:
    prepare, spec = STORIES[story]
    expected = _run_undisturbed(prepare, spec)
    for fatal in range(expected.requests):
        with World(database=make_database()) as world:
            prepare(world)
            world.connect()
            _kill(world, side, fatal, partial(world.converge, spec))
            result = world.converge(spec)
            why = f"killed {side} request {fatal}: {[(each.kind, describe_outcome(each)) for each in result.outcomes]}"
            assert {outcome.kind for outcome in result.outcomes} <= GOOD, why
            assert found_orders(world) == expected.orders, why
            assert world.trades()[0]["note"] == expected.note, why
            assert world.plan(spec).is_empty, why
            assert world.journal.find_unresolved() == (), why


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_on_an_empty_disk_no_order_is_sent_twice_and_one_in_doubt_is_reported(story: str, side: str) -> None:
    prepare, spec = STORIES[story]
    expected = _run_undisturbed(prepare, spec)
    in_doubt = 0
    for fatal in range(expected.requests):
        with World() as world:
            prepare(world)
            world.connect()
            _kill(world, side, fatal, partial(world.converge, spec))
            world.converge(spec)
            assert not _sent_twice(world), f"killed {side} request {fatal}"
            plan = world.plan(spec)
            assert not plan.operations, f"killed {side} request {fatal}: {plan.operations}"
            if plan.blocked:
                in_doubt += 1
                assert "none is sent again" in describe(plan.blocked[0].reason)
                _take_hint(world)
                world.converge(spec)
            assert found_orders(world) == expected.orders, f"killed {side} request {fatal}"
            assert world.plan(spec).is_empty, f"killed {side} request {fatal}"
    # Only between the count and the order is there a doubt.
    assert in_doubt == expected.sends


def _take_hint(world: World) -> None:
    """The user looks at the trade, sees that the order is not there, and corrects the count in the note."""
    (entity,) = world.trades()
    note, live_id, left = str(entity["note"]), entity["id"], len(found_orders(world))
    assert isinstance(live_id, int)
    counted = note.partition(" a")[2].partition("]")[0]
    world.api.set_note(live_id, note.replace(f" a{counted}]", f" a{left}]" if left else "]"))


@pytest.mark.parametrize("has_journal", [True, False])
def test_a_saved_plan_killed_at_any_request_and_resumed_sends_no_order_twice(
    has_journal: bool, make_database: Callable[[], Database]
) -> None:
    expected = _run_undisturbed(_open, TWO)
    fatal, in_doubt, is_over = 0, 0, False
    while not is_over:
        with World(database=make_database() if has_journal else None) as world:
            _open(world)
            world.connect()
            plan = world.plan(TWO)
            is_over = not _dies(world, len(world.wire.seen) + fatal, partial(world.apply, plan, is_saved=True))
            world.connect()
            result = world.apply(plan, is_saved=True)
            assert not _sent_twice(world), f"killed after request {fatal}"
            if has_journal:
                assert {outcome.kind for outcome in result.outcomes} <= GOOD, f"killed after request {fatal}"
                assert found_orders(world) == expected.orders, f"killed after request {fatal}"
                assert world.plan(TWO).is_empty
            else:
                in_doubt += bool(world.plan(TWO).blocked)
        fatal += 1
    assert fatal > expected.sends * 4
    assert in_doubt == (0 if has_journal else expected.sends)


def _dies(world: World, fatal: int, act: Callable[[], object]) -> bool:
    """Whether doing something takes the request after which the process dies."""
    try:
        _kill(world, "after", fatal, act)
    except pytest.fail.Exception:
        return False
    return True


@pytest.mark.parametrize(("side", "is_kept"), [("before", True), ("in", True), ("in", False)])
def test_a_run_killed_at_any_journal_write_sends_no_order_twice(
    side: str, is_kept: bool, make_database: Callable[[], Database]
) -> None:
    expected = _run_undisturbed(_open, TWO)
    fatal, is_over = 0, False
    while not is_over:
        fatal += 1
        with World(database=make_database()) as world:
            _open(world)
            world.connect()
            assert world.database is not None
            saboteur = Saboteur(world.database)
            saboteur.fatal = (side, fatal)
            try:
                world.converge(TWO)
                is_over = True
            except Killed:
                pass
            saboteur.fatal = None
            if not is_kept:
                world.database = make_database()
            world.connect()
            world.converge(TWO)
            why = f"killed {side} journal transaction {fatal}"
            assert not _sent_twice(world), why
            plan = world.plan(TWO)
            assert not plan.operations, why
            assert plan.blocked or found_orders(world) == expected.orders, why
            assert not (plan.blocked and is_kept), why
    assert fatal > expected.sends * 4


class Lag:
    """Hides averaging orders from the list of a trade's orders for some seconds after they were seen there first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._first_seen: dict[int, datetime] = {}

    def __call__(self, method: str, path: str, body: Any) -> Any:
        if method != "GET" or not path.endswith("/trades"):
            return body
        now = self._world.clock.now()
        entry = min(sub["id"] for sub in body)
        added = {sub["id"] for sub in body if sub["trade_purpose"] == "position" and sub["id"] != entry}
        for number in added:
            self._first_seen.setdefault(number, now)
        fresh = {number for number in added if now < self._first_seen[number] + timedelta(seconds=LAG_S)}
        return [sub for sub in body if sub["id"] not in fresh]


@pytest.mark.parametrize("side", ["before", "after"])
def test_no_order_is_sent_twice_while_the_list_of_orders_lags(side: str) -> None:
    expected = _run_undisturbed(_open, TWO)
    for fatal in range(expected.requests):
        with World(is_tied=True) as world:
            world.settings = replace(world.settings, target=replace(world.settings.target, settle_s=SETTLE_S))
            _open(world)
            lag = Lag(world)
            world.connect()
            world.wire.alter = lag
            _kill(world, side, fatal, partial(world.converge, TWO))
            world.wire.alter = lag
            world.converge(TWO)
            world.wire.alter = None
            assert not _sent_twice(world), f"killed {side} request {fatal}"
            plan = world.plan(TWO)
            assert not plan.operations
            assert plan.blocked or found_orders(world) == expected.orders, f"killed {side} request {fatal}"


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("has_journal", [True, False])
def test_a_lost_answer_is_settled_by_reading(
    side: str, has_journal: bool, make_database: Callable[[], Database]
) -> None:
    """An order that was not found may still be held back by a gateway, so only a later run sends it again."""
    in_doubt = 0
    for fatal in range(1, 5):
        with World(database=make_database() if has_journal else None) as world:
            _open(world)
            world.connect()
            plan = world.plan(TWO)
            lost = Loss(world, side, fatal)
            result = world.apply(plan)
            assert lost.paths, f"lost {side} write {fatal}"
            found = {outcome.kind for outcome in result.outcomes}
            if side == "before" and lost.paths[0].endswith("add_funds"):
                in_doubt += 1
                assert OutcomeKind.INDETERMINATE in found, f"lost {side} write {fatal}"
                assert len(found_orders(world)) == fatal // 2 - 1, f"lost {side} write {fatal}"
                found = _settle_later(world, has_journal=has_journal)
            assert found <= GOOD, f"lost {side} write {fatal}: {found}"
            assert not _sent_twice(world)
            assert len(found_orders(world)) == 2
            assert world.plan(TWO).is_empty
    assert in_doubt == (2 if side == "before" else 0)


class Loss:
    """Loses one write, before it is sent or once it has been answered.

    Args:
        world: Whose wire.
        side: `before` or `after`.
        fatal: Which write, from 1.
    """

    def __init__(self, world: World, side: str, fatal: int) -> None:
        self.paths: list[str] = []
        self._fatal = fatal
        self._writes = 0
        setattr(world.wire, side, self._lose)

    def _lose(self, number: int, method: str, path: str) -> None:
        self._writes += method != "GET"
        if method != "GET" and self._writes == self._fatal:
            self.paths.append(path)
            raise requests.exceptions.ReadTimeout


def _settle_later(world: World, *, has_journal: bool) -> set[OutcomeKind]:
    """A later run; without a journal nothing proves that the order was not sent, so the user says it first."""
    world.connect()
    if not has_journal:
        (blocked,) = world.plan(TWO).blocked
        assert "none is sent again" in describe(blocked.reason)
        _take_hint(world)
    return {outcome.kind for outcome in world.converge(TWO).outcomes}
