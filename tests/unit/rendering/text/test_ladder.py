"""Price ladders as text, at each width."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.risk import Level, LevelChange, LevelKind, LevelResult, OperationRisk, TradeRisk
from reconciler.model.views import LadderView
from reconciler.rendering.style import Style
from reconciler.rendering.text.ladder import ladder_lines, ladder_text
from reconciler.rendering.text.lines import Screen
from reconciler.rendering.views.ladders import view_ladder

D = Decimal
SIDE = TradeRisk(currency="USDT")
LEVELS = (
    Level(
        kind=LevelKind.STEP,
        index=1,
        price=D(3600),
        distance_pct=D("5.49"),
        share_pct=D(60),
        order_type="limit",
        before=LevelResult(profit=D("102.25"), r=D("1.56")),
        after=LevelResult(profit=D("102.25"), r=D("0.80")),
    ),
    Level(kind=LevelKind.LAST, price=D("3412.5"), distance_pct=D(0)),
    Level(
        kind=LevelKind.STOP,
        price=D(3250),
        distance_pct=D("-4.76"),
        order_type="market",
        change=LevelChange.REMOVED,
        before=LevelResult(profit=D("-109.3"), r=D(-1)),
    ),
    Level(
        kind=LevelKind.STOP,
        price=D(3120),
        distance_pct=D("-8.57"),
        order_type="market",
        trailing_pct=D("6.5"),
        change=LevelChange.WORSE,
        after=LevelResult(profit=D("-213.2"), r=D(-1)),
    ),
)


def make(unit: str = "ETH") -> LadderView:
    found = view_ladder(OperationRisk(trade="a", before=SIDE, after=SIDE, levels=LEVELS), unit)
    assert found is not None
    return found


def test_a_ladder_is_a_diff_of_prices() -> None:
    assert list(ladder_lines(make(), Screen(width=80))) == [
        "      3,600.00   +5.49 %  step 1  60 % limit            +102.25  +0.80 R",
        "      3,412.50            last",
        "    - 3,250.00   -4.76 %  stop    market                -109.30  -1.00 R",
        "    ! 3,120.00   -8.57 %  stop    market, trails 6.5 %  -213.20  -1.00 R",
    ]
    assert ladder_text(make())[2] == "- 3,250.00   -4.76 %  stop    market                -109.30  -1.00 R"


def test_a_wide_screen_shows_the_results_of_both_sides() -> None:
    head, first, *_ = ladder_lines(make(), Screen(width=120))
    assert head.split() == ["before", "after"]
    assert first.split()[-6:] == ["+102.25", "+102.25", "+1.56", "R", "+0.80", "R"]


def test_a_narrow_screen_has_what_happens_on_a_line_of_its_own() -> None:
    assert list(ladder_lines(make(), Screen(width=60)))[:5] == [
        "      3,600.00  +5.49 % step 1 +102.25 +0.80 R",
        "               60 % limit",
        "      3,412.50          last",
        "    - 3,250.00  -4.76 % stop   -109.30 -1.00 R",
        "               market",
    ]


def test_results_without_room_beside_the_price_are_below_it() -> None:
    rows = tuple(replace(row, profit_after="+123,456,789,012.12345678") for row in make().rows)
    lines = list(ladder_lines(replace(make(), rows=rows), Screen(width=60)))
    assert lines[1] == "               60 % limit, +123,456,789,012.12345678, +0.80"


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("unit", ["ETH", "A" * 60])
def test_no_line_is_wider_than_the_screen(width: int, unit: str) -> None:
    rows = tuple(replace(row, detail=f"limit buy 12345.678 {unit}") for row in make().rows)
    lines = list(ladder_lines(replace(make(), rows=rows), Screen(width=width)))
    assert max(map(len, lines)) <= width
    assert unit in "".join("".join(lines).split()) or unit == "ETH"


def test_signs_are_painted() -> None:
    lines = list(ladder_lines(make(), Screen(width=80, style=Style(is_on=True))))
    assert lines[0].startswith("      3,600")
    assert lines[2].startswith("    \x1b[31m- 3,250")
    assert lines[3].startswith("    \x1b[31;1m! 3,120")
