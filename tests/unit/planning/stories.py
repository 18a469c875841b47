"""Stories: a plan file is applied to a sandbox, things happen, the file is edited, and a plan is made.

A story is a YAML file. `base` names the plan file of one trade; every other key has a default.

    says      what the story shows, in a sentence
    base      a plan file in `bases`
    settings  settings of the sandbox
    before    events before the base is applied
    applied   edits of the base before it is applied (null: a file without the trade was applied)
    happens   events afterwards
    shows     what entities show instead, merged into each
    edit      edits of the trade in the file that is planned; null takes a field away
    name      the name of the trade from then on
    file      other keys of the file that is planned
    omitted   whether the file lacks the trade
    was       former names of the workspace
    plan      operations, as `action effect (cause): changes`
    blocked   reasons
    notices   as `kind: text`
    outcomes  how the operations end; by default they are applied, and a second plan is made
    again     operations of the second plan; by default none
    then      what the entity shows afterwards, by path
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from reconciler.model.operations import Action, Cause, Operation
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.rendering.reasons import describe
from reconciler.rendering.terms_text import describe_step
from tests.support.check_files import check_text, show
from tests.support.world import World, kinds

FOLDER = Path(__file__).parents[2] / "cases" / "planning"
FUTURES = 2
START_PRICE = {"USDT_BTC": 61000, "USDT_BTCUSDT": 61000, "USDT_ETH": 3000}
Script = Mapping[str, Any]


class Story:
    """One story on a sandbox of its own.

    Args:
        script: The case file.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.world = World(accounts={"main": 1, "futures": FUTURES})
        self.world.sandbox.ensure_account(FUTURES, market="futures")
        for name, value in script.get("settings", {}).items():
            self.world.sandbox.configure(name, str(value))
        for pair, price in START_PRICE.items():
            self.world.price(pair, price)
        base = FOLDER / "bases" / f"{script['base']}.yaml"
        self.document: dict[str, Any] = yaml.safe_load(base.read_text())
        ((self.name, self.trade),) = self.document["trades"].items()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.__exit__(kind, error, trace)

    def live_through(self) -> None:
        """All that happens until the plan is made."""
        for event in self.script.get("before", ()):
            self._happen(event)
        applied = self.script.get("applied", {})
        if applied is not None:
            self._edit(applied)
            self._apply()
        for event in self.script.get("happens", ()):
            self._happen(event)
        if "shows" in self.script:
            self.world.wire.alter = lambda _method, path, answer: self._show(path, answer)
        if "was" in self.script:
            self.world.settings = replace(
                self.world.settings, workspace="renamed", former_names=tuple(self.script["was"])
            )
        self._edit(self.script.get("edit", {}))
        if "name" in self.script:
            self.name = self.script["name"]
            self.document["trades"] = {self.name: self.trade}
        if self.script.get("omitted"):
            self.document["trades"] = {}
        self.document |= self.script.get("file", {})

    def plan(self) -> Plan:
        """The plan of the file as it is now."""
        return self.world.plan(*self.specs())

    def specs(self) -> Sequence[TradeSpec]:
        """The trades of the file, which has no error."""
        specs, problems = check_text(yaml.safe_dump(self.document, sort_keys=False))
        assert not [show(problem) for problem in problems if problem.severity == "error"], problems
        return specs

    def entity(self) -> dict[str, Any]:
        """The newest SmartTrade, as the sandbox shows it."""
        alter, self.world.wire.alter = self.world.wire.alter, None
        newest = self.world.trades()[0]
        self.world.wire.alter = alter
        return newest

    def _apply(self) -> None:
        result = self.world.converge(*self.specs())
        if "before" not in self.script:
            assert set(kinds(result)) <= {OutcomeKind.APPLIED}, [
                describe_outcome(outcome) for outcome in result.outcomes
            ]

    def _edit(self, edits: Mapping[str, Any]) -> None:
        for path, value in edits.items():
            *parents, last = (int(key) if key.isdigit() else key for key in path.split("."))
            group: Any = self.trade
            for key in parents:
                group = group[key]
            if value is None:
                del group[last]
            elif isinstance(group, list) and last == len(group):
                group.append(value)
            else:
                group[last] = value

    def _happen(self, event: str | Mapping[str, Any]) -> None:
        if not isinstance(event, str):
            self._edit(event["apply"])
            self._apply()
            return
        verb, _, rest = event.partition(" ")
        _EVENTS[verb](self, rest)

    def _price(self, last: str) -> None:
        self.world.price(self.trade["pair"], last)

    def _wait(self, seconds: str) -> None:
        self.world.sandbox.advance(Decimal(seconds.removesuffix("s")))

    def _fill(self, units: str) -> None:
        self.world.sandbox.fill(self.entity()["id"], Decimal(units))

    def _patch(self, text: str) -> None:
        """A person edits the trade in 3Commas."""
        entity = self.entity()
        body = {"position": {"units": entity["position"]["units"]}}
        self.world.api.update(entity["id"], body | yaml.safe_load(text))

    def _text(self, words: str) -> None:
        """A person writes behind the marker."""
        entity = self.entity()
        marker = str(entity["note"]).partition("]")[0]
        self.world.api.set_note(entity["id"], f"{marker}] {words}")

    def _note(self, words: str) -> None:
        self.world.api.set_note(self.entity()["id"], words)

    def _end(self, how: str) -> None:
        live_id = self.entity()["id"]
        _ = self.world.api.cancel(live_id) if how == "cancel" else self.world.api.close_by_market(live_id)
        self.entity()

    def _take_step(self, place: str) -> None:
        entity = self.entity()
        self.world.api.cancel_trade(entity["id"], entity["take_profit"]["steps"][int(place)]["id"])
        self.entity()

    def _schedule(self, event: str, value: str) -> None:
        self.world.sandbox.schedule(event, value=value or None)

    def _show(self, path: str, answer: Any) -> Any:
        if "smart_trades" not in path:
            return answer
        for entity in answer if isinstance(answer, list) else [answer]:
            _merge(entity, self.script["shows"])
        return answer


