"""One history: a seed, and all that follows from it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from reconciler.live.wsgi import WsgiAdapter
from tests.scenarios.simulation.clones import SPARE_ACCOUNT, Clone, draw_layout, lay_out
from tests.scenarios.simulation.fault_rates import CALM, GATEWAY_DELAY_S, Journals, draw_fault_rates, draw_journal
from tests.scenarios.simulation.faulty_wire import World
from tests.scenarios.simulation.freezes import Freezes
from tests.scenarios.simulation.hidden_trades import check_hidden
from tests.scenarios.simulation.last_runs import come_to_rest
from tests.scenarios.simulation.laws import Laws
from tests.scenarios.simulation.outside_events import OutsideEvents
from tests.scenarios.simulation.process_knowledge import Knowledge
from tests.scenarios.simulation.program import Program
from tests.scenarios.simulation.random_limits import draw_limits
from tests.scenarios.simulation.random_plan_files import PAIRS, PlanFiles
from tests.scenarios.simulation.removed_safety import NOTHING_REMOVED, RemovedSafety
from tests.scenarios.simulation.requests_seen import Call
from tests.scenarios.simulation.sandbox_state import SandboxState, is_position, is_unprotected
from tests.scenarios.simulation.shared_sandbox import SharedSandbox
from tests.scenarios.simulation.trace import Trace, Violation

# Longer than a lock lives without a sign of its holder, in seconds.
NAP_S = 200.0

# How often an entry fills in part between two runs, as a chance.
PARTLY_FILLED = 0.5

_SWITCHES = {
    "cancel_answer": ("empty",),
    "missing_groups": ("disabled",),
    "finished_steps": ("refused",),
    "unknown_trade": ("404",),
    "wrong_status": ("403", "422"),
    "pending_reads": ("1", "3", "clock"),
    "trailing_stop": ("moved",),
    "trailing_percent": ("as_sent",),
    "breakeven": ("unchanged",),
    "fee_currency": ("received",),
}


class History:
    """Everything that happens from one seed on.

    Args:
        seed: Decides it.
        shared: Where it is played.
        removal: A safety that is taken away.
    """

    def __init__(self, seed: int, shared: SharedSandbox, removal: RemovedSafety = NOTHING_REMOVED) -> None:
        shared.clear()
        self._chance = chance = random.Random(seed)
        self._shared = shared
        self.trace = Trace(seed)
        account = SandboxState(shared.sandbox)
        self.laws = Laws(self.trace, account)
        self._journals = removal.journal or draw_journal(chance)
        self._layout = removal.layout or draw_layout(chance, self._journals)
        self._files = self._make_files(removal)
        limits = draw_limits(seed) if removal.limits is None else removal.limits
        for name in limits:
            self.trace.count(f"limit: {name}")
        self._clones = lay_out(
            self._layout, shared, self._journals, self._files, removal.settle_s, removal.gateway_delay_s, limits
        )
        self._world = World(
            chance=chance,
            shared=shared,
            account=account,
            laws=self.laws,
            trace=self.trace,
            rates=removal.rates or draw_fault_rates(chance, is_kept=self._layout.is_kept),
            freezes=Freezes(seed, shared, self.trace, removal.freezes),
        )
        human = shared.open_api(WsgiAdapter(shared.app))
        self._outside = OutsideEvents(chance, shared.sandbox, human, account, self.laws, self.trace, self._files)
        self._program = Program(self._world, self._journals, removal, self._between)
        self._switches = dict(removal.switches)
        self._configure()

    def play(self) -> Trace:
        """Play it to its end.

        Raises:
            Violation: A law was broken.
        """
        self.trace.count(str(self._journals))
        self.trace.tell(f"{self._journals}, {self._layout}, {self._world.rates}")
        try:
            if self._chance.random() < 0.5:
                with self._calm():
                    self._work()
            for _ in range(self._chance.randint(1, 4)):
                self._edit_files()
                self._live_on()
                self._work()
                self._check_stops()
                self._check_hidden()
            self._converge()
        finally:
            for database in self._shared.databases:
                database.strike = lambda place: None
        for trade in self._world.account.trades.values():
            self.trace.count(f"a trade ends as {trade.status.value}")
        return self.trace

    # The world

    def _make_files(self, removal: RemovedSafety) -> dict[int, PlanFiles]:
        """The plan files, and those that the second target reads where there is one."""
        chance = self._chance
        files = {1: PlanFiles(chance, chance.choice([1, 1, 2, 2, 3]), removal.edits)}
        if "spare" in self._layout.targets:
            files[SPARE_ACCOUNT] = PlanFiles(chance, chance.choice([1, 2]), removal.edits, SPARE_ACCOUNT)
        return files

    def _configure(self) -> None:
        sandbox, chance = self._shared.sandbox, self._chance
        if SPARE_ACCOUNT in self._files:
            sandbox.ensure_account(SPARE_ACCOUNT)
        for pair, price in PAIRS.items():
            sandbox.set_price(pair, Decimal(price))
        if chance.random() < 0.4:
            name = chance.choice(sorted(_SWITCHES))
            self._switches.setdefault(name, chance.choice(_SWITCHES[name]))
        for name, value in self._switches.items():
            sandbox.configure(name, value)
            self.trace.tell(f"setting: {name} {value}")

    def _edit_files(self) -> None:
        for _ in range(self._chance.choice([0, 1, 2, 2, 3, 4])):
            edited = self._files[self._chance.choice(sorted(self._files))].edit()
            if edited:
                self.trace.tell(f"file: {edited[0]} {edited[1]}")
                self.trace.count(
                    f"file: {edited[0]}", edited[1] if edited[0] not in ("add", "remove", "put back") else ""
                )

    def _live_on(self) -> None:
        """What happens between two runs."""
        chance, rates = self._chance, self._world.rates
        for _ in range(chance.choice([0, 0, 1, 1, 2])):
            self._happen(self._outside.move_market)
        if rates.people and chance.random() < 0.5:
            self._happen(self._outside.act)
        names = self._program.saved[-1].names if self._program.saved else []
        if rates.people and names and chance.random() < 0.5:
            self._happen(lambda: self._outside.act_on(names))
        if chance.random() < rates.events:
            self._happen(chance.choice([self._outside.schedule_event, self._outside.fill_partly]))
        if chance.random() < PARTLY_FILLED:
            self._happen(self._outside.fill_partly)
            self._end_partly_filled()
        if chance.random() < 0.3:
            seconds = chance.choice([1, 30, 4000])
            self.trace.tell(f"{seconds} s pass")
            self._happen(lambda: self._shared.clock.sleep(seconds))
        if self._journals is not Journals.NONE and not self._layout.is_kept and chance.random() < 0.1:
            self.trace.tell("a journal is deleted")
            self.trace.count("the journal is deleted")
            lost = chance.choice(self._shared.databases[: self._layout.clones])
            self._shared.clear_journal(lost)
            self._world.freezes.forget(lost)
        self._world.freezes.move(self._clones, is_pause=True)

    def _end_partly_filled(self) -> None:
        """The file of a partly filled trade says closed, or somebody closes it by hand."""
        filling = self._world.account.find_filling()
        if not filling or self._chance.random() < 0.15:
            return
        name, account_id = self._chance.choice(filling)
        if self._chance.random() < 0.5:
            if self._files[account_id].close(name):
                self.trace.tell(f"file: closed {name}")
                self.trace.count("file: closed", name)
            return
        clones = [clone for clone in self._clones if account_id in clone.account_ids]
        if self._journals is not Journals.NONE and clones:
            self._program.close_by_hand(self._chance.choice(clones), name)

    def _happen(self, event: Callable[[], None]) -> None:
        self.trace.step += 1
        event()
        self.laws.check_effects(None, None, self._world.account.look())

    def _between(self, process: Knowledge, call: Call) -> None:
        """What happens in the world right before a request."""
        chance, rates = self._chance, self._world.rates
        if chance.random() < rates.people:
            self._happen(self._outside.act)
        if chance.random() < rates.market:
            self._happen(self._outside.move_market)
        if call.is_write:
            return
        if process.run is not None:
            self._world.freezes.move(self._clones, is_pause=False)
        if self._program.depth > 1 or process.run is None:
            return
        if chance.random() < rates.nap:
            self.trace.tell(f"{process.name} sleeps for {NAP_S:.0f} s")
            self.trace.count("a process sleeps through its lock")
            self._happen(lambda: self._shared.clock.sleep(NAP_S))
            self._second(process)
        elif chance.random() < rates.second:
            self._second(process)

    def _second(self, process: Knowledge) -> None:
        """Somebody else runs the program in the midst of a run."""
        if self._journals is Journals.NONE:
            return
        clone = self._chance.choice(self._clones)
        is_elsewhere = str(clone) != process.clone
        self.trace.count(f"a second process{' in another clone or at another target' if is_elsewhere else ''}")
        self._program.work(clone)

    def _work(self) -> None:
        self._program.work(self._chance.choice(self._clones))

    # The end

    @contextmanager
    def _calm(self) -> Iterator[None]:
        before = self._world.rates
        self._world.rates = CALM
        yield
        self._world.rates = before

    def _check_stops(self) -> None:
        """No position is without a stop that its file asks for, unless the next plan says so."""
        lives = (live for alike in self._world.account.live().values() for live in alike)
        bare = [live for live in lives if is_unprotected(live) or (is_position(live) and live.stop is None)]
        bare += self.laws.sales.find_unsold()
        for clone in self._list_targets():
            if any(live.account_id in clone.account_ids for live in bare):
                self._ask_plan(clone)

    def _ask_plan(self, clone: Clone) -> None:
        longest_s = self._world.rates.longest_s
        with self._calm():
            # What lists do not show yet no plan can tell.
            self._happen(lambda: self._shared.clock.sleep(longest_s))
            self._world.outage_until_s = 0.0
            process = self._program.start(clone)
            saved = self._program.plan(process)
            self._program.end(process)
            self.trace.count("a plan is asked for an unprotected position")
            self.laws.check_reported(saved.plan, saved.specs, clone.account_ids)

    def _check_hidden(self) -> None:
        """While lists show nothing, what the journal knows to be open is reported as lost."""
        world = self._world
        if not world.rates.outage or self._chance.random() < 0.5:
            return
        with self._calm():
            for clone in self._list_targets():
                process = self._program.start(clone)
                if world.knows_all(process.knowledge):
                    world.outage_until_s = math.inf
                    check_hidden(world, process)
                    world.outage_until_s = 0.0
                self._program.end(process)

    def _converge(self) -> None:
        """Nothing goes wrong any more: the program is run until there is nothing left to do."""
        self._world.outage_until_s = 0.0
        self._world.rates = CALM
        self.trace.tell("calm")
        self._world.freezes.end(self._clones)
        with self._shared.sandbox.transaction() as world:
            world.events.remove_events()
        # By then all has arrived that a gateway held back, and the lock of a dead process elsewhere has expired.
        self._happen(lambda: self._shared.clock.sleep(GATEWAY_DELAY_S + 1))
        for clone in self._choose_last():
            come_to_rest(self._program, self._world, clone, self._switches)

    def _choose_last(self) -> list[Clone]:
        """Where the program is run at the end: once for each account, and now and then everywhere."""
        if self._chance.random() < 0.2:
            return list(self._clones)
        alike = [[clone for clone in self._clones if clone.account_ids == {number}] for number in self._files]
        return [self._chance.choice(each) for each in alike]

    def _list_targets(self) -> list[Clone]:
        """One clone for each target."""
        return [clone for clone in self._clones if clone.number == 1]


def play(seed: int, shared: SharedSandbox, removal: RemovedSafety = NOTHING_REMOVED) -> Trace:
    """Play one history.

    Raises:
        Violation: A law was broken, or the program failed; the text tells all that happened.
    """
    history = History(seed, shared, removal)
    try:
        return history.play()
    except Violation as broken:
        raise Violation(history.trace.report(str(broken))) from None
    except Exception as error:
        raise Violation(history.trace.report(f"the program failed: {error!r}")) from error
