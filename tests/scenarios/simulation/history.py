"""One history: a seed, and all that follows from it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from reconciler.live.wsgi import WsgiAdapter
from tests.scenarios.simulation.clones import SPARE_ACCOUNT, Seat, draw_layout, lay_out
from tests.scenarios.simulation.fault_rates import CALM, GATEWAY_DELAY_S, Journals, draw_journal, draw_weather
from tests.scenarios.simulation.faulty_wire import World
from tests.scenarios.simulation.hidden_trades import check_hidden
from tests.scenarios.simulation.last_runs import come_to_rest
from tests.scenarios.simulation.laws import Laws
from tests.scenarios.simulation.outside_events import People
from tests.scenarios.simulation.process_knowledge import Knowledge
from tests.scenarios.simulation.program import Program
from tests.scenarios.simulation.random_plan_files import PAIRS, PlanFiles
from tests.scenarios.simulation.removed_safety import NOTHING_REMOVED, Removal
from tests.scenarios.simulation.requests_seen import Call
from tests.scenarios.simulation.sandbox_state import Account, is_position, is_unprotected
from tests.scenarios.simulation.shared_sandbox import Stage
from tests.scenarios.simulation.trace import Trace, Violation

# Longer than a lock lives without a sign of its holder, in seconds.
NAP_S = 200.0

_SWITCHES = {
    "cancel_answer": ("empty",),
    "missing_groups": ("disabled",),
    "finished_steps": ("refused",),
    "unknown_trade": ("404",),
    "wrong_status": ("403", "422"),
    "pending_reads": ("1", "3", "clock"),
    "trailing_stop": ("moved",),
    "breakeven": ("unchanged",),
    "fee_currency": ("received",),
}


class History:
    """Everything that happens from one seed on.

    Args:
        seed: Decides it.
        stage: Where it is played.
        removal: A safety that is taken away.
    """

    def __init__(self, seed: int, stage: Stage, removal: Removal = NOTHING_REMOVED) -> None:
        stage.clear()
        self._chance = chance = random.Random(seed)
        self._stage = stage
        self.trace = Trace(seed)
        account = Account(stage.sandbox)
        self.laws = Laws(self.trace, account)
        self._journals = removal.journal or draw_journal(chance)
        self._layout = removal.layout or draw_layout(chance, self._journals)
        self._files = self._make_files(removal)
        self._seats = lay_out(
            self._layout, stage, self._journals, self._files, removal.settle_s, removal.gateway_delay_s
        )
        self._world = World(
            chance=chance,
            stage=stage,
            account=account,
            laws=self.laws,
            trace=self.trace,
            weather=removal.weather or draw_weather(chance, is_kept=self._layout.is_kept),
        )
        human = stage.open_api(WsgiAdapter(stage.app))
        self._people = People(chance, stage.sandbox, human, account, self.laws, self.trace, self._files)
        self._program = Program(self._world, self._journals, removal, self._between)
        self._switches = dict(removal.switches)
        self._configure()

    def play(self) -> Trace:
        """Play it to its end.

        Raises:
            Violation: A law was broken.
        """
        self.trace.count(str(self._journals))
        self.trace.tell(f"{self._journals}, {self._layout}, {self._world.weather}")
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
            for database in self._stage.databases:
                database.strike = lambda place: None
        for trade in self._world.account.trades.values():
            self.trace.count(f"a trade ends as {trade.status.value}")
        return self.trace

    # The world

    def _make_files(self, removal: Removal) -> dict[int, PlanFiles]:
        """The plan files, and those that the second target reads where there is one."""
        chance = self._chance
        files = {1: PlanFiles(chance, chance.choice([1, 1, 2, 2, 3]), removal.edits)}
        if "spare" in self._layout.targets:
            files[SPARE_ACCOUNT] = PlanFiles(chance, chance.choice([1, 2]), removal.edits, SPARE_ACCOUNT)
        return files

    def _configure(self) -> None:
        sandbox, chance = self._stage.sandbox, self._chance
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
        chance, weather = self._chance, self._world.weather
        for _ in range(chance.choice([0, 0, 1, 1, 2])):
            self._happen(self._people.move_market)
        if weather.people and chance.random() < 0.5:
            self._happen(self._people.act)
        names = self._program.saved[-1].names if self._program.saved else []
        if weather.people and names and chance.random() < 0.5:
            self._happen(lambda: self._people.act_on(names))
        if chance.random() < weather.events:
            self._happen(chance.choice([self._people.schedule_event, self._people.fill_partly]))
        if chance.random() < 0.3:
            seconds = chance.choice([1, 30, 4000])
            self.trace.tell(f"{seconds} s pass")
            self._happen(lambda: self._stage.clock.sleep(seconds))
        if self._journals is not Journals.NONE and not self._layout.is_kept and chance.random() < 0.1:
            self.trace.tell("a journal is deleted")
            self.trace.count("the journal is deleted")
            self._stage.clear_journal(chance.choice(self._stage.databases[: self._layout.clones]))

    def _happen(self, event: Callable[[], None]) -> None:
        self.trace.step += 1
        event()
        self.laws.check_effects(None, None, self._world.account.look())

    def _between(self, process: Knowledge, call: Call) -> None:
        """What happens in the world right before a request."""
        chance, weather = self._chance, self._world.weather
        if chance.random() < weather.people:
            self._happen(self._people.act)
        if chance.random() < weather.market:
            self._happen(self._people.move_market)
        if self._program.depth > 1 or process.run is None or call.is_write:
            return
        if chance.random() < weather.nap:
            self.trace.tell(f"{process.name} sleeps for {NAP_S:.0f} s")
            self.trace.count("a process sleeps through its lock")
            self._happen(lambda: self._stage.clock.sleep(NAP_S))
            self._second(process)
        elif chance.random() < weather.second:
            self._second(process)

    def _second(self, process: Knowledge) -> None:
        """Somebody else runs the program in the midst of a run."""
        if self._journals is Journals.NONE:
            return
        seat = self._chance.choice(self._seats)
        is_elsewhere = str(seat) != process.seat
        self.trace.count(f"a second process{' in another clone or at another target' if is_elsewhere else ''}")
        self._program.work(seat)

    def _work(self) -> None:
        self._program.work(self._chance.choice(self._seats))

    # The end

    @contextmanager
    def _calm(self) -> Iterator[None]:
        before = self._world.weather
        self._world.weather = CALM
        yield
        self._world.weather = before

    def _check_stops(self) -> None:
        """No position is without a stop that its file asks for, unless the next plan says so."""
        lives = (live for alike in self._world.account.live().values() for live in alike)
        bare = [live for live in lives if is_unprotected(live) or (is_position(live) and live.stop is None)]
        for seat in self._list_targets():
            if any(live.account_id in seat.account_ids for live in bare):
                self._ask_plan(seat)

    def _ask_plan(self, seat: Seat) -> None:
        longest_s = self._world.weather.longest_s
        with self._calm():
            # What lists do not show yet no plan can tell.
            self._happen(lambda: self._stage.clock.sleep(longest_s))
            self._world.outage_until_s = 0.0
            process = self._program.start(seat)
            saved = self._program.plan(process)
            self._program.end(process)
            self.trace.count("a plan is asked for an unprotected position")
            self.laws.check_reported(saved.plan, saved.specs, seat.account_ids)

    def _check_hidden(self) -> None:
        """While lists show nothing, what the journal knows to be open is reported as lost."""
        world = self._world
        if not world.weather.outage or self._chance.random() < 0.5:
            return
        with self._calm():
            for seat in self._list_targets():
                process = self._program.start(seat)
                if world.knows_all(process.knowledge):
                    world.outage_until_s = math.inf
                    check_hidden(world, process)
                    world.outage_until_s = 0.0
                self._program.end(process)

    def _converge(self) -> None:
        """Nothing goes wrong any more: the program is run until there is nothing left to do."""
        self._world.outage_until_s = 0.0
        self._world.weather = CALM
        self.trace.tell("calm")
        with self._stage.sandbox.transaction() as world:
            world.events.remove_events()
        # By then all has arrived that a gateway held back, and the lock of a dead process elsewhere has expired.
        self._happen(lambda: self._stage.clock.sleep(GATEWAY_DELAY_S + 1))
        for seat in self._choose_last():
            come_to_rest(self._program, self._world, seat, self._switches)

    def _choose_last(self) -> list[Seat]:
        """Where the program is run at the end: once for each account, and now and then everywhere."""
        if self._chance.random() < 0.2:
            return list(self._seats)
        alike = [[seat for seat in self._seats if seat.account_ids == {number}] for number in self._files]
        return [self._chance.choice(each) for each in alike]

    def _list_targets(self) -> list[Seat]:
        """One seat for each target."""
        return [seat for seat in self._seats if seat.clone == 1]


def play(seed: int, stage: Stage, removal: Removal = NOTHING_REMOVED) -> Trace:
    """Play one history.

    Raises:
        Violation: A law was broken, or the program failed; the text tells all that happened.
    """
    history = History(seed, stage, removal)
    try:
        return history.play()
    except Violation as broken:
        raise Violation(history.trace.report(str(broken))) from None
    except Exception as error:
        raise Violation(history.trace.report(f"the program failed: {error!r}")) from error
