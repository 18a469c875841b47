"""The search for the live trade that the user means."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from reconciler.codec.live_trades import read_trade
from reconciler.errors import CommandRefused, NotFound, ReconcilerError
from reconciler.matching.misfit import find_misfit
from reconciler.matching.sighting import Index, owned_marker
from reconciler.model.commands import Selector
from reconciler.model.live import LiveTrade
from reconciler.rendering.reasons import describe
from reconciler.workflows.file_edits import read_files
from reconciler.workflows.live_reader import find_newest
from reconciler.workflows.trade_session import TradeSession


def find_trade(trades: TradeSession, selector: Selector) -> LiveTrade:
    """Find the live trade of a name in this workspace, active ones first, or of an id.

    The name in the note counts. If no note has it, `moved` in the plan files gives other names of the trade, earlier
    and later ones. Otherwise the files are not read, so in an emergency they may contain errors.

    Raises:
        CommandRefused: There is none, or more than one that it may be.
        ApiError: It cannot be read.
    """
    if selector.live_id is not None:
        return _read_by_id(trades, selector.live_id)
    name = selector.name or ""
    index, _ = trades.reader.read_present({name})
    names = {name}
    if name not in index.by_name:
        names |= _find_other_names(trades, name)
    lives = [live for each in sorted(names) for live in index.by_name.get(each, ())]
    if len(lives) > 1:
        ids = " and ".join(f"#{live.id}" for live in lives)
        raise CommandRefused(f"{ids} are both `{name}` of this workspace; say which one with --id")
    doubtful = (each for each in index.illegible if not each.is_unmarked)
    doubt = next((each for each in doubtful if each.name in names or (not lives and each.name is None)), None)
    if doubt is not None:
        where = f"#{doubt.live_id}" if doubt.live_id else "a live trade"
        raise CommandRefused(f"{where} may be `{name}` too: {describe(doubt.reason)}; say which one with --id")
    if lives:
        if name not in index.by_name:
            trades.session.report(
                f"`moved` says that {name} is the trade that its note calls {owned_marker(lives[0]).name}."
            )
        misfit = find_misfits(trades, lives).get(lives[0].id)
        if misfit is not None:
            raise CommandRefused(f"{misfit}; say which one with --id")
        return lives[0]
    if index.outside.get(name):
        return index.outside[name][0]
    ended = find_newest(trades.session, {name}, dict.fromkeys(names - {name}, name)).get(name)
    if ended is None:
        raise CommandRefused(_describe_missing(name, trades.session.settings.workspace, index))
    return ended


def _find_other_names(trades: TradeSession, name: str) -> set[str]:
    """Find the names that `moved` says a trade has had or will have; none if the plan files cannot be read."""
    try:
        specs = read_files(trades.session.settings).specs
    except ReconcilerError as error:
        trades.session.report(f"`moved` is ignored because the plan files have errors: {error.message}")
        return set()
    return next(({spec.name, *spec.former_names} for spec in specs if name in (spec.name, *spec.former_names)), set())


def find_misfits(trades: TradeSession, lives: Sequence[LiveTrade]) -> dict[int, str]:
    """Find trades that carry the marker of another one, by what the journal knows: SmartTrade id to how they differ."""
    if trades.session.settings.target.is_sandbox:
        return {}
    reader = trades.reader
    applied = trades.session.journal.find_applied({owned_marker(live).name for live in lives})
    found = {
        live.id: find_misfit(live, None, applied.get(owned_marker(live).name), reader.read_known, reader.read_sent)
        for live in lives
    }
    return {live_id: describe(misfit) for live_id, misfit in found.items() if misfit is not None}


def _read_by_id(trades: TradeSession, live_id: int) -> LiveTrade:
    try:
        return read_trade(trades.session.api.get(live_id))
    except NotFound as error:
        target = trades.session.settings.target
        raise CommandRefused(
            f"#{live_id} does not exist for this key in mode {target.mode} (target {target.name})"
        ) from error


def _describe_missing(name: str, workspace: str, index: Index) -> str:
    near = difflib.get_close_matches(name, index.by_name, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else "; `reconciler status` lists them, --id takes any other trade"
    return f"no live trade of workspace {workspace} is named `{name}`, active or ended{hint}"
