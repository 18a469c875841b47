"""Candles from a file, and the same bytes after the same history."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.candles import Candle, check_candles, read_candles
from reconciler.sandbox.values.errors import InvalidCandles, UnknownPair
from reconciler.sandbox.values.pairs import PAIRS
from tests.unit.sandbox.bodies import limit, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of

HEADER = "time,open,high,low,close"


def candles(*rows: str, header: str = HEADER) -> list[Candle]:
    return read_candles([header, *rows])


def test_a_rising_candle_sees_its_low_first_and_a_falling_one_its_high() -> None:
    rising, falling = candles("2026-01-01,100,120,90,110", "2026-01-02,110,120,90,100")

    assert [str(price) for price in rising.list_ticks()] == ["100", "90", "120", "110"]
    assert [str(price) for price in falling.list_ticks()] == ["110", "120", "90", "100"]


@pytest.mark.parametrize("time", ["1767225600", "1767225600000", "2026-01-01T00:00:00Z", "2026-01-01"])
def test_times_are_seconds_milliseconds_or_iso(time: str) -> None:
    (candle,) = candles(f"{time},1,1,1,1")

    assert candle.at_ms == 1767225600000


def test_columns_may_be_in_any_order_with_others_between() -> None:
    (candle,) = candles("1,5,2,3,4,9", header="close,volume,open,high,low,time")

    assert (candle.open, candle.close) == (Decimal(2), Decimal(1))


def test_a_replay_moves_trades_and_the_clock(client: Client) -> None:
    body = trade(take_profit=steps(step("9800")), stop_loss=stop("9000"))
    winner = client.open(body)["id"]
    reported: list[tuple[int, int]] = []
    rows = candles(
        "2021-05-01T00:00:00Z,9500,9600,9400,9550",
        "2021-05-01T01:00:00Z,9550,9900,9500,9600",
        "2021-05-01T02:00:00Z,9600,9700,8900,9000",
    )
    replayed = client.sandbox.replay("USDT_BTC", rows, progress=lambda done, total: reported.append((done, total)))

    assert replayed == {
        "pair": "USDT_BTC",
        "candles": 3,
        "now": "2026-01-01T02:00:00.000Z",
        "moved": [winner],
        "happened": [
            {"trade_id": winner, "note": None, "text": "take profit 1 sold 0.01 BTC at 9800"},
            {"trade_id": winner, "note": None, "text": "ended: finished, profit 2.8068999 USDT"},
        ],
    }
    assert reported == [(1, 3), (2, 3), (3, 3)]
    ended = client.show(winner)
    assert (status_of(ended), ended["data"]["closed_at"]) == ("finished", "2026-01-01T01:30:00.000Z")


def test_a_timeout_runs_within_candles(client: Client) -> None:
    trade_id = client.open(trade(stop_loss=stop("9000", timeout={"enabled": True, "value": 600})))["id"]
    client.sandbox.replay("USDT_BTC", candles("0,9500,9500,8900,9400", "3600,9400,9400,9400,9400"))

    assert status_of(client.show(trade_id)) == "stop_loss_finished"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["2026-01-01,1,1,1"], "line 2: None is not a price, in column close"),
        (["2026-01-01,1,1,x,1"], "line 2: 'x' is not a price, in column low"),
        (["2026-01-01,1,1,1,1", "soon,1,1,1,1"], "line 3: 'soon' is not a time"),
        (["-5,1,1,1,1"], "line 2: '-5' is not a time"),
        ([], "line 2: no candle"),
    ],
)
def test_a_bad_row_is_named_by_its_line(rows: Sequence[str], problem: str) -> None:
    with pytest.raises(InvalidCandles) as found:
        candles(*rows)
    assert str(found.value).startswith(problem)


def test_missing_columns_are_named() -> None:
    with pytest.raises(InvalidCandles, match="missing column high, low"):
        candles("1,1,1", header="time,open,close")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["1,1,1,1,1", "2,1,0.5,0.5,1"], "line 3: high 0.5 is not the highest price"),
        (["1,1,2,1.5,2"], "line 2: low 1.5 is not the lowest price"),
        (["1,1.001,2,1,2"], "line 2: open 1.001 is not a price of USDT_BTC"),
        (["2,1,1,1,1", "2,1,1,1,1"], "line 3: its time is not after that of line 2"),
    ],
)
def test_a_file_with_a_bad_row_changes_nothing(client: Client, rows: Sequence[str], problem: str) -> None:
    before = client.sandbox.show()
    with pytest.raises(InvalidCandles) as found:
        client.sandbox.replay("USDT_BTC", candles(*rows))

    assert str(found.value).startswith(problem)
    assert client.sandbox.show() == before


def test_no_more_than_ten_bad_rows_are_named() -> None:
    with pytest.raises(InvalidCandles) as found:
        candles(*["x,1,1,1,1"] * 15)
    assert str(found.value).splitlines()[-1] == "and 5 more"


def test_an_unknown_pair_is_refused(client: Client) -> None:
    with pytest.raises(UnknownPair):
        client.sandbox.replay("USDT_MOON", candles("1,1,1,1,1"))


def live(path: Path) -> str:
    """The whole store as text, after a history with a bit of everything."""
    with Sandbox(path, options={"pending_reads": "1"}) as sandbox:
        client = Client(sandbox)
        client.price("9500")
        body = trade(take_profit=steps(step("9800", 50), step("9900", 50)), stop_loss=stop("9000"))
        first = client.create(body)["id"]
        second = client.create(trade(position=limit("9300")))["id"]
        sandbox.schedule("fill_on_cancel", value="30", trade_id=second)
        for trade_id in (first, second):
            for _ in range(3):
                client.show(trade_id)
        client.post(f"{first}/add_funds", {"order_type": "market", "units": {"value": "0.01"}})
        sandbox.replay("USDT_BTC", candles("0,9500,9850,9400,9600", "60,9600,9600,9400,9500"))
        client.delete(str(second))
        sandbox.advance(5)
        sandbox.advance(5)
        return "\n".join(sandbox._connection.iterdump())


def test_the_same_history_leaves_the_same_bytes(tmp_path: Path) -> None:
    assert live(tmp_path / "a.sqlite") == live(tmp_path / "b.sqlite")


def test_a_replay_needs_a_candle() -> None:
    with pytest.raises(InvalidCandles, match="no candle; expected at least one"):
        check_candles(PAIRS["USDT_BTC"], [])


def test_a_candle_that_ends_where_it_began_sees_its_low_first() -> None:
    (flat,) = candles("2026-01-01,100,120,90,100")

    assert [str(price) for price in flat.list_ticks()] == ["100", "90", "120", "100"]
