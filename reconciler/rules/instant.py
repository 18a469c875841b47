"""An instant trade (Simple Buy, Simple Sell) ends with its entry, so it has no take profit and no stop.

Source: SmartTradesV2 page: take_profit and stop_loss are required only when instant is false; instant together with
skip_enter_step is not described.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.rules.candidate import Candidate, Finding


def check_instant(candidate: Candidate) -> Iterator[Finding]:
    """Find an instant trade with exits, or with own funds."""
    if not candidate.is_on("instant"):
        return
    is_sale = candidate.get("position", "type") == "sell"
    hint = ", or for coins that you hold `skip_enter_step: true` with type: buy in place of instant" if is_sale else ""
    for group in ("take_profit", "stop_loss"):
        if candidate.is_on(group, "enabled"):
            message = f"found {group} at an instant trade, which ends with its entry; expected no {group}{hint}"
            yield Finding(path=(group,), message=message)
    if candidate.is_on("skip_enter_step"):
        message = "found skip_enter_step at an instant trade, which would have nothing to do; expected one of the two"
        yield Finding(path=("skip_enter_step",), message=message)
