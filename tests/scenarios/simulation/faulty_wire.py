"""The way from one process to the sandbox, on which everything happens that can go wrong between two requests."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import requests

from reconciler.live.wsgi import WsgiAdapter
from reconciler.sandbox.store.faults import Fault, FaultKind, Stage
from tests.scenarios.simulation.fault_rates import LATEST_S, LONGEST_S, SETTLE_S, TIE_S, FaultRates, WireFault
from tests.scenarios.simulation.freezes import Freezes
from tests.scenarios.simulation.laws import Laws
from tests.scenarios.simulation.process_knowledge import Knowledge, Reading
from tests.scenarios.simulation.requests_seen import Call, Kind, read_call
from tests.scenarios.simulation.sandbox_state import SandboxState
from tests.scenarios.simulation.shared_sandbox import SharedSandbox
from tests.scenarios.simulation.trace import Trace
from tests.support.world import Killed

# How a process would see a request time out. Source: READ_TIMEOUT_S of the client.
_TIMEOUT_S = 30.0

_FAULTS = {
    WireFault.LOST_REQUEST: Fault(kind=FaultKind.LOSE_REQUEST),
    WireFault.LOST_REPLY: Fault(kind=FaultKind.LOSE_REPLY),
    WireFault.CUT_REPLY: Fault(kind=FaultKind.CUT_REPLY),
    WireFault.TRUNCATED: Fault(kind=FaultKind.TRUNCATE),
    WireFault.RESET: Fault(kind=FaultKind.RESET),
    WireFault.SERVER_ERROR: Fault(kind=FaultKind.SERVER_ERROR),
    WireFault.SERVER_ERROR_AFTER: Fault(kind=FaultKind.SERVER_ERROR, stage=Stage.AFTER),
    WireFault.BAD_GATEWAY: Fault(kind=FaultKind.BAD_GATEWAY),
    WireFault.BAD_GATEWAY_AFTER: Fault(kind=FaultKind.BAD_GATEWAY, stage=Stage.AFTER),
    WireFault.GATEWAY_TIMEOUT: Fault(kind=FaultKind.GATEWAY_TIMEOUT),
    WireFault.DUPLICATE: Fault(kind=FaultKind.DUPLICATE),
    WireFault.RATE_LIMIT: Fault(kind=FaultKind.RATE_LIMIT),
}

Alter = Callable[[Knowledge, Call, requests.Response], requests.Response]
Between = Callable[[Knowledge, Call], None]


@dataclass(slots=True, kw_only=True)
class World:
    """What all processes of a history share."""

    chance: random.Random
    shared: SharedSandbox
    account: SandboxState
    laws: Laws
    trace: Trace
    rates: FaultRates
    freezes: Freezes
    # Requests that a gateway holds back: when they are let through, in seconds of the clock.
    late: list[tuple[float, requests.PreparedRequest, Call]] = field(default_factory=list)
    processes: list[Knowledge] = field(default_factory=list)
    # Until when lists are empty, in seconds of the clock.
    outage_until_s: float = 0.0

    def knows_all(self, process: Knowledge) -> bool:
        """Whether the journal of a process knows every trade that a marker names, and nothing is on its way.

        Only then can a process find out that a list lies.
        """
        if process.remembered is None or self.late:
            return False
        known = process.remembered.find()
        return all(live_id in known for live_id in self.laws.edges.origins)

    def distort(self, process: Knowledge) -> list[Fault]:
        """What is wrong with the lists that a process reads now."""
        rates, chance, faults = self.rates, self.chance, list[Fault]()
        if rates.cap:
            faults.append(Fault(kind=FaultKind.CAP, rows=rates.cap))
            self.trace.count("a page with fewer rows than asked for")
        if rates.ties:
            faults.append(Fault(kind=FaultKind.TIES, seconds=Decimal(TIE_S), seed=chance.randrange(1000)))
            self.trace.count("a list full of ties")
        if rates.outage and chance.random() < rates.outage and self.knows_all(process):
            self.outage_until_s = self.shared.clock.monotonic() + chance.choice([0.1, 5, 60, 200])
        if self.shared.clock.monotonic() < self.outage_until_s and self.knows_all(process):
            faults.append(Fault(kind=FaultKind.EMPTY))
            process.was_shown_nothing = True
            self.trace.count("an empty list")
        elif rates.forgets and self.knows_all(process):
            faults.append(Fault(kind=FaultKind.HIDE_ENDED))
            self.trace.count("a list without what has ended")
        return faults

    def let_late_through(self, adapter: WsgiAdapter) -> None:
        """Deliver what has been held back long enough."""
        now_s = self.shared.clock.monotonic()
        for held in [each for each in self.late if each[0] <= now_s]:
            self.late.remove(held)
            self.trace.tell(f"gateway: lets {held[2]} through")
            WsgiAdapter.send(adapter, held[1])
            self.laws.check_effects(None, held[2], self.account.look())


class Wire(WsgiAdapter):
    """One process's way to the sandbox.

    Args:
        world: Where it leads.
        process: Whose it is.
        between: What happens in the world before each request.
        alter: Changes what the process is answered; for tests that take a safety away.
    """

    def __init__(self, world: World, process: Knowledge, between: Between, alter: Alter | None = None) -> None:
        super().__init__(world.shared.app)
        self._world = world
        self._process = process
        self._between = between
        self._alter = alter

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        """Let one request through, or not."""
        world, call = self._world, read_call(request)
        world.let_late_through(self)
        self._between(self._process, call)
        world.let_late_through(self)
        world.trace.step += 1
        if call.is_write:
            if self._process.run is not None and self._process.run.operation is not None:
                world.freezes.check_write(self._process, self._process.run.operation, call)
            world.laws.check_write(self._process, call, world.processes)
            world.trace.count(f"sends {call.kind}")
        self._may_die(f"before {call}")
        wrong = world.rates.draw(
            world.chance,
            is_write=call.is_write,
            is_create=call.kind is Kind.CREATE,
            is_later_page=call.is_later_page,
        )
        if wrong:
            world.trace.count(f"wire: {wrong}")
        if call.is_write or wrong:
            world.trace.tell(f"{self._process.name}: {call}" + (f" -- {wrong}" if wrong else ""))
        try:
            response = self._carry(request, call, wrong)
        finally:
            changed = world.account.look()
            world.laws.check_effects(self._process, call, changed)
        self._note_refusal(call, response)
        self._may_die(f"after {call}")
        self._note_reading(call, response)
        return self._alter(self._process, call, response) if self._alter else response

    def _carry(self, request: requests.PreparedRequest, call: Call, wrong: WireFault | None) -> requests.Response:
        clock, chance = self._world.shared.clock, self._world.chance
        match wrong:
            case None:
                return self._strike(request, *self._distort(call))
            case WireFault.DELAY:
                clock.sleep(chance.choice([1, 5, 20]))
                return super().send(request)
            case WireFault.TIMEOUT:
                super().send(request)
                clock.sleep(_TIMEOUT_S)
                raise requests.ReadTimeout
            case WireFault.LATE:
                if chance.random() < 0.5:
                    clock.sleep(_TIMEOUT_S)
                due_s = clock.monotonic() + chance.uniform(0.2, LATEST_S)
                self._world.late.append((due_s, request, call))
                raise requests.ReadTimeout
            case WireFault.HELD:
                due_s = clock.monotonic() + chance.uniform(SETTLE_S, LONGEST_S)
                self._world.late.append((due_s, request, call))
                return self._strike(request, Fault(kind=FaultKind.GATEWAY_TIMEOUT, stage=Stage.BEFORE))
            case WireFault.LAG | WireFault.LONG_LAG:
                latest_s = LATEST_S if wrong is WireFault.LAG else LONGEST_S
                lag_s = Decimal(str(round(chance.uniform(0.5, latest_s), 1)))
                return self._strike(request, Fault(kind=FaultKind.LAG, seconds=lag_s))
            case WireFault.SHIFT:
                rows = chance.choice([1, 2, 3])
                is_active = "status=active" in call.path
                shift = Fault(kind=FaultKind.SHIFT, rows=-rows if is_active else rows)
                return self._strike(request, *self._distort(call), shift)
            case _:
                call.is_doubled = wrong is WireFault.DUPLICATE
                return self._strike(request, _FAULTS[wrong])

    def _distort(self, call: Call) -> list[Fault]:
        return self._world.distort(self._process) if call.kind is Kind.LIST else []

    def _strike(self, request: requests.PreparedRequest, *faults: Fault) -> requests.Response:
        if not faults:
            return super().send(request)
        sandbox = self._world.shared.sandbox
        for fault in faults:
            sandbox.add_fault(fault)
        try:
            return super().send(request)
        finally:
            sandbox.remove_faults()

    def _may_die(self, where: str) -> None:
        if self._world.chance.random() < self._world.rates.crash / 2:
            self._world.trace.tell(f"{self._process.name}: killed {where}")
            self._world.trace.count("killed at a request")
            raise Killed

    def _note_refusal(self, call: Call, response: requests.Response) -> None:
        """A write that was refused has had no effect."""
        run = self._process.run
        if call.is_write and run is not None and run.operation is not None and 400 <= response.status_code < 500:
            self._world.laws.edges.note_refusal(run, run.operation, call)

    def _note_reading(self, call: Call, response: requests.Response) -> None:
        """Remember how the trades really are that an answer shows."""
        if response.status_code >= 300 or response.headers.get("Content-Type") != "application/json":
            return
        if call.kind is Kind.OTHER or not response.content:
            return
        try:
            shown = json.loads(response.content)
        except ValueError:
            return
        for entity in shown if isinstance(shown, list) else [shown]:
            trade = self._world.account.trades.get(entity["id"])
            if trade is not None:
                self._process.readings[trade.id] = Reading(step=self._world.trace.step, trade=trade)