_EVENTS: Mapping[str, Callable[[Story, str], None]] = {
    "price": Story._price,
    "wait": Story._wait,
    "fill": Story._fill,
    "patch": Story._patch,
    "text": Story._text,
    "note": Story._note,
    "cancel": lambda story, _: story._end("cancel"),
    "close": lambda story, _: story._end("close"),
    "take_step": Story._take_step,
    "refuse": lambda story, value: story._schedule("refuse", value),
    "kill_stop": lambda story, value: story._schedule("kill_stop", value),
}


def describe_plan(plan: Plan) -> dict[str, list[str]]:
    """A plan in the words of the case files."""
    return {
        "plan": [_describe_operation(operation) for operation in plan.operations],
        "blocked": [describe(blocked.reason) for blocked in plan.blocked],
        "notices": [f"{notice.kind.value}: {describe(notice.reason)}" for notice in plan.notices],
    }


def look_up(entity: Mapping[str, Any], path: str) -> Any:
    """A field of an entity by its path."""
    value: Any = entity
    for key in path.split("."):
        value = value[int(key) if key.isdigit() else key]
    return value


def _describe_operation(operation: Operation) -> str:
    cause = "" if operation.cause is Cause.FILE else f" ({operation.cause.value})"
    head = f"{operation.action.value} {operation.effect.value}{cause}"
    if operation.action is Action.CANCEL_STEP and operation.step is not None:
        return f"{head}: {describe_step(operation.step)}"
    if operation.action in (Action.SET_NOTE, Action.RELEASE):
        return head
    changes = ", ".join(
        f"{change.path.removesuffix('.value')} {change.live or 'none'} -> {change.wanted or 'none'}"
        for change in operation.changes
    )
    return f"{head}: {changes}" if changes else head


def _merge(target: dict[str, Any], source: Mapping[str, Any]) -> None:
    for key, value in source.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = json.loads(json.dumps(value))
