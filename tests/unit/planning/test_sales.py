"""Trades that sell what a partly filled entry held, and closes of one that were cut short."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.codec.note import read_sale_text, write_sale_text
from reconciler.journal.database import Database, sqlite_url
from reconciler.model.live import Phase
from reconciler.model.plan import NoticeKind, Plan
from reconciler.model.specs import DesiredState
from reconciler.rendering.reasons import describe
from tests.support import builders, planning
from tests.support.world import Killed, World, trade

FIRST = 30000001
OPEN, CLOSED = trade(), trade(state=DesiredState.CLOSED)
CREATE, CLOSE = "/v2/smart_trades", f"/v2/smart_trades/{FIRST + 1}/close_by_market"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A trade whose entry is partly filled."""
    with World(database=Database(sqlite_url(tmp_path / "journal.sqlite"))) as made:
        made.converge(OPEN)
        made.sandbox.fill(FIRST, Decimal("0.004"))
        yield made


def cut_short(world: World, side: str, path: str) -> None:
    def die(_number: int, method: str, sent: str) -> None:
        if (method, sent) == ("POST", path):
            raise Killed

    plan = world.plan(CLOSED)
    setattr(world.wire, side, die)
    with pytest.raises(Killed):
        world.apply(plan)
    world.connect()


def read_block(plan: Plan) -> str:
    (blocked,) = plan.blocked
    assert not plan.operations
    assert describe(blocked.hint) == (
        "`reconciler trade close btc-dip` ends it, or `state: closed` in the file and an apply"
    )
    return describe(blocked.reason)


def test_a_file_that_still_says_open_after_its_close_is_told_what_happened_and_what_to_write(world: World) -> None:
    world.converge(CLOSED)

    plan = world.plan(OPEN)
    assert not plan.operations
    (told,) = [each for each in plan.notices if each.kind is NoticeKind.NOT_OPENED]
    assert describe(told.reason) == (
        "it was closed while its entry was partly filled, and this trade was opened to sell what was filled: closed at"
        " market; not opened: write `state: closed`, or raise generation to 2"
    )
    assert not world.plan(CLOSED).notices


def test_a_close_that_was_cut_short_before_its_sale_is_named(world: World) -> None:
    cut_short(world, "before", CREATE)

    assert read_block(world.plan(OPEN)) == (
        "its close was cut short: the rest of its entry is cancelled, and 0.004 BTC are still held without a stop"
    )


@pytest.mark.parametrize(("side", "path"), [("after", CREATE), ("before", CLOSE)])
def test_a_sale_that_was_cut_short_is_named(world: World, side: str, path: str) -> None:
    cut_short(world, side, path)

    assert read_block(world.plan(OPEN)) == (
        "its close was cut short: this trade was opened to sell what its entry had filled, and holds 0.004 BTC without"
        " a stop"
    )


def test_a_trade_on_own_funds_whose_file_has_another_entry_now_is_no_sale() -> None:
    own = builders.spec(builders.terms(is_own_funds=True, steps=(), stop_loss=None))
    (blocked,) = planning.plan([builders.spec()], [builders.live(own, Phase.OPEN)]).blocked

    assert describe(blocked.reason) == "the position is open and the file has another entry"


def test_the_text_of_a_sale_names_the_trade_that_it_sells_for() -> None:
    assert write_sale_text(7) == "sells what #7 holds"


@pytest.mark.parametrize(
    ("text", "live_id"),
    [
        (write_sale_text(7), 7),
        (f"mine: {write_sale_text(7)} by hand", 7),
        (f"{write_sale_text(7)}, mine", 7),
        (f"re{write_sale_text(7)}", None),
        ("sells what it holds", None),
    ],
)
def test_what_a_person_writes_beside_the_text_of_a_sale_hides_nothing(text: str, live_id: int | None) -> None:
    assert read_sale_text(text) == live_id


def test_without_a_journal_a_sale_that_failed_is_named_and_not_tried_again() -> None:
    with World() as world:
        world.converge(OPEN)
        world.sandbox.fill(FIRST, Decimal("0.004"))
        world.sandbox.schedule("refuse", value="kyc")
        world.converge(CLOSED)

        plan = world.plan(CLOSED)
        assert not plan.operations
        (blocked,) = plan.blocked
        assert describe(blocked.reason).startswith(
            "this trade was opened to sell what its entry had filled, and failed"
        )
        assert "0.004 BTC are still held without a stop" in describe(blocked.reason)
        assert not world.plan(trade(state=DesiredState.ABANDONED)).blocked
