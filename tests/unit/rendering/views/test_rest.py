"""Rows that are left out are counted with their money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.phrases import Tone, plain_text
from reconciler.model.plan_view import IndexRow, RowKind
from reconciler.rendering.phrases import phrase
from reconciler.rendering.views.rest import add_up, count_rows, say_rest, split_rows

CREATE = IndexRow(
    kind=RowKind.OPERATION,
    symbol="+",
    tone=Tone.MONEY,
    trade="a",
    live_id=None,
    pair="USDT_BTC",
    effect="commits",
    what=phrase("buys"),
    action="create",
    binds={"USDT": Decimal(600), "BTC": Decimal("0.1")},
)
CLOSE = replace(CREATE, action="close", is_dangerous=True, binds={})
BLOCKED = replace(CREATE, kind=RowKind.BLOCKED, action="", effect="blocked", binds={})


def test_dangerous_and_blocked_rows_are_never_left_out() -> None:
    shown, rest = split_rows([CLOSE, CREATE, CREATE, CREATE, BLOCKED], most=1)
    assert list(shown) == [CLOSE, CREATE, BLOCKED]
    assert list(rest) == [CREATE, CREATE]


def test_the_rest_is_counted_by_what_is_done_and_money_is_added_up_by_currency() -> None:
    assert plain_text(say_rest([CREATE, CREATE, CLOSE, BLOCKED])) == (
        "and 4 more: 2 creates, 1 close, 1 blocked; they bind 0.20000000 BTC and 1,200.00 USDT"
    )
    assert plain_text(count_rows([CLOSE])) == "1 close"
    assert say_rest([]) == ()
    assert add_up([CREATE]) == {"BTC": Decimal("0.1"), "USDT": Decimal(600)}
