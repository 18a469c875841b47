"""`reconciler sandbox`: the local exchange."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.durations import read_duration
from reconciler.cli.numbers import ID
from reconciler.cli.options import common_options, find_common
from reconciler.cli.paths import PathType
from reconciler.errors import UsageError
from reconciler.input_files import read_input
from reconciler.loading.file_kinds import CONFIG_FILE, is_plan_name

if TYPE_CHECKING:
    from reconciler.sandbox.exchange.exchange import Sandbox

P = ParamSpec("P")
R = TypeVar("R")

# Some 4,000,000 candles, seven years of minutes.
_MAX_CANDLE_BYTES = 256 * 2**20
_MAX_KEY_BYTES = 2**16
# Progress of a replay is told every so many candles.
_PROGRESS_STEP = 1000


def _data_option(function: Callable[P, R]) -> Callable[P, R]:
    """Which file a sandbox command works on."""
    return click.option(
        "--data",
        type=PathType(kind="file"),
        metavar="FILE",
        help="The sandbox's file; default: that of the workspace's sandbox target.",
    )(function)


@click.group("sandbox")
def command() -> None:
    """The local exchange and API; its clock and prices move only when told."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--api-key", metavar="KEY", help="A key that may do everything, beside the sandbox's own.")
@click.option("--api-secret", metavar="SECRET", help="The secret of that key.")
@click.option(
    "--rsa-public-key",
    type=PathType(kind="file", exists=True),
    metavar="FILE",
    help="The public key of --api-key instead of a secret, PEM.",
)
@click.option(
    "--limits/--no-limits",
    default=True,
    show_default=True,
    help="Refuse more than 100 requests a minute, as 3Commas does.",
)
@click.option(
    "--clock",
    type=click.Choice(["real", "manual"]),
    default="real",
    show_default=True,
    help="Whether the sandbox's clock runs with the time of this machine, or moves only when told.",
)
@_data_option
@common_options
def serve(
    host: str,
    port: int,
    api_key: str | None,
    api_secret: str | None,
    rsa_public_key: Path | None,
    limits: bool,  # noqa: FBT001 -- click passes options by name
    clock: str,
    data: Path | None,
) -> int:
    """Serve the API on this machine until Ctrl-C, for any 3Commas client."""
    from reconciler.sandbox.store.limits import RateLimits
    from reconciler.sandbox.wire.real_clock import RealClock
    from reconciler.sandbox.wire.server import serve as serve_sandbox

    def ready(url: str) -> None:
        print_result(f"Serving the SmartTrade API on {url}/public/api (Ctrl-C stops it)")

    with _open(data) as sandbox:
        _register_key(sandbox, api_key, api_secret, rsa_public_key)
        try:
            serve_sandbox(
                sandbox,
                host,
                port,
                limits=RateLimits() if limits else None,
                clock=RealClock(sandbox) if clock == "real" else None,
                ready=ready,
            )
        except OSError as error:
            raise UsageError(f"{host}:{port} cannot be listened on: {error.strerror}; choose another --port") from error
    return 0


@command.command("price")
@click.argument("pair")
@click.argument("price")
@_data_option
@common_options
def price(pair: str, price: str, data: Path | None) -> int:
    """Set the last price of PAIR, for example `price USDT_BTC 60000`; trades that it reaches move."""
    number = _read_number(price, "price")
    with _open(data) as sandbox:
        tick = sandbox.set_price(pair, number)
    print_result(
        f"{pair} last {tick['last']}, bid {tick['bid']}, ask {tick['ask']}; trades moved: {_list_ids(tick['moved'])}"
    )
    return 0


@command.command("advance")
@click.argument("duration")
@_data_option
@common_options
def advance(duration: str, data: Path | None) -> int:
    """Move the sandbox's clock forward, for example `advance 90s` (s, m, h, d)."""
    seconds = read_duration(duration)
    with _open(data) as sandbox:
        moved = sandbox.advance(seconds)
    print_result(f"The sandbox's clock is at {moved['now']}; trades moved: {_list_ids(moved['moved'])}")
    return 0


