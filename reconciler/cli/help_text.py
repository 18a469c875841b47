"""The end of each help text: one line for the common options, examples, and the exit codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.variables import walk_commands

_PROGRAM = "reconciler"
_COMMON = (
    "Global options, before or after the command: --workspace DIR, --target NAME, --color WHEN, -v."
    " See `reconciler --help`."
)
_ENVIRONMENT = (
    "Environment: THREE_COMMAS_API_KEY and THREE_COMMAS_API_SECRET are the key of a target of kind api; the sandbox"
    " needs none. Each option has a variable, such as RECONCILER_TARGET."
)
# In the text of click a paragraph after this mark keeps its lines.
_VERBATIM = "\b"
_WORDS: Mapping[ExitCode, str] = {
    ExitCode.DONE: "done, or nothing to do",
    ExitCode.FAILED: "an error, or you declined",
    ExitCode.FOUND: "edited outside, or lost",
    ExitCode.UNFORMATTED: "with --check: a file has another layout",
    ExitCode.STALE: "the plan is stale, or the trade has changed",
    ExitCode.LOCKED: "another run has the lock",
    ExitCode.BLOCKED: "a guardrail, a freeze, a policy, blocked, or bad news",
    ExitCode.PARTLY_DONE: "partly done",
    ExitCode.UNKNOWN: "the answer to a write was lost",
    ExitCode.RATE_LIMITED: "rate limited",
    ExitCode.ACCESS_REFUSED: "key, account or mode is wrong",
    ExitCode.USAGE: "wrong usage",
    ExitCode.BUG: "a bug of reconciler",
    ExitCode.INTERRUPTED: "interrupted",
}
_PLAN_FOUND = "with --detailed-exitcode: something to do, blocked, a guardrail, or bad news"
_INVALID = "the files have errors"
_END = (ExitCode.USAGE, ExitCode.BUG, ExitCode.INTERRUPTED)
_LOCAL = (ExitCode.DONE, ExitCode.FAILED, *_END)
_READING = (ExitCode.DONE, ExitCode.FAILED, ExitCode.RATE_LIMITED, ExitCode.ACCESS_REFUSED, *_END)
_FINDING = (ExitCode.DONE, ExitCode.FAILED, ExitCode.FOUND, *_READING[2:])
_WRITING = (
    ExitCode.DONE,
    ExitCode.FAILED,
    ExitCode.STALE,
    ExitCode.LOCKED,
    ExitCode.BLOCKED,
    ExitCode.PARTLY_DONE,
    ExitCode.UNKNOWN,
    *_READING[2:],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnd:
    """The end of the help of one command.

    Attributes:
        examples: Commands without the name of the program.
        codes: The exit codes that it can return.
        words: Meanings of codes that differ from the usual ones.
        summary: Its line in the list of its group; empty for the first sentence of its help.
    """

    examples: Sequence[str]
    codes: Sequence[ExitCode] = _LOCAL
    words: Mapping[ExitCode, str] | None = None
    summary: str = ""


def _trade(*examples: str) -> HelpEnd:
    return HelpEnd(examples=examples, codes=_WRITING)


# Names that lead to a command -> the end of its help.
HELP_ENDS: Mapping[str, HelpEnd] = {
    "": HelpEnd(examples=["init my-trades", "plan", "apply", "status", "help plan"]),
    "init": HelpEnd(
        examples=["init my-trades", "init my-trades --target paper", "init --target paper --account main=12345678"],
        codes=_READING,
    ),
    "validate": HelpEnd(
        examples=["validate", "validate plans/btc.yaml", "validate --format github"],
        words={ExitCode.FAILED: _INVALID},
    ),
    "fmt": HelpEnd(
        examples=["fmt", "fmt --check --diff", "fmt plans/btc.yaml"],
        codes=(ExitCode.DONE, ExitCode.FAILED, ExitCode.UNFORMATTED, *_END),
    ),
    "plan": HelpEnd(
        examples=[
            "plan",
            "plan plans/btc.yaml --trade btc-dip",
            "plan --out plan.json --detailed-exitcode",
            "plan --base main --acknowledge closes=1 --out plan.json",
        ],
        codes=_FINDING,
        words={ExitCode.FOUND: _PLAN_FOUND},
    ),
    "show": HelpEnd(examples=["show plan.json", "show plan.json --format json"]),
    "apply": HelpEnd(
        examples=["apply", "apply plan.json", "apply --trade btc-short --acknowledge closes=1"], codes=_WRITING
    ),
    "drift": HelpEnd(examples=["drift", "drift --trade btc-dip", "drift --watch 30s --format json"], codes=_FINDING),
    "status": HelpEnd(examples=["status", "status plans/btc.yaml", "status --watch 10s"], codes=_READING),
    "accounts": HelpEnd(examples=["accounts --target paper", "accounts --mode paper"], codes=_READING),
    "import": HelpEnd(
        examples=["import 30000006 --name link-swing", "import --all --pair USDT_BTC", "import --update btc-dip"],
        codes=_WRITING,
    ),
    "trade": HelpEnd(
        examples=["trade show btc-dip", "trade close btc-dip", "trade close --all --account main"], codes=_WRITING
    ),
    "trade show": HelpEnd(examples=["trade show btc-dip", "trade show --id 30000006"], codes=_READING),
    "trade trades": HelpEnd(examples=["trade trades btc-dip", "trade trades --id 30000006"], codes=_READING),
    "trade start": _trade("trade start btc-dip"),
    "trade process": _trade("trade process btc-dip"),
    "trade note": _trade('trade note btc-dip "weekly support retest"'),
    "trade close": _trade("trade close btc-dip", "trade close --id 30000006", "trade close --all --account main"),
    "trade cancel": _trade("trade cancel btc-dip", "trade cancel --all --pair USDT_BTC"),
    "trade add-funds": _trade(
        "trade add-funds btc-dip --units 0.01 --market", "trade add-funds btc-dip --units 0.01 --price 58900"
    ),
    "trade reduce-funds": _trade("trade reduce-funds btc-dip --units 0.004 --market"),
    "trade close-step": _trade("trade close-step btc-dip 1"),
    "trade cancel-step": _trade("trade cancel-step btc-dip 2", "trade cancel-step btc-dip --step-id 1000000003"),
    "journal": HelpEnd(examples=["journal show", "journal show --trade btc-dip", "journal export > journal.jsonl"]),
    "journal show": HelpEnd(
        examples=["journal show", "journal show --run 4", "journal show --trade btc-dip"],
        summary="Show what was done to which trade, and how it ended.",
    ),
    "journal export": HelpEnd(
        examples=["journal export", "journal export --run 4"], summary="Print runs and requests as JSON lines."
    ),
    "journal resolve": HelpEnd(
        examples=["journal resolve 2 --as applied", "journal resolve 2 --as failed"],
        summary="Settle by hand what became of a request.",
    ),
    "freeze": HelpEnd(
        examples=['freeze --reason "exchange maintenance"', 'freeze --reason "CPI release" --until 2h --target paper']
    ),
    "unfreeze": HelpEnd(
        examples=['unfreeze --reason "exchange is back"'],
        codes=(ExitCode.DONE, ExitCode.FAILED, ExitCode.BLOCKED, *_END),
        words={ExitCode.BLOCKED: "a freeze of reconciler.yaml or the environment stays"},
    ),
    "unlock": HelpEnd(
        examples=["unlock", "unlock --target paper"], codes=(ExitCode.DONE, ExitCode.FAILED, ExitCode.LOCKED, *_END)
    ),
    "schema": HelpEnd(examples=["schema plan", "schema plan --vscode", "schema status > status.schema.json"]),
    "sandbox": HelpEnd(examples=["sandbox price USDT_BTC 59900", "sandbox advance 90s", "sandbox show"]),
    "sandbox serve": HelpEnd(
        examples=["sandbox serve", "sandbox serve --port 8788 --clock manual"],
        summary="Serve the API on this machine until Ctrl-C.",
    ),
    "sandbox price": HelpEnd(examples=["sandbox price USDT_BTC 59900"], summary="Set the last price of a pair."),
    "sandbox advance": HelpEnd(
        examples=["sandbox advance 90s", "sandbox advance 3d"], summary="Move the sandbox's clock forward."
    ),
    "sandbox replay": HelpEnd(
        examples=["sandbox replay USDT_BTC candles.csv"], summary="Replay the candles of a CSV file."
    ),
    "sandbox set": HelpEnd(examples=["sandbox set finished_steps kept"], summary="Set what the documents leave open."),
    "sandbox schedule": HelpEnd(
        examples=["sandbox schedule refuse kyc", "sandbox schedule fill_on_cancel 50"],
        summary="Schedule what the exchange does once.",
    ),
    "sandbox fill": HelpEnd(examples=["sandbox fill btc-dip 0.004"], summary="Fill a part of a resting limit order."),
    "sandbox show": HelpEnd(examples=["sandbox show"], summary="Show clock, settings, prices, balances and trades."),
    "sandbox reset": HelpEnd(examples=["sandbox reset"]),
    "sandbox act": HelpEnd(
        examples=["sandbox act open USDT_BTC 0.01 --stop 58000", "sandbox act drag-stop btc-dip 58900"],
        summary="Do what a person does in the app.",
    ),
    "sandbox act open": HelpEnd(
        examples=["sandbox act open USDT_BTC 0.01 --stop 58000"], summary="Open a trade without a marker."
    ),
    "sandbox act drag-stop": HelpEnd(examples=["sandbox act drag-stop btc-dip 58900"]),
    "sandbox act close": HelpEnd(examples=["sandbox act close btc-dip"]),
    "sandbox act cancel": HelpEnd(
        examples=["sandbox act cancel btc-dip"], summary="Cancel TRADE; its coins stay in the account."
    ),
    "sandbox act note": HelpEnd(examples=['sandbox act note btc-dip ""'], summary="Replace the note of TRADE."),
    "sandbox fault": HelpEnd(examples=["sandbox fault kinds", "sandbox fault list", "sandbox fault clear"]),
    "sandbox fault add": HelpEnd(
        examples=["sandbox fault add timeout --method POST", "sandbox fault add delay --seconds 5 --times 2"],
        summary="Let something go wrong.",
    ),
    "sandbox fault list": HelpEnd(
        examples=["sandbox fault list"], summary="Show the faults and what each has affected."
    ),
    "sandbox fault kinds": HelpEnd(examples=["sandbox fault kinds"]),
    "sandbox fault clear": HelpEnd(examples=["sandbox fault clear", "sandbox fault clear 1"]),
    "demo": HelpEnd(examples=["demo"], codes=_LOCAL),
}


def end_help(command: click.Command, path: Sequence[str] = ()) -> None:
    """Give a command, and those below it, the end of their help texts.

    Args:
        command: The command.
        path: Names that lead to it; empty for the program itself.
    """
    for below, names in walk_commands(command, path):
        end_own_help(below, names)


def end_own_help(command: click.Command, path: Sequence[str] = ()) -> None:
    """Give one command the end of its help text; one that has its own keeps it."""
    end = HELP_ENDS.get(" ".join(path), HelpEnd(examples=()))
    if command.epilog is None:
        command.epilog = "\n\n".join(_write_end(end, is_root=not path))
    if end.summary:
        command.short_help = end.summary


def _write_end(end: HelpEnd, *, is_root: bool) -> list[str]:
    parts = [_ENVIRONMENT] if is_root else [_COMMON]
    if end.examples:
        lines = [f"  {_PROGRAM} {example}" for example in end.examples]
        parts.append("\n".join([_VERBATIM, "Examples:", *lines]))
    meanings = {**_WORDS, **(end.words or {})}
    codes = "; ".join(f"{code.value} {meanings[code]}" for code in end.codes)
    return [*parts, f"Exit codes: {codes}."]
