"""Something happens to a trade between the reading right before its update and the update itself."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.outcomes import OutcomeKind
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from tests.support.world import World, kinds, trade


def act_before(world: World, method: str, suffix: str, act: Callable[[], object]) -> None:
    """Do something right before the first request of a kind."""
    todo = [act]

    def watch(number: int, sent: str, path: str) -> None:
        if todo and sent == method and path.endswith(suffix):
            todo.pop()()

    world.wire.before = watch


def test_an_entry_that_fills_right_before_its_update_is_not_told_as_changed() -> None:
    with World() as world:
        world.price("USDT_BTC", 61000)
        world.converge(trade())
        act_before(world, "PATCH", "", lambda: world.price("USDT_BTC", 59900))
        result = world.converge(trade(units="0.02"))

        assert kinds(result) == [OutcomeKind.FAILED]
        assert "filled while its entry was changed: 0.01 BTC instead of 0.02" in describe_outcome(result.outcomes[0])
        (blocked,) = world.plan(trade(units="0.02")).blocked
        assert "filled while it was being changed" in describe(blocked.reason)
