"""Live trades and what files say of them: the markers to write, and the edits to take over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.clock import Clock
from reconciler.codec.digests import entry_digest
from reconciler.diffing.compare import compare
from reconciler.errors import UnreadableAnswer, UsageError, WorkspaceError
from reconciler.importing.choices import Choice, Refusal, Surroundings, choose
from reconciler.importing.statement import Statement, state, state_terms
from reconciler.live.accounts import read_rates
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.history import read_active
from reconciler.matching.sighting import index_active, owned_marker
from reconciler.model.live import Account, LiveTrade, Phase, Rates
from reconciler.model.operations import Operation
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from reconciler.planning.adoption import adopt
from reconciler.planning.plan_trades import count_requests
from reconciler.settings import Settings
from reconciler.workflows.file_edits import judge
from reconciler.workflows.plan_files import PlanFiles
from reconciler.workflows.planning import check_accounts, describe_context

# What a file says of a live trade, and the trade.
Adoption = tuple[TradeSpec, LiveTrade]


def find_edited(
    settings: Settings, api: SmartTradeApi, workspace: PlanFiles, name: str
) -> tuple[Choice, Statement, Mapping[int, Account]]:
    """A trade of the files, and what they would state if they said what is live.

    Raises:
        UsageError: No file names it.
        WorkspaceError: It is not live, or cannot be stated.
    """
    spec = next((spec for spec in workspace.specs if spec.name == name), None)
    if spec is None:
        moved = workspace.renames.get(name)
        raise UsageError(f"no trade is named {name}{f'; it was moved to {moved}' if moved else ''}")
    accounts = check_accounts(settings, api, {spec.terms.account_id})
    index = index_active(read_active(api).trades, settings.workspaces, renames=workspace.renames)
    lives = index.by_name.get(name, ())
    if len(lives) != 1:
        reason = "is not live" if not lives else "is live more than once"
        raise WorkspaceError(f"{name} {reason}, so there is nothing to take over; `reconciler plan` says more")
    around = Surroundings(
        specs={spec.name: spec},
        index=index,
        workspaces=settings.workspaces,
        foreign=settings.foreign,
        renames=workspace.renames,
    )
    found = choose(lives, around)
    if found.refused:
        raise WorkspaceError(f"{name} #{lives[0].id}: {found.refused[0].reason}")
    choice = found.chosen[0]
    restated = _restate(choice.live, spec, read_pair_rates(api, accounts, choice.live))
    statement = replace(restated, averaging=spec.averaging)
    judged = judge(settings, replace(choice, live=_as_stated(choice.live, statement)))
    if isinstance(judged, Refusal):
        raise WorkspaceError(f"{name} #{choice.live.id}: {judged.reason}")
    return choice, statement, accounts


def plan_adoption(
    settings: Settings, api: SmartTradeApi, clock: Clock, accounts: Mapping[int, Account], pairs: Sequence[Adoption]
) -> tuple[Plan, tuple[Refusal, ...]]:
    """The markers to write, as a plan, and the trades whose note has no room for one."""
    operations: list[Operation] = []
    refused: list[Refusal] = []
    read: dict[tuple[int, str], Rates] = {}
    for spec, live in pairs:
        rates = None
        if compare(live, spec.terms).all:
            key = (live.terms.account_id, live.terms.pair)
            rates = read[key] = read.get(key) or read_pair_rates(api, accounts, live)
        try:
            listed = len(read_averaging_orders(api, live)) if spec.averaging else 0
            operation = adopt(settings.workspace, spec, live, rates, averaging_listed=listed)
        except (ValueError, UnreadableAnswer) as error:
            refused.append(Refusal(live_id=live.id, reason=str(error)))
            continue
        if operation is not None:
            operations.append(operation)
    needed = 1 + count_requests(operations) if operations else 0
    plan = Plan(
        context=describe_context(settings, clock.now()),
        operations=tuple(operations),
        blocked=(),
        notices=(),
        findings=(),
        prices={},
        unchanged=len(pairs) - len(operations) - len(refused),
        requests_used=api.session.budget.sent,
        requests_needed=needed,
        seconds_needed=api.session.budget.time_needed_s(needed),
        is_whole=False,
    )
    return plan, tuple(refused)


def read_pair_rates(api: SmartTradeApi, accounts: Mapping[int, Account], live: LiveTrade) -> Rates:
    """Prices and limits of a trade's pair."""
    return read_rates(api.currency_rates(accounts[live.terms.account_id].market_code, live.terms.pair))


def _restate(live: LiveTrade, spec: TradeSpec, rates: Rates) -> Statement:
    """What the file would state: its own values where they still hold, the live ones elsewhere."""
    terms = compare(live, spec.terms, rates).live
    marker = owned_marker(live).entry
    if live.phase is Phase.OPEN and entry_digest(spec.terms) not in (marker.applied, marker.pending):
        terms = replace(terms, entry=live.terms.entry)
    statement = state_terms(live, terms, live.reading.text)
    again = compare(live, statement.terms, rates)
    if not again.all:
        return statement
    # What only the file's own values made look alike is taken as it is live.
    shown = state(live).terms
    terms = replace(statement.terms, steps=shown.steps, stop_loss=shown.stop_loss, leverage=shown.leverage)
    return state_terms(live, terms, live.reading.text)


def _as_stated(live: LiveTrade, statement: Statement) -> LiveTrade:
    """The trade as if it were live just as stated, for the rules to look at."""
    gone = tuple(step for step in live.steps if not step.is_cancelled)
    return replace(live, terms=statement.terms, steps=gone)


def is_adopted(settings: Settings, spec: TradeSpec, live: LiveTrade) -> bool:
    """Whether the note of a live trade says already that it is just what a file says."""
    try:
        return adopt(settings.workspace, spec, live) is None
    except ValueError:
        return False