@command.command("replay")
@click.argument("candles", type=PathType(kind="file", exists=True))
@click.option("--pair", default="USDT_BTC", show_default=True, help="The pair that the candles are of.")
@_data_option
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

    def tell(number: int, total: int) -> None:
        nonlocal done
        done = number
        if number == total or number % _PROGRESS_STEP == 0:
            print_message(f"{number} of {total} candles replayed")

    with _open(data) as sandbox:
        try:
            replayed = sandbox.replay(pair, read_candles(text.splitlines()), progress=tell)
        except KeyboardInterrupt:
            print_message(f"Interrupted: {done} candles were replayed in full and stay.")
            raise
    print_result(
        f"{replayed['candles']} candles of {pair} replayed; the sandbox's clock is at {replayed['now']}; "
        f"trades moved: {_list_ids(replayed['moved'])}"
    )
    return 0


@command.command("set")
@click.argument("name")
@click.argument("value")
@_data_option
@common_options
def configure(name: str, value: str, data: Path | None) -> int:
    """Set what the documents leave open, for example `set trailing_stop moved`; `show` lists all settings.

    trailing_stop and breakeven (moved, unchanged): whether a trigger that the engine moved is shown moved.
    finished_steps (kept, refused): a PATCH once a step has finished. missing_groups (unchanged, disabled): a PATCH
    that leaves take profit or stop loss out. unknown_trade (400, 404), cancel_answer (entity, empty), wrong_status
    (400, 403, 422): how these are answered. fee_pct, fee_currency (quote, received): what the exchange takes.
    pending_reads (0 to 1000, clock): how many reads see an intermediate state; advancing the clock ends it, too.
    """
    with _open(data) as sandbox:
        settings = sandbox.configure(name, value)
    print_result(f"{name} is {settings[name]}")
    return 0


@command.command("schedule")
@click.argument("event")
@click.argument("value", required=False)
@click.option("--id", "trade_id", type=ID, metavar="ID", help="The trade that it is meant for; default: the next one.")
@_data_option
@common_options
def schedule(event: str, value: str | None, trade_id: int | None, data: Path | None) -> int:
    """Schedule what the exchange does once: `refuse kyc`, `fill_on_cancel 50`, `kill_stop suspended`.

    refuse (no_balance, kyc, pair_closed, or any text): the next entry fails. fill_on_cancel (percent): a limit order
    that is being cancelled fills first. kill_stop (failed, suspended, need_reset): the stop dies when it is armed.
    """
    from reconciler.rendering.style import printable

    with _open(data) as sandbox:
        kept = sandbox.schedule(event, value=value, trade_id=trade_id)
    words = f"Scheduled: {kept['event']} ({kept['value']})" + (f" for #{trade_id}" if trade_id else "")
    print_result(printable(words))
    return 0


@command.command("fill")
@click.argument("trade_id", type=ID)
@click.argument("units")
@click.option("--order", "order_id", type=ID, metavar="ID", help="The order; default: the first that rests.")
@_data_option
@common_options
def fill(trade_id: int, units: str, order_id: int | None, data: Path | None) -> int:
    """Fill UNITS of a resting limit order of the trade TRADE_ID, at its own price."""
    with _open(data) as sandbox:
        filled = sandbox.fill(trade_id, _read_number(units, "number of units"), order_id=order_id)
    print_result(f"Order {filled['order_id']} of #{trade_id}: {filled['filled']} units filled so far")
    return 0


@command.command("show")
@_data_option
@common_options
def show(data: Path | None) -> int:
    """Show clock, settings, prices, balances, trades and scheduled events, as JSON."""
    with _open(data) as sandbox:
        print_result(json.dumps(sandbox.show(), indent=2))
    return 0


@command.command("reset")
@_data_option
@common_options
def reset(data: Path | None) -> int:
    """Remove all trades and set clock, prices and balances back."""
    with _open(data) as sandbox:
        sandbox.reset()
    print_message("The sandbox is as new.")
    return 0


@command.group("fault")
def fault() -> None:
    """Things that go wrong on the wire, on demand."""


