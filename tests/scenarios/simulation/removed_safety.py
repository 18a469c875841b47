"""A safety that is taken away from the product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.journal.protocol import Journal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.guardrails import Guardrail
from reconciler.workflows.refusals import Holds
from tests.scenarios.simulation.clones import Layout
from tests.scenarios.simulation.fault_rates import GATEWAY_DELAY_S, SETTLE_S, FaultRates, Journals
from tests.scenarios.simulation.faulty_wire import Alter, World
from tests.scenarios.simulation.random_limits import Limits
from tests.scenarios.simulation.random_plan_files import EDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedSafety:
    """A safety that is taken away, by putting something else in its place where the product takes it from.

    Attributes:
        settle_s: The settle time of the target.
        gateway_delay_s: The longest time that a gateway holds a request back, as the target states it.
        make_alter: Makes for each process what changes its answers.
        wrap_api: Puts something between the product and its requests.
        wrap_journal: Puts something between the product and its journal.
        locks_account: Whether runs lock the account, or only the target as one clone calls it.
        journal: Which journal all histories have, or None for any.
        layout: The clones and targets of all histories, or None for any.
        switches: Settings of the sandbox.
        rates: The rates of all histories, or None for any.
        edits: The edits of files to choose from.
        limits: The guardrails of all histories, or None for any.
        wrap_limits: Puts something in the place of the guardrails before plans are compared with them.
        freezes: Share of the histories in which a person sets freezes, or None for the usual one.
        wrap_breaches: Puts something in the place of the passed limits that a run gets.
        wrap_holds: Puts something in the place of what holds a part of a plan back, or refuses the whole.
    """

    settle_s: int = SETTLE_S
    gateway_delay_s: int = GATEWAY_DELAY_S
    make_alter: Callable[[World], Alter] | None = None
    wrap_api: Callable[[SmartTradeApi], SmartTradeApi] = lambda api: api
    wrap_journal: Callable[[Journal], Journal] = lambda journal: journal
    locks_account: bool = True
    journal: Journals | None = None
    layout: Layout | None = None
    switches: tuple[tuple[str, str], ...] = ()
    rates: FaultRates | None = None
    edits: tuple[str, ...] = EDITS
    limits: Limits | None = None
    wrap_limits: Callable[[Limits], Limits] = lambda limits: limits
    freezes: float | None = None
    wrap_breaches: Callable[[Sequence[Guardrail]], Sequence[Guardrail]] = lambda breaches: breaches
    wrap_holds: Callable[[Holds], Holds] = lambda holds: holds


NOTHING_REMOVED = RemovedSafety()
