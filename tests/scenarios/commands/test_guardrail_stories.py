"""Each guardrail on the command line: at its limit, one above, unknown, with lowered risk, and acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.guardrails.limits import AT_APPLY
from reconciler.model.guardrails import GuardrailName
from reconciler.workflows.connection import SANDBOX_FILE, make_own_folder, open_sandbox
from tests.support.program import Cli, Done

CONFIG = """\
version: 1
workspace: test
fees: {main: 0, futures: 0}
targets:
  sandbox: {kind: sandbox, accounts: {main: 1, futures: 2}}
"""
STOP = "stop_loss: {order_type: market, conditional: {price: 58500}}"
TIGHTER = STOP.replace("58500", "59000")
STEP = "take_profit: [{order_type: limit, price: 63000, volume: 100}]"
ENTRY = "{type: buy, order_type: limit, units: 0.01, price: 60000}"
LEVERAGE = "leverage: {type: isolated, value: 5}"


def trade(name: str, *fields: str, account: str = "main", pair: str = "USDT_BTC", position: str = ENTRY) -> str:
    """A trade of a plan file, long and with a loss of 15 USDT at its stop; without fields it has stop and step."""
    lines = [f"account: {account}", f"pair: {pair}", f"position: {position}", *(fields or (STEP, STOP))]
    return f"  {name}:\n" + "".join(f"    {line}\n" for line in lines)


DIP = trade("dip")
AT_MARKET = trade("dip", position="{type: buy, order_type: market, units: 0.01}")
LEVERAGED = trade("dip", STEP, STOP, LEVERAGE, account="futures", pair="USDT_BTCUSDT")
# The size of a contract is not known, so its worth is not known either.
UNSIZED = trade(
    "dip",
    STEP,
    STOP,
    account="futures",
    pair="USDT_BTC_USDT",
    position="{type: buy, order_type: limit, units: 100, price: 60000}",
)
CROSS = trade("dip", STEP, STOP, "leverage: {type: cross}", account="futures", pair="USDT_BTCUSDT")
ETHER = trade(
    "eth",
    "take_profit: [{order_type: limit, price: 4000, volume: 100}]",
    "stop_loss: {order_type: market, conditional: {price: 2900}}",
    pair="USDT_ETH",
    position="{type: buy, order_type: limit, units: 0.2, price: 3000}",
)
ENTER = ("sandbox", "price", "USDT_BTC", "59900")
STOP_OUT = (ENTER, ("sandbox", "price", "USDT_BTC", "58500"), ("sandbox", "price", "USDT_BTC", "62500"))


@dataclass(frozen=True, kw_only=True)
class Story:
    """A plan and a limit that it just keeps, and one that it just passes.

    Attributes:
        keeps: The limit whose value the plan has exactly.
        passes: The next narrower limit.
        words: What acknowledges the breach.
        short: An acknowledgement that is a little too small, or another count.
        before: Trades that are opened first, without limits.
        then: Commands after these were opened.
        wanted: Trades that are planned.
        unknown: Trades of which the value cannot be known, if there are any.
    """

    keeps: str
    passes: str
    words: str
    short: str
    before: str = ""
    then: Sequence[Sequence[str]] = ()
    wanted: str = DIP
    unknown: str = ""


def amount(number: str, below: str, *, wanted: str = DIP, unknown: str = UNSIZED) -> Callable[[str], Story]:
    """The story of an amount in USDT."""
    return lambda name: Story(
        keeps=f"{{USDT: {number}}}",
        passes=f"{{USDT: {below}}}",
        words=f"{name}={number}",
        short=f"{name}={below}",
        wanted=wanted,
        unknown=unknown,
    )


def count(name: str, **parts: Any) -> Story:
    """The story of one operation of a kind."""
    return Story(keeps="1", passes="0", words=f"{name}=1", short=f"{name}=2", **parts)


WITHOUT_STOP = trade("dip", STEP)
WITHOUT_STEP = trade("dip", STOP)
AMOUNTS = {
    "notional_per_trade": amount("600", "599.99"),
    "notional_per_pair": amount("600", "599.99"),
    "notional_total": amount("600", "599.99"),
    "commits_per_plan": amount("600", "599.99"),
    "margin_total": amount("120", "119.99", wanted=LEVERAGED, unknown=CROSS),
    "loss_at_stop_per_trade": amount("15", "14.99", unknown=WITHOUT_STOP),
    "loss_at_stop_total": amount("15", "14.99", unknown=WITHOUT_STOP),
    "loss_at_stop_increase": amount("15", "14.99", unknown=WITHOUT_STOP),
}
STORIES: Mapping[str, Story] = {
    "closes": count("closes", before=DIP, then=[ENTER], wanted=trade("dip", STEP, STOP, "state: closed")),
    "unprotects": count(
        "unprotects", before=DIP, then=[ENTER], wanted=trade("dip", STEP, STOP.replace("58500", "58000"))
    ),
    "omissions": count("omissions", before=DIP + ETHER, wanted=ETHER),
    "creates": count("creates"),
    "at_market": count("at_market", then=[("sandbox", "price", "USDT_BTC", "62500")], wanted=AT_MARKET),
    **{name: make(name) for name, make in AMOUNTS.items()},
    "loss_realised": Story(
        keeps="{USDT: 15, within: 3650d}",
        passes="{USDT: 14.99, within: 3650d}",
        words="loss_realised=15",
        short="loss_realised=14.99",
        before=DIP,
        then=STOP_OUT,
        wanted=DIP + ETHER,
    ),
    "reward_risk": Story(
        keeps="2", passes="2.01", words="reward_risk=2", short="reward_risk=2.001", unknown=WITHOUT_STEP
    ),
    "leverage": Story(
        keeps="5",
        passes="4.99",
        words="leverage=5",
        short="leverage=4.999",
        wanted=LEVERAGED,
        # The exchange has a leverage of its own for a contract that states none.
        unknown=trade("dip", STEP, STOP, account="futures", pair="USDT_BTCUSDT"),
    ),
    "liquidation_buffer_pct": Story(
        keeps="17.5",
        passes="17.51",
        words="liquidation_buffer_pct=17.5",
        short="liquidation_buffer_pct=17.501",
        wanted=LEVERAGED,
        unknown=CROSS,
    ),
    "entry_distance_pct": Story(
        keeps="4",
        passes="3.99",
        words="entry_distance_pct=4",
        short="entry_distance_pct=3.999",
        then=[("sandbox", "price", "USDT_BTC", "62500")],
    ),
    "stop_distance_pct": Story(
        keeps="{min: 2.5, max: 2.5}",
        passes="{max: 2.49}",
        words="stop_distance_pct=2.5",
        short="stop_distance_pct=2.499",
    ),
    "stop_required": Story(
        keeps="false", passes="true", words="stop_required=1", short="stop_required=2", wanted=WITHOUT_STOP
    ),
    "concentration_pct": Story(
        keeps="50",
        passes="49.99",
        words="concentration_pct=50",
        short="concentration_pct=49.999",
        before=ETHER,
        wanted=ETHER + DIP,
        unknown=ETHER + UNSIZED,
    ),
    "trades_open": Story(
        keeps="2", passes="1", words="trades_open=2", short="trades_open=3", before=ETHER, wanted=ETHER + DIP
    ),
    "size_multiple": Story(
        keeps="1",
        passes="0.99",
        words="size_multiple=1",
        short="size_multiple=0.999",
        before=ETHER,
        wanted=ETHER + DIP,
        unknown=ETHER + UNSIZED,
    ),
    "accounts": Story(keeps="[ma*]", passes="[futures]", words="accounts=1", short="accounts=2"),
    "pairs": Story(keeps="[USDT_*]", passes="[USDT_ETH]", words="pairs=1", short="pairs=2"),
    "sides": Story(keeps="[long]", passes="[short]", words="sides=1", short="sides=2"),
}


class Stage:
    """A workspace with a sandbox of two accounts, in which a story is told.

    Args:
        folder: Where it is.
        cli: The program.
    """

    def __init__(self, folder: Path, cli: Cli) -> None:
        self.folder, self.cli = folder, cli
        with open_sandbox(make_own_folder(folder) / SANDBOX_FILE) as sandbox:
            sandbox.ensure_account(2, market="futures")
        self.do("sandbox", "set", "quanto_multiplier", "never")
        self.do("sandbox", "set", "fee_pct", "0")

    def do(self, *command: str, code: int = 0) -> Done:
        done = self.cli(*command)
        assert done.code == code, done.out + done.err
        assert "Traceback" not in done.err
        return done

    def write(self, trades: str, limits: str = "") -> None:
        (self.folder / "reconciler.yaml").write_text(CONFIG + (f"guardrails: {limits}\n" if limits else ""))
        (self.folder / "plan.yaml").write_text("version: 1\ntrades:\n" + trades)

    def begin(self, story: Story) -> None:
        if story.before:
            self.write(story.before)
            self.do("apply", "--auto-approve")
        else:
            self.write(DIP)
        for command in story.then:
            self.do(*command)

    def plan(self, *options: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.do("plan", "--format", "json", *options).out)
        return document


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> Stage:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconciler.yaml").write_text(CONFIG)
    return Stage(tmp_path, cli)


def find(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["guardrails"] if each["name"] == name)
    return found


def test_every_guardrail_has_a_story() -> None:
    assert STORIES.keys() == {name.value for name in GuardrailName} - {name.value for name in AT_APPLY}


@pytest.mark.parametrize("name", STORIES)
def test_at_its_limit_a_plan_is_applied(stage: Stage, name: str) -> None:
    story = STORIES[name]
    stage.begin(story)
    stage.write(story.wanted, f"{{{name}: {story.keeps}}}")
    assert stage.plan()["is_applicable"] is True
    stage.do("apply", "--auto-approve")


@pytest.mark.parametrize("name", STORIES)
def test_one_above_a_plan_is_refused_until_exactly_that_is_acknowledged(stage: Stage, name: str) -> None:
    story = STORIES[name]
    stage.begin(story)
    stage.write(story.wanted, f"{{{name}: {story.passes}}}")
    document = stage.plan()
    assert document["is_applicable"] is False
    assert find(document, name)["acknowledge"] == story.words
    refused = stage.do("apply", "--auto-approve", code=12)
    assert f"--acknowledge {story.words}" in refused.err
    other = "omissions=7" if name != "omissions" else "closes=7"
    for words in (story.short, other):
        refused = stage.do("apply", "--auto-approve", "--acknowledge", words, code=12)
        assert f"Warning: --acknowledge {words}" in refused.err
    if name == "loss_realised":
        # It has set a freeze, which only a person ends.
        stage.do("unfreeze", "--reason", "checked")
    assert stage.plan("--acknowledge", story.words)["is_applicable"] is True
    stage.do("apply", "--auto-approve", "--acknowledge", story.words)


@pytest.mark.parametrize("name", [name for name, story in STORIES.items() if story.unknown])
def test_what_is_not_known_never_passes_in_silence(stage: Stage, name: str) -> None:
    story = STORIES[name]
    stage.begin(story)
    stage.write(story.unknown, f"{{{name}: {story.keeps}}}")
    found = find(stage.plan(), name)
    assert (found["value"], found["state"]) == (None, "unknown")
    assert found["acknowledge"] == f"{name}.unknown=1"
    refused = stage.do("apply", "--auto-approve", code=12)
    assert "not known" in refused.err
    stage.do("apply", "--auto-approve", "--acknowledge", f"{name}.unknown=2", code=12)
    stage.do("apply", "--auto-approve", "--acknowledge", f"{name}.unknown=1")


@pytest.mark.parametrize("name", STORIES)
def test_what_lowers_risk_is_carried_out_while_a_limit_is_passed(stage: Stage, name: str) -> None:
    story = STORIES[name]
    stage.begin(story)
    is_leveraged = story.wanted == LEVERAGED
    held = LEVERAGED if is_leveraged else DIP
    stage.write(held + ETHER)
    if name != "loss_realised":
        stage.do("apply", "--auto-approve", "--acknowledge", "omissions=1", "--acknowledge", "unprotects=1")
        stage.do("sandbox", "price", "USDT_BTCUSDT" if is_leveraged else "USDT_BTC", "59900")
    # The stop comes nearer, and what waits is taken back.
    stage.write(
        held.replace(STOP, TIGHTER) + ETHER.rstrip("\n") + "\n    state: closed\n", f"{{{name}: {story.passes}}}"
    )
    assert stage.plan()["is_applicable"] is True
    stage.do("apply", "--auto-approve")


@pytest.mark.parametrize("name", STORIES)
def test_a_warning_is_shown_and_refuses_nothing(stage: Stage, name: str) -> None:
    story = STORIES[name]
    stage.begin(story)
    wide = f"{name}: 9, " if name in ("closes", "unprotects") else ""
    stage.write(story.wanted, f"{{{wide}warn: {{{name}: {story.passes}}}}}")
    warned = [each for each in stage.plan()["guardrails"] if each["name"] == name and each["level"] == "warn"]
    assert "over" in [each["state"] for each in warned]
    assert "This is a warning only." in stage.do("plan").flat
    stage.do("apply", "--auto-approve")


def test_a_currency_without_a_number_is_a_breach_and_the_star_is_for_all_others(stage: Stage) -> None:
    stage.write(DIP)
    for name in AMOUNTS.keys() - {"margin_total"}:
        stage.write(DIP, f"{{{name}: {{EUR: 9999}}}}")
        refused = stage.do("apply", "--auto-approve", code=12)
        assert "No limit for USDT" in refused.err
        stage.write(DIP, f'{{{name}: {{EUR: 0, "*": 600}}}}')
        assert stage.plan()["is_applicable"] is True


def test_the_number_of_an_acknowledgement_is_an_upper_bound(stage: Stage) -> None:
    stage.write(DIP, "{notional_total: {USDT: 500}}")
    stage.do("apply", "--auto-approve", "--acknowledge", "notional_total=9999")


def test_one_that_needs_a_stop_is_not_made_up_for_by_one_that_ends(stage: Stage) -> None:
    stage.begin(Story(keeps="", passes="", words="", short="", before=WITHOUT_STOP, then=[ENTER]))
    second = WITHOUT_STOP.replace("dip", "second")
    closed = WITHOUT_STOP + "    state: closed\n"
    stage.write(closed + second, "{stop_required: true, closes: 1}")
    assert "stop_required=1" in stage.do("apply", "--auto-approve", code=12).err


def test_a_trade_that_had_no_stop_before_holds_back_no_other(stage: Stage) -> None:
    stage.begin(Story(keeps="", passes="", words="", short="", before=WITHOUT_STOP))
    stage.write(WITHOUT_STOP + ETHER, "{loss_at_stop_per_trade: {USDT: 20}}")
    stage.do("apply", "--auto-approve")


def test_only_trades_with_leverage_have_a_margin(stage: Stage) -> None:
    stage.write(DIP, "{margin_total: {USDT: 1}}")
    assert Decimal(find(stage.plan(), "margin_total")["value"]) == 0
    stage.do("apply", "--auto-approve")


@pytest.mark.parametrize(
    ("name", "wide", "narrow"),
    [("notional_per_pair", "{USDT: 1000}", "{USDT: 500}"), ("concentration_pct", "90", "39")],
)
def test_a_limit_that_is_lower_than_at_the_plan_counts_for_each_pair(
    stage: Stage, name: str, wide: str, narrow: str
) -> None:
    larger = DIP.replace("0.01", "0.015")
    stage.begin(Story(keeps="", passes="", words="", short="", before=larger))
    stage.write(larger + ETHER, f"{{{name}: {wide}}}")
    stage.do("plan", "--out", "p.json")
    stage.write(larger + ETHER, f"{{{name}: {narrow}}}")
    # The largest pair is not touched; the one that the plan enlarges is the second.
    assert f"{name} (USDT_ETH)" in stage.do("apply", "p.json", code=12).err
