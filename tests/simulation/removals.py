"""Safeties taken away, each by another value in the place where the product takes it from; its own code stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import requests

from reconciler.live.echo import update_body
from reconciler.live.endpoints import Entity, SmartTradeApi
from reconciler.live.trades import read_trade
from reconciler.model.journal import NO_JOURNAL, Journal, NoJournal
from tests.simulation.known import Knowledge
from tests.simulation.removal import Removal
from tests.simulation.requests_seen import Call, Kind
from tests.simulation.weather import Journals, Weather


def _forget_history() -> Callable[[Knowledge, Call, requests.Response], requests.Response]:
    """While a plan is carried out the history is empty: whatever was opened since it was made is not found."""

    def alter(process: Knowledge, call: Call, response: requests.Response) -> requests.Response:
        is_history = call.kind is Kind.LIST and "status=all" in call.path
        if process.run is not None and is_history and response.status_code == 200:
            response._content = b"[]"
        return response

    return alter


def _remember(*groups: str) -> Callable[[], Callable[[Knowledge, Call, requests.Response], requests.Response]]:
    """Until it writes to a trade a run sees of it what its plan has seen.

    Args:
        groups: Which parts of the trade; none for all of it.
    """

    def make() -> Callable[[Knowledge, Call, requests.Response], requests.Response]:
        planned: dict[int, dict[str, Any]] = {}
        written: set[int] = set()

        def alter(process: Knowledge, call: Call, response: requests.Response) -> requests.Response:
            if process.run is None and call.kind is Kind.LIST and "status=active" in call.path:
                planned.update((entity["id"], entity) for entity in _read(response))
            if call.is_write and call.live_id:
                written.add(call.live_id)
            if process.run is not None and call.kind is Kind.READ and call.live_id not in written:
                old = planned.get(call.live_id or 0)
                for entity in _read(response) if old else []:
                    kept = old if not groups else entity | {group: (old or {})[group] for group in groups}
                    response._content = json.dumps(kept).encode()
            return response

        return alter

    return make


def _read(response: requests.Response) -> list[dict[str, Any]]:
    """The entities of an answer, none where it is an error."""
    if response.status_code != 200:
        return []
    try:
        shown = json.loads(response.content)
    except ValueError:
        return []
    return shown if isinstance(shown, list) else [shown]


class _BlindJournal(NoJournal):
    """A shared journal that keeps the lock and writes nothing down before it is sent."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.begin_run = journal.begin_run  # type: ignore[method-assign] # the lock stays
        self.end_run = journal.end_run  # type: ignore[method-assign]
        self.check_lock = journal.check_lock  # type: ignore[method-assign]
        self.find_unresolved = journal.find_unresolved  # type: ignore[method-assign]

    @property
    def knows_last_run(self) -> bool:  # type: ignore[override]
        """As the journal says, which knows nothing."""
        return self._journal.knows_last_run


class _UnannouncedApi(SmartTradeApi):
    """Notes that say that a change is under way are not sent; the answer is as if they were."""

    def set_note(self, smart_trade_id: int, note: str) -> Entity:
        """Answer without sending."""
        if ">" not in note:
            return super().set_note(smart_trade_id, note)
        return self.get(smart_trade_id) | {"note": note, "note_raw": note}


class _TerseApi(SmartTradeApi):
    """Updates name only the groups that change."""

    def update(self, smart_trade_id: int, body: Mapping[str, object]) -> Entity:
        """Leave out what is as it was."""
        entity = self.get(smart_trade_id)
        echo = update_body(entity, read_trade(entity).terms, ())
        changed = {group: value for group, value in body.items() if group == "position" or value != echo.get(group)}
        return super().update(smart_trade_id, changed)


REMOVALS: Mapping[str, Removal] = {
    "the second proof of absence before a create": Removal(make_alter=_forget_history),
    "the intent before a request leaves": Removal(
        wrap_journal=_BlindJournal, journal=Journals.SHARED, weather=Weather(crash=0.06, lag=1.0)
    ),
    "the reading right before a write": Removal(make_alter=_remember()),
    "the note that a change is under way": Removal(wrap_api=lambda api: _UnannouncedApi(api.session)),
    "the time to settle, while lists lag": Removal(settle_s=0, weather=Weather(crash=0.06, lag=1.0)),
    "the echo in updates": Removal(
        wrap_api=lambda api: _TerseApi(api.session), switches=(("missing_groups", "disabled"),)
    ),
    "the look whether another step remains": Removal(
        make_alter=_remember("take_profit"),
        weather=Weather(market=0.15, people=0.1),
        edits=("drop step", "drop step", "drop step", "generation"),
    ),
    "the lock": Removal(wrap_journal=lambda journal: NO_JOURNAL, journal=Journals.FILE, weather=Weather(second=0.1)),
}
