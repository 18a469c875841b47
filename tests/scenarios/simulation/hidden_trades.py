"""Lists that show nothing of what is there: what the program then says of a trade that its journal knows to be open."""

from __future__ import annotations

from reconciler.model.drift import FindingKind
from reconciler.model.specs import DesiredState
from reconciler.session import Session
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.survey import Surveyor
from tests.scenarios.simulation.faulty_wire import World
from tests.scenarios.simulation.program import Process


def check_hidden(world: World, process: Process) -> None:
    """Ask `drift` and `status`, while every list is empty.

    Raises:
        Violation: One of them is silent about a trade that is open and known.
    """
    specs = tuple(process.clone.files.specs)
    wanted = [(spec.name, spec.generation) for spec in specs if spec.state is DesiredState.OPEN]
    hidden = world.laws.edges.find_hidden(process.knowledge, wanted)
    if not hidden:
        return
    world.trace.count("a trade that lists hide is asked for")
    selection = select_all(PlanFiles(specs=specs))
    surveyor = Surveyor(
        Session(settings=process.clone.settings, api=process.api, clock=world.shared.clock, journal=process.journal)
    )
    lost = {each.trade for each in surveyor.find_drift(selection).of(FindingKind.LOSS)}
    shown = {each.trade for each in surveyor.find_status(selection).trades if each.live_id is not None}
    # One may have ended while it was asked for.
    still = world.laws.edges.find_hidden(process.knowledge, wanted)
    for identity in [each for each in hidden if each in still]:
        if identity.name not in lost:
            world.trace.break_law(f"lists hide {identity}, the journal knows it, and drift says nothing of it")
        if identity.name not in shown:
            world.trace.break_law(f"lists hide {identity}, the journal knows it, and status shows no trade")
