"""The plan file that apply prints for coins that were filled too late, pasted, validated, planned and applied."""

from __future__ import annotations

from pathlib import Path

from tests.support.program import BTC_DIP, Cli


def test_what_apply_prints_can_be_pasted_validated_planned_and_applied(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    state: closed\n")
    assert cli("sandbox", "schedule", "fill_on_cancel", "40").code == 0
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "btc-dip: cancel #30000001: FILLED WHILE CANCELLING: 0.004 BTC were filled at" in done.err
    block = done.out.partition("manages them:\n\n")[2].partition("\n\n")[0]
    (workspace / "held.yaml").write_text(block + "\n")

    assert cli("validate").code == 0
    planned = cli("plan")
    assert "+ btc-dip-held  USDT_BTC  will be created" in planned.out
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in planned.out
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0
