from __future__ import annotations

import json

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.exchange.summary import describe_sandbox
from reconciler.sandbox.values.options import OPTION_NAMES
from reconciler.sandbox.values.pairs import PAIRS


def test_the_summary_of_a_new_sandbox_is_json_with_all_its_parts(sandbox: Sandbox) -> None:
    sandbox.schedule("kill_stop")
    with sandbox.transaction(write=False) as transaction:
        shown = json.loads(json.dumps(describe_sandbox(transaction)))

    assert (shown["now"], shown["trades"]) == ("2026-01-01T00:00:00.000Z", {})
    assert list(shown["settings"]) == list(OPTION_NAMES)
    assert shown["prices"].keys() == PAIRS.keys()
    assert shown["events"] == [{"event": "kill_stop", "value": "failed", "trade_id": None}]
    (account,) = shown["accounts"]
    assert (account["id"], account["mode"], account["market"]) == (1, "paper", "spot")
    assert account["balances"]["USDT"] == {"free": "10000000.0", "reserved": "0.0"}
