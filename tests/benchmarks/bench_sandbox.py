"""What the sandbox costs with 100 and with 10,000 trades; run by hand: `python -m tests.benchmarks.bench_sandbox`.

Half of the open trades trail: a trailing stop, or a trailing step that is activated. A tick that makes no new best
price and reaches no level touches none of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import median

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.bodies import limit, step, steps, stop, trade
from tests.unit.sandbox.client import Client

SIZES = (100, 10_000)
ORDERS = ("status", "created_at", "updated_at", "closed_at", "profit", "profit_percentage")


def measure(action: Callable[[], object], repeats: int = 30) -> float:
    """Median time of an action in milliseconds."""
    times_ms = []
    for _ in range(repeats):
        begun_at = time.perf_counter()
        action()
        times_ms.append((time.perf_counter() - begun_at) * 1000)
    return median(times_ms)


def fill(client: Client, count: int) -> float:
    """Creates trades of four steps and a stop, nine in ten of them open, and gives the milliseconds of one create."""
    shares = [step(str(10000 + 500 * number), 25) for number in range(4)]
    trailed = [*shares[:3], step("9500", 25, "market", trailing={"enabled": True, "percent": 10})]
    condition = {"price": {"type": "last", "value": "8000"}, "trailing": {"enabled": True, "percent": 10}}
    bodies = [
        trade(position=limit("9000"), take_profit=steps(*shares), stop_loss=stop("8500")),
        *[trade(take_profit=steps(*shares), stop_loss=stop("8500"))] * 4,
        *[trade(take_profit=steps(*shares), stop_loss=stop("8000") | {"conditional": condition})] * 3,
        *[trade(take_profit=steps(*trailed), stop_loss=stop("8500"))] * 2,
    ]
    begun_at = time.perf_counter()
    for number in range(count):
        client.create(bodies[number % len(bodies)])
    return (time.perf_counter() - begun_at) * 1000 / count


def measure_list(client: Client, query: str) -> float:
    """Median time of one page of 100 in milliseconds."""
    return measure(lambda: client.call("GET", f"/v2/smart_trades?per_page=100&{query}"), 10)


def measure_size(path: Path, count: int) -> dict[str, float]:
    """Every figure for one number of trades, in milliseconds."""
    with Sandbox(path) as sandbox:
        client = Client(sandbox)
        client.price("9500")
        found = {"create": fill(client, count)}
        client.price("9600")
        # Never above 9,600, the best price so far, and never down to a level.
        prices = iter([Decimal(9599 + number % 2) for number in range(1000)])
        found["tick that reaches nothing"] = measure(lambda: sandbox.set_price("USDT_BTC", next(prices)))
        begun_at = time.perf_counter()
        client.price("9601")
        found["tick to a new best price"] = (time.perf_counter() - begun_at) * 1000
        found["clock with nothing due"] = measure(lambda: sandbox.advance(1))
        found["get one"] = measure(lambda: client.show(30000001))
        for order in ORDERS:
            found[f"page of 100 by {order}"] = measure_list(client, f"order_by={order}")
        found["last page of the active"] = measure_list(
            client, f"order_by=created_at&status=active&page={count // 100}"
        )
        found["show"] = measure(sandbox.show, 10)
        found["patch and settle"] = measure(
            lambda: (client.patch(30000002, {"position": {"units": {"value": "0.01"}}}), client.show(30000002))
        )
    begun_at = time.perf_counter()
    Sandbox(path).close()
    found["open the file"] = (time.perf_counter() - begun_at) * 1000
    return found


def main() -> None:
    """Prints every figure and how it grows."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (measure_size(Path(folder) / f"{count}.sqlite", count) for count in SIZES)
    sys.stdout.write(f"{'milliseconds':32}{SIZES[0]:>10}{SIZES[1]:>10}{'ratio':>10}\n")
    for name, cost_ms in small.items():
        sys.stdout.write(f"{name:32}{cost_ms:10.2f}{large[name]:10.2f}{large[name] / cost_ms:10.1f}\n")


if __name__ == "__main__":
    main()
