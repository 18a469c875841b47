"""Bodies and digests are made once for a spec and once for a live trade; counted over whole plans and applies."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import CodeType, FrameType
from typing import TypeVar

import pytest

from reconciler.codec import body, digests, note
from reconciler.model.specs import TradeSpec
from tests.support.world import World, trade

T = TypeVar("T")
COUNT = 100
# What is counted, by the code that does the work, not by who asks for it.
WORK: dict[CodeType, str] = {
    body.write_body.__code__: "bodies",
    digests._digest.__code__: "digests",
    note._read_marked.__code__: "notes",
}


def counted(use: Callable[[], T]) -> tuple[T, Counter[str]]:
    """Do something and count the work."""
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in WORK:
            found[WORK[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return use(), found
    finally:
        sys.setprofile(before)


def specs(stop: int = 58500) -> list[TradeSpec]:
    """Trades as a new process would read them."""
    return [trade(f"t{number}", price=50000 + number, stop=stop) for number in range(COUNT)]


@pytest.fixture
def world() -> Iterator[World]:
    note.read_note.cache_clear()
    with World() as made:
        made.price("USDT_BTC", 61000)
        yield made


def test_creates_are_planned_with_one_body_each_and_sent_with_one_more(world: World) -> None:
    plan, planned = counted(lambda: world.plan(*specs()))
    assert len(plan.operations) == COUNT
    assert planned == {"bodies": COUNT, "digests": 2 * COUNT}
    _, applied = counted(lambda: world.apply(plan))
    assert applied["bodies"] <= COUNT
    assert applied["digests"] == 0


def test_unchanged_trades_cost_one_body_each(world: World) -> None:
    world.converge(*specs())
    plan, planned = counted(lambda: world.plan(*specs()))
    assert plan.is_empty
    assert planned["bodies"] <= COUNT
    assert planned["digests"] <= 2 * COUNT
    # The notes are those that the creates have shown before.
    assert planned["notes"] == 0


def test_updates_cost_a_body_for_the_file_and_one_for_the_live_trade(world: World) -> None:
    world.converge(*specs())
    plan, planned = counted(lambda: world.plan(*specs(stop=48000)))
    assert len(plan.operations) == COUNT
    assert planned["bodies"] <= 2 * COUNT
    assert planned["digests"] <= 4 * COUNT
    _, applied = counted(lambda: world.apply(plan, is_saved=True))
    assert applied["bodies"] <= 2 * COUNT


def test_a_changed_copy_of_terms_has_a_body_of_its_own() -> None:
    terms = trade().terms
    _, first = counted(lambda: digests.exits_digest(terms))
    _, again = counted(lambda: digests.exits_digest(terms))
    _, changed = counted(lambda: digests.exits_digest(replace(terms, steps=())))
    assert (first["bodies"], again["bodies"], changed["bodies"]) == (1, 0, 1)
