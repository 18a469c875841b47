"""`demo` shows the life of a trade."""

from __future__ import annotations

from tests.support.program import Cli


def test_the_demo_tells_the_whole_story(cli: Cli) -> None:
    done = cli("demo")
    assert done.code == 0
    assert done.out.count("No changes.") == 3
    assert "will lose a take-profit step" in done.out
    assert "USDT_BTC  long  open 0/1" in done.out
