"""Which trade is meant, and arguments that do not go together."""

from __future__ import annotations

import pytest

from reconciler.cli.trade.options import select
from reconciler.errors import UsageError
from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_names_ids_and_texts_are_told_apart() -> None:
    assert select(("a", "1"), None, "NUMBER")[1] == ["1"]
    selector, left = select(("1",), 7, "NUMBER")
    assert (selector.name, selector.live_id, left) == (None, 7, ["1"])
    for words, live_id in (((), None), (("a", "b", "c"), None), (("a",), None), (("a", "b"), 7)):
        with pytest.raises(UsageError):
            select(words, live_id, "NUMBER")
    with pytest.raises(UsageError, match="either NAME or --id, not both"):
        select(("a",), 7)


@pytest.mark.parametrize(
    "arguments",
    [
        ("close", "btc-dip", "--all"),
        ("close", "--id", "1", "--all"),
        ("close", "btc-dip", "--pair", "USDT_BTC"),
        ("cancel", "btc-dip", "--with-positions"),
        ("close",),
        ("close-step", "btc-dip"),
        ("close-step", "btc-dip", "9"),
        ("cancel-step", "btc-dip", "1", "--step-id", "5"),
        ("close", "--all", "--account", "nobody"),
    ],
)
def test_arguments_that_do_not_go_together_are_usage_errors(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("trade", *arguments, "--auto-approve").code == 64
