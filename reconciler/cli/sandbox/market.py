"""`reconciler sandbox price`, `advance` and `replay`: prices and time of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.durations import read_duration
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.meter import METER
from reconciler.cli.numbers import read_number
from reconciler.cli.options import common_options
from reconciler.cli.paths import PathType
from reconciler.cli.sandbox.data import data_option, open_data
from reconciler.cli.sandbox.happenings import describe_lines
from reconciler.errors import UsageError
from reconciler.input_files import read_input
from reconciler.progress import Task

# About 4,000,000 candles, seven years of minutes.
_MAX_CANDLE_BYTES = 256 * 2**20


@click.command("price")
@click.argument("pair", required=False)
@click.argument("price", required=False)
@data_option
@common_options
def price(pair: str | None, price: str | None, data: Path | None) -> int:
    """Set the last price of PAIR, for example `price USDT_BTC 60000`, and show what happens to trades.

    Without PRICE, show the prices of PAIR; without PAIR, show those of all pairs.
    """
    if pair is None:
        with open_data(data) as sandbox:
            _print_prices(sandbox.show_prices())
        return ExitCode.DONE
    if price is None:
        with open_data(data) as sandbox:
            print_result(_describe_quote(pair, sandbox.show_prices(pair)[pair]))
        return ExitCode.DONE
    number = read_number(price, "price")
    with open_data(data) as sandbox:
        tick = sandbox.set_price(pair, number)
    print_result(f"{_describe_quote(pair, tick)}; trades affected: {_list_ids(tick['moved'])}")
    _print_happened(tick)
    return ExitCode.DONE


@click.command("advance")
@click.argument("duration")
@data_option
@common_options
def advance(duration: str, data: Path | None) -> int:
    """Move the sandbox's clock forward, for example `advance 90s` (s, m, h, d)."""
    seconds = read_duration(duration)
    with open_data(data) as sandbox:
        moved = sandbox.advance(seconds)
    print_result(f"The sandbox's clock is at {moved['now']}; trades affected: {_list_ids(moved['moved'])}")
    _print_happened(moved)
    return ExitCode.DONE


@click.command("replay")
@click.argument("candles", type=PathType(kind="file", exists=True))
@click.option("--pair", default="USDT_BTC", show_default=True, help="The pair that the candles are of.")
@data_option
@common_options
def replay(candles: Path, pair: str, data: Path | None) -> int:
    """Replay the CSV file CANDLES (columns time,open,high,low,close): four ticks a candle, the clock goes along.

    The whole file is checked first; a file with bad rows changes nothing.
    """
    from reconciler.sandbox.values.candles import read_candles

    try:
        content = read_input(candles, _MAX_CANDLE_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{candles} cannot be read: {error}") from error
    if len(content) > _MAX_CANDLE_BYTES:
        raise UsageError(f"{candles} has more than {_MAX_CANDLE_BYTES >> 20} MiB; split it")
    done = 0

    with open_data(data) as sandbox:
        rows = read_candles(text.splitlines())
        with METER.show(Task.REPLAYING, len(rows)) as advance:

            def show_progress(number: int, _total: int) -> None:
                nonlocal done
                advance(number - done)
                done = number

            try:
                replayed = sandbox.replay(pair, rows, progress=show_progress)
            except KeyboardInterrupt:
                print_message(f"Interrupted: {done} candles were replayed in full and stay.")
                raise
    print_result(
        f"{replayed['candles']} candles of {pair} replayed; the sandbox's clock is at {replayed['now']}; "
        f"trades affected: {_list_ids(replayed['moved'])}"
    )
    _print_happened(replayed)
    return ExitCode.DONE


def _describe_quote(pair: str, quote: Mapping[str, object]) -> str:
    return f"{pair} last {quote['last']}, bid {quote['bid']}, ask {quote['ask']}"


def _print_prices(quotes: Mapping[str, Mapping[str, object]]) -> None:
    """Print all prices as a table, numbers on the right."""
    rows = [("PAIR", "LAST", "BID", "ASK")]
    rows += [(pair, str(quote["last"]), str(quote["bid"]), str(quote["ask"])) for pair, quote in quotes.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *numbers in rows:
        shown = "  ".join(f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
        print_result(f"{name:<{widths[0]}}  {shown}")


def _print_happened(answer: Mapping[str, object]) -> None:
    for line in describe_lines(answer["happened"]):
        print_result(line)


def _list_ids(moved: object) -> str:
    return ", ".join(f"#{trade_id}" for trade_id in moved) if isinstance(moved, list) and moved else "none"


COMMANDS = (price, advance, replay)
