"""The end of a history: nothing goes wrong any more, and the program must come to rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.errors import ReconcilerError
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.rendering.outcome_text import describe_outcome
from tests.scenarios.simulation.block_reasons import check_blocked
from tests.scenarios.simulation.clones import Clone
from tests.scenarios.simulation.faulty_wire import World
from tests.scenarios.simulation.program import Process, Program, Saved

# How often apply may be run again, once nothing goes wrong any more, until there is nothing left to do.
PATIENCE = 6
DONE = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)


def come_to_rest(program: Program, world: World, clone: Clone, switches: Mapping[str, str]) -> None:
    """Run the program from one clone until there is nothing left to do.

    Args:
        program: What is run.
        world: Where all is calm.
        clone: Where it is run from.
        switches: Settings of the sandbox.

    Raises:
        Violation: It does not come to rest, or fails.
    """
    done: set[str] = set()
    for _ in range(PATIENCE):
        process = program.start(clone)
        try:
            saved = program.plan(process)
            again = done & {operation.trade for operation in saved.plan.operations}
            if again:
                world.trace.break_law(f"what was told as done is planned again: {sorted(again)}")
            world.laws.check_reported(saved.plan, saved.specs, clone.account_ids)
            if not saved.plan.operations:
                _finish(program, process, saved, world)
                return
            outcomes = program.apply(process, saved, is_saved=False)
        except ReconcilerError as error:
            world.trace.break_law(f"{type(error).__name__} though all is calm: {error.message}")
        finally:
            program.end(process)
        bad = {outcome.operation.trade for outcome in outcomes if outcome.kind not in DONE}
        done = {outcome.operation.trade for outcome in outcomes} - bad
        if _are_final(outcomes, world, switches):
            world.trace.count("converged with something that the API or the journal leaves to a person")
            return
    world.trace.break_law(f"there is still something to do after {PATIENCE} runs")


def _are_final(outcomes: Sequence[Outcome], world: World, switches: Mapping[str, str]) -> bool:
    return bool(outcomes) and all(_is_final(outcome, world, switches) for outcome in outcomes)


def _is_final(outcome: Outcome, world: World, switches: Mapping[str, str]) -> bool:
    """Whether an operation cannot succeed by being sent again, and says so for a reason that exists."""
    if outcome.kind is OutcomeKind.INDETERMINATE:
        return any(kind == "a person cuts a note" for kind, _ in world.trace.facts)
    if outcome.kind is OutcomeKind.FAILED and "breakeven needs at least 2" in describe_outcome(outcome):
        # A stop that is live with fewer steps than a new one needs is moved all the same, if the API takes it.
        return True
    is_refusing = switches.get("finished_steps") == "refused"
    is_failed = outcome.kind is OutcomeKind.FAILED and is_refusing
    return is_failed and "finished steps cannot be changed" in describe_outcome(outcome)


def _finish(program: Program, process: Process, saved: Saved, world: World) -> None:
    program.apply(process, saved, is_saved=False)
    for blocked in saved.plan.blocked:
        check_blocked(blocked, world.trace)
    world.trace.count("converged with something blocked" if saved.plan.blocked else "converged")