@fault.command("add")
@click.argument("kind")
@click.option("--method", help="HTTP method of the requests that it strikes; any by default.")
@click.option("--path", help="Their path below the API's base, for example '/v2/smart_trades/*'; any by default.")
@click.option("--nth", type=int, help="The first matching request that it may strike, from 1; 1 by default.")
@click.option("--times", type=int, help="How many it strikes; 1 by default, 0 for no end.")
@click.option("--probability", help="Chance for each matching request, 0 to 1.")
@click.option("--seed", type=int, help="Decides the chances.")
@click.option("--stage", help="Whether an answer is replaced `before` or `after` the request takes effect.")
@click.option("--seconds", help="Length of a delay, or how long a new trade stays out of lists.")
@click.option("--reads", type=int, help="How many lists a new trade stays out of.")
@click.option("--rows", type=int, help="By how many rows a list shifts: above 0 shows some again, below misses some.")
@click.option("--request", help="What goes first: method, path and JSON body.")
@_data_option
@common_options
def fault_add(kind: str, data: Path | None, **parts: object) -> int:
    """Let something go wrong: KIND is one of those that `fault kinds` lists."""
    from reconciler.sandbox.store.faults import read_fault

    given = {name: value for name, value in parts.items() if value is not None}
    with _open(data) as sandbox:
        number = sandbox.add_fault(read_fault({"kind": kind, **given}))
    print_message(f"Fault {number} is waiting.")
    return 0


@fault.command("kinds")
@common_options
def fault_kinds() -> int:
    """List what can go wrong."""
    from reconciler.sandbox.store.faults import FaultKind

    print_result("\n".join(FaultKind))
    return 0


@fault.command("list")
@_data_option
@common_options
def fault_list(data: Path | None) -> int:
    """Show the faults, how many requests they have seen and how many they have struck, as JSON."""
    from reconciler.sandbox.store.wire_store import describe_stored

    with _open(data) as sandbox:
        print_result(json.dumps([describe_stored(held) for held in sandbox.list_faults()], indent=2))
    return 0


@fault.command("clear")
@click.argument("number", type=ID, required=False)
@_data_option
@common_options
def fault_clear(number: int | None, data: Path | None) -> int:
    """Remove the fault NUMBER, or all."""
    with _open(data) as sandbox:
        removed = sandbox.remove_faults(number)
    print_message(f"{removed} removed.")
    return 0


def _register_key(sandbox: Sandbox, api_key: str | None, api_secret: str | None, rsa_public_key: Path | None) -> None:
    if api_key is None and api_secret is None and rsa_public_key is None:
        return
    if api_key is not None and api_secret is not None and rsa_public_key is None:
        sandbox.ensure_key(api_key, api_secret)
    elif api_key is not None and rsa_public_key is not None and api_secret is None:
        sandbox.ensure_rsa_key(api_key, _read_key(rsa_public_key))
    else:
        raise UsageError("--api-key goes together with either --api-secret or --rsa-public-key")


def _refuse_other_file(data: Path) -> None:
    """The sandbox would wait for ever at a pipe, and write into an empty plan file."""
    if data.exists() and not data.is_file():
        raise UsageError(f"--data {data} is not a regular file, expected a new name or a file of the sandbox")
    if is_plan_name(data.name) or data.name == CONFIG_FILE:
        raise UsageError(f"--data {data} has the name of a plan file, expected one such as sandbox.sqlite")


def _read_key(path: Path) -> str:
    try:
        return read_input(path, _MAX_KEY_BYTES).decode("utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _read_number(text: str, what: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{text} is no {what}") from None
    if not number.is_finite():
        raise UsageError(f"{text} is no {what}")
    return number


def _list_ids(moved: object) -> str:
    return ", ".join(f"#{trade_id}" for trade_id in moved) if isinstance(moved, list) and moved else "none"


@contextmanager
def _open(data: Path | None) -> Iterator[Sandbox]:
    from reconciler.loading.workspace_folder import find_workspace
    from reconciler.workflows.connection import SANDBOX_FILE, make_own_folder, open_sandbox

    if data is not None:
        _refuse_other_file(data)
    path = data or make_own_folder(find_workspace(find_common().workspace, os.environ)) / SANDBOX_FILE
    with open_sandbox(path) as sandbox:
        yield sandbox
