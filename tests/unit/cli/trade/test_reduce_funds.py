"""`trade reduce-funds` and `trade add-funds`: what the exchange would refuse."""

from __future__ import annotations

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            ("add-funds", "--units", "0.005", "--price", "50000.001"),
            "not a multiple of the tick 0.01: 50000 or 50000.01",
        ),
        (("add-funds", "--units", "0.0050001", "--market"), "not a multiple of the lot 0.00001: 0.005 or 0.00501"),
        (("add-funds", "--units", "0.00001", "--price", "50000"), "below the smallest order of 5 USDT: at least"),
        (("reduce-funds", "--units", "0.00001", "--market"), "below the smallest order of 5 USDT: at least"),
        (("reduce-funds", "--units", "0.0010001", "--market"), "not a multiple of the lot 0.00001: 0.001 or 0.00101"),
    ],
)
def test_what_the_exchange_would_refuse_is_refused_before_the_question(
    cli: Cli, arguments: tuple[str, ...], reason: str
) -> None:
    command, *rest = arguments
    done = cli("trade", command, "btc-dip", *rest, "-v", typed="yes\n")
    assert done.code == 12
    assert reason in done.err
    assert "Do you want this?" not in done.err
    assert not [line for line in done.err.splitlines() if line.startswith("POST")]
