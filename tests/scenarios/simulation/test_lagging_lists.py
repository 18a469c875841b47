"""Lists that show a new trade only some seconds after it was opened, as a busy service may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.outcomes import OutcomeKind
from reconciler.sandbox.store.faults import Fault, FaultKind
from tests.scenarios.plan_files.test_published_examples import EXAMPLES, read_workspace
from tests.support.world import Killed, World, kinds, trade

pytestmark = pytest.mark.slow

LAG_S = 5
SETTLE_S = 10
SPECS = tuple(read_workspace(EXAMPLES)[0].values())


@pytest.fixture
def world() -> Iterator[World]:
    with World(is_tied=True) as made:
        made.settings = replace(made.settings, target=replace(made.settings.target, settle_s=SETTLE_S))
        made.sandbox.add_fault(Fault(kind=FaultKind.LAG, seconds=Decimal(LAG_S), times=None))
        yield made


def test_the_examples_converge_though_every_list_lags(world: World) -> None:
    world.price("USDT_BTC", "9500")
    assert kinds(world.converge(*SPECS)) == [OutcomeKind.APPLIED] * 23
    assert world.plan(*SPECS).is_empty
    for price in ("9900", "9500"):
        world.price("USDT_BTC", price)
        assert world.plan(*SPECS).is_empty


@pytest.mark.parametrize("fatal", [1, 2, 3])
def test_what_a_killed_run_has_just_opened_is_not_opened_again(world: World, fatal: int) -> None:
    specs = [trade(f"t{number}", price=50000 + number) for number in range(3)]
    plan = world.plan(*specs)
    creates = 0

    def die(number: int, method: str, path: str) -> None:
        nonlocal creates
        creates += (method, path) == ("POST", "/v2/smart_trades")
        if creates == fatal:
            raise Killed

    world.wire.after = die
    with pytest.raises(Killed):
        world.apply(plan)
    world.connect()
    again = world.plan(*specs)
    assert len(again.operations) == 3
    result = world.apply(again)
    assert kinds(result) == [OutcomeKind.ALREADY_DONE] * fatal + [OutcomeKind.APPLIED] * (3 - fatal)
    world.clock.sleep(LAG_S)
    assert len(world.trades()) == 3
    assert world.plan(*specs).is_empty
