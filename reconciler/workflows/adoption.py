"""Live trades and their files: the markers to write, and the live edits to take over."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.codec.digests import entry_digest
from reconciler.diffing.compare import compare
from reconciler.errors import UnreadableAnswer, UsageError, WorkspaceError
from reconciler.importing.choices import Choice, Refusal, Surroundings, choose
from reconciler.importing.statement import Statement, make_statement, make_statement_of
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.history import read_active
from reconciler.live.rates import PairRates
from reconciler.matching.sighting import index_active, owned_marker
from reconciler.model.live import Account, LiveTrade, Phase, Rates
from reconciler.model.operations import Operation
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from reconciler.planning.adoption import adopt
from reconciler.planning.requests import Readings, count_requests
from reconciler.session import Session
from reconciler.settings import Settings
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.file_edits import state_trade
from reconciler.workflows.plan_context import describe_context
from reconciler.workflows.plan_files import PlanFiles

# A live trade, and its description in a file.
Adoption = tuple[TradeSpec, LiveTrade]


def find_edited(session: Session, files: PlanFiles, name: str) -> tuple[Choice, Statement, Mapping[int, Account]]:
    """Find a trade of the files, and what they would state if they described it as it is live.

    Raises:
        UsageError: No file names it.
        WorkspaceError: It is not live, or cannot be stated.
    """
    settings, api = session.settings, session.api
    spec = next((spec for spec in files.specs if spec.name == name), None)
    if spec is None:
        moved = files.renames.get(name)
        raise UsageError(f"no trade is named {name}{f'; it was moved to {moved}' if moved else ''}")
    accounts = check_accounts(session, {spec.terms.account_id})
    index = index_active(read_active(api).trades, settings.workspaces, renames=files.renames)
    lives = index.by_name.get(name, ())
    if len(lives) != 1:
        reason = "is not live" if not lives else "is live more than once"
        raise WorkspaceError(f"{name} {reason}, so there is nothing to take over; `reconciler plan` says more")
    around = Surroundings(
        specs={spec.name: spec},
        index=index,
        workspaces=settings.workspaces,
        foreign=settings.foreign,
        renames=files.renames,
    )
    found = choose(lives, around)
    if found.refused:
        raise WorkspaceError(f"{name} #{lives[0].id}: {found.refused[0].reason}")
    choice = found.chosen[0]
    if choice.live.terms.account_id not in accounts:
        # The file may name another account than that on which the trade lives, and reading ends with that.
        accounts = {**accounts, **check_accounts(session, {choice.live.terms.account_id})}
    restated = _restate(choice.live, spec, _find_rates(session, accounts, choice.live))
    statement = replace(restated, averaging=spec.averaging)
    stated = state_trade(settings, replace(choice, live=_as_stated(choice.live, statement)))
    if isinstance(stated, Refusal):
        raise WorkspaceError(f"{name} #{choice.live.id}: {stated.reason}")
    return choice, statement, accounts


def plan_markers(
    session: Session, accounts: Mapping[int, Account], pairs: Sequence[Adoption]
) -> tuple[Plan, tuple[Refusal, ...]]:
    """Plan the markers to write.

    Args:
        session: The workspace, and where to read.
        accounts: The accounts of the key.
        pairs: Live trades and their descriptions in files.

    Returns:
        The plan, and the trades whose note has no room for a marker.
    """
    settings, api = session.settings, session.api
    operations: list[Operation] = []
    refused: list[Refusal] = []
    read = PairRates(api, session.clock, accounts, math.inf)
    for spec, live in pairs:
        rates = None
        if compare(live, spec.terms).all:
            rates = read.find(live.terms.account_id, live.terms.pair)
        try:
            listed = len(read_averaging_orders(api, live)) if spec.averaging else 0
            operation = adopt(settings.workspace, spec, live, rates, averaging_listed=listed)
        except (ValueError, UnreadableAnswer) as error:
            refused.append(Refusal(live_id=live.id, reason=str(error)))
            continue
        if operation is not None:
            operations.append(operation)
    needed = count_requests(operations, Readings(is_checked=False))
    plan = Plan(
        context=describe_context(settings, session.clock.now()),
        operations=tuple(operations),
        blocked=(),
        notices=(),
        prices={},
        unchanged=len(pairs) - len(operations) - len(refused),
        requests_used=api.session.budget.sent,
        requests_needed=needed,
        seconds_needed=api.session.budget.time_needed_s(needed),
        is_whole=False,
    )
    return plan, tuple(refused)


def _find_rates(session: Session, accounts: Mapping[int, Account], live: LiveTrade) -> Rates | None:
    """Read prices and limits of a trade's pair; None if the exchange does not name them."""
    return PairRates(session.api, session.clock, accounts).find(live.terms.account_id, live.terms.pair)


def _restate(live: LiveTrade, spec: TradeSpec, rates: Rates | None) -> Statement:
    """State a live trade with the values of its file if they still hold, and with the live ones otherwise."""
    terms = compare(live, spec.terms, rates).live
    marker = owned_marker(live).entry
    if live.phase is Phase.OPEN and entry_digest(spec.terms) not in (marker.applied, marker.pending):
        terms = replace(terms, entry=live.terms.entry)
    statement = make_statement_of(live, terms, live.reading.text)
    again = compare(live, statement.terms, rates)
    if not again.all:
        return statement
    # If only the values of the file made both seem equal, the live ones count.
    shown = make_statement(live).terms
    terms = replace(statement.terms, steps=shown.steps, stop_loss=shown.stop_loss, leverage=shown.leverage)
    return make_statement_of(live, terms, live.reading.text)


def _as_stated(live: LiveTrade, statement: Statement) -> LiveTrade:
    """Return the trade as if it were live as stated, for the rules to check."""
    gone = tuple(step for step in live.steps if not step.is_cancelled)
    return replace(live, terms=statement.terms, steps=gone)


def is_adopted(settings: Settings, spec: TradeSpec, live: LiveTrade) -> bool:
    """Return whether the note of a live trade says already that it is exactly as its file describes it."""
    try:
        return adopt(settings.workspace, spec, live) is None
    except ValueError:
        return False
