"""How long the file stages take for 1,000 and 10,000 trades: `python tests/benchmarks/bench_loading.py`.

A benchmark is run by hand, since a shared machine makes times a bad test.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from reconciler.desired.specify import specify
from reconciler.loading.files import load_text
from reconciler.model.documents import Document
from reconciler.validation.schemas import validate_plan

TRADE = """\
  trade-{index:05d}:
    pair: USDT_BTC
    position:
      type: buy
      order_type: limit
      units: {{value: 0.01}}
      price: {{value: 60000.5}}
    take_profit:
      enabled: true
      steps:
{steps}    stop_loss:
      enabled: true
      order_type: market
      conditional:
        price: {{value: 58500.25, type: last}}
    note: some words about this trade
"""
STEP = """\
        - order_type: limit
          price: {{value: {price}, type: last}}
          volume: 25
          trailing: {{enabled: false}}
"""


def write_plan(count: int) -> bytes:
    """A plan file of `count` trades with four steps each."""
    steps = "".join(STEP.format(price=61_000 + 500 * step) for step in range(4))
    trades = (TRADE.format(index=index, steps=steps) for index in range(count))
    return ("version: 1\naccount: main\ntrades:\n" + "".join(trades)).encode()


def measure(work: Callable[[], object]) -> float:
    """The best of three, in seconds."""
    times = []
    for _ in range(3):
        gc.collect()
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def read(text: bytes) -> Document:
    document, problems = load_text(text, "plan.yaml")
    assert document is not None
    assert not problems
    return document


def bench(count: int) -> float:
    """Print the times for `count` trades and return their sum, in seconds."""
    text = write_plan(count)
    document = read(text)
    times = {
        "load": measure(lambda: read(text)),
        "validate": measure(lambda: validate_plan(document)),
        "specify": measure(lambda: specify([document], {"main": 1}, workspace="bench")),
    }
    total = sum(times.values())
    parts = "  ".join(f"{name} {seconds:.3f} s" for name, seconds in times.items())
    print(f"{count:>6} trades, {len(text) / 1e6:.1f} MB:  {parts}  total {total:.3f} s")  # noqa: T201  # its output
    return total


if __name__ == "__main__":
    small, large = bench(1_000), bench(10_000)
    print(f"ten times the trades take {large / small:.1f} times as long")  # noqa: T201  # its output
