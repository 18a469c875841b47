"""What people and the market do between any two requests of ours."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reconciler.codec.body import read_terms, write_body
from reconciler.codec.live_trades import read_trade
from reconciler.desired.canonical import expand_trade
from reconciler.errors import ReconcilerError
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.update_body import update_body
from reconciler.model.live import LiveTrade
from reconciler.model.terms import Level, OrderType, PriceType, StopLoss, Terms
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.errors import SandboxError
from reconciler.sandbox.values.statuses import TERMINAL_STATUSES
from tests.scenarios.simulation.edge_laws import Twin
from tests.scenarios.simulation.laws import Laws
from tests.scenarios.simulation.random_plan_files import PAIRS, Body, PlanFiles, draw_price, make_body
from tests.scenarios.simulation.sandbox_state import SandboxState, list_levels, read_identity
from tests.scenarios.simulation.trace import Trace

ALIEN = "[reconciler:1 other/{name}#1 0123abcd 4567abcd]"


class OutsideEvents:
    """A person who trades on the same account by hand, and the exchange behind it.

    Args:
        chance: Decides everything.
        sandbox: The exchange.
        api: The person's own way to it, on which nothing goes wrong.
        account: The sandbox's state.
        laws: Told which trades were edited.
        trace: Told what happens.
        files: SandboxState to what the person may trade by hand there, too.
    """

    def __init__(
        self,
        chance: random.Random,
        sandbox: Sandbox,
        api: SmartTradeApi,
        account: SandboxState,
        laws: Laws,
        trace: Trace,
        files: Mapping[int, PlanFiles],
    ) -> None:
        self._chance = chance
        self._sandbox = sandbox
        self._api = api
        self._account = account
        self._laws = laws
        self._trace = trace
        self._files = files

    def act(self) -> None:
        """Do one thing, if it can be done."""
        acts: list[Callable[[], None]] = [
            *(self._edit_stop, self._edit_stop, self._edit_step, self._edit_entry, self._cancel, self._close),
            *(self._lengthen_note, self._cut_note, self._empty_note, self._cancel_step, self._cancel_step),
            *(self._open_by_hand, self._change_mode, self._paste_marker, self._paste_marker),
        ]
        self._try(self._chance.choice(acts))

    def act_on(self, names: Sequence[str]) -> None:
        """Do something with one of the trades that a saved plan is about: open it by hand, or have at what is live.

        Args:
            names: Of the trades.
        """
        name = self._chance.choice(sorted(names))
        lives = [live for alike in self._account.live().values() for live in alike]
        same = [live.id for live in lives if (identity := read_identity(live)) and identity.name == name]
        self._trace.count("a person acts on a trade of a saved plan")
        if not same or self._chance.random() < 0.3:
            self._try(lambda: self._open_like(name))
            return
        live = read_trade(self._api.get(self._chance.choice(same)))
        acts: list[Callable[[], None]] = [
            lambda: self._set_note(live, "mine now", "a person empties a note"),
            lambda: self._set_note(live, f"{live.note} by hand"[:300], "a person edits a note"),
            lambda: self._end(live, self._api.cancel, "a person cancels"),
            lambda: self._end(live, self._api.close_by_market, "a person closes"),
        ]
        self._try(self._chance.choice(acts))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ReconcilerError as error:
            self._trace.tell(f"a person is refused: {error.message}")

    def move_market(self) -> None:
        """One tick of one pair; now and then a resting entry fills in part."""
        pair, price = self._draw_tick()
        self._trace.tell(f"market: {pair} {price}")
        moved = self._sandbox.set_price(pair, price)["moved"]
        self._trace.count("a price moves a trade" if moved else "a price moves nothing")

    def _draw_tick(self) -> tuple[str, Decimal]:
        """Often just beyond a level that some trade waits for, else anything."""
        levels = [(each.pair, level) for each in self._account.trades.values() for level in list_levels(each)]
        if levels and self._chance.random() < 0.6:
            pair, level = self._chance.choice(levels)
            return pair, round(level * Decimal(self._chance.choice(["0.999", "1.001"])), 2)
        pair = self._chance.choice(sorted(PAIRS))
        return pair, Decimal(str(draw_price(self._chance, pair, 0.95, 1.05)))

    def schedule_event(self) -> None:
        """Something that the exchange will do to an order."""
        kind, value = self._chance.choice(
            [("refuse", "kyc"), ("fill_on_cancel", "40"), ("fill_on_cancel", "100"), ("kill_stop", "failed")]
        )
        self._trace.tell(f"exchange: {kind} {value} is scheduled")
        self._trace.count(f"exchange: {kind}")
        self._sandbox.schedule(kind, value=value)

    def fill_partly(self) -> None:
        """A waiting entry fills in part."""
        waiting = [each for each in self._account.trades.values() if each.status.value == "waiting_position"]
        if waiting:
            trade = self._chance.choice(waiting)
            try:
                self._sandbox.fill(trade.id, Decimal("0.003"))
            except SandboxError:
                return
            self._happen("a partial fill", trade.id)

    def _pick(self) -> LiveTrade | None:
        alive = [each.id for each in self._account.trades.values() if each.status not in TERMINAL_STATUSES]
        return read_trade(self._api.get(self._chance.choice(alive))) if alive else None

    def _happen(self, kind: str, live_id: int, *, is_edit: bool = False) -> None:
        trade = self._account.trades.get(live_id)
        identity = read_identity(trade) if trade else None
        self._trace.tell(f"person: {kind} #{live_id} ({identity or 'not ours'})")
        self._trace.count(kind, identity.name if identity else "")
        if is_edit:
            self._laws.edits[live_id].append(self._trace.step)

    def _patch(self, live: LiveTrade, group: str, **terms: Any) -> None:
        after = replace(live.terms, **terms)
        self._api.update(live.id, update_body(live.entity, after, {group}))
        self._happen(f"a person edits {group}", live.id, is_edit=True)

    def _edit_stop(self) -> None:
        live = self._pick()
        if live is None or live.terms.instant:
            return
        if live.terms.stop_loss is not None and self._chance.random() < 0.2:
            self._patch(live, "stop_loss", stop_loss=None)
            return
        share = self._chance.uniform(0.8, 0.88) if live.terms.entry.side == "buy" else self._chance.uniform(1.12, 1.2)
        level = Level(price_type=PriceType.LAST, value=self._draw_level(live, share), percent=None)
        plain = StopLoss(
            order_type=OrderType.MARKET,
            trigger=level,
            limit_price=None,
            trailing_pct=None,
            timeout_s=None,
            breakeven=False,
        )
        old = live.terms.stop_loss
        new = plain if old is None else replace(old, trigger=level)
        self._patch(live, "stop_loss", stop_loss=new)

    def _draw_level(self, live: LiveTrade, share: float) -> Decimal:
        return Decimal(str(draw_price(self._chance, live.terms.pair, share, share)))

    def _edit_step(self) -> None:
        live = self._pick()
        if live is None or not live.terms.steps:
            return
        first, *rest = live.terms.steps
        share = self._chance.uniform(1.12, 1.2) if live.terms.entry.side == "buy" else self._chance.uniform(0.8, 0.88)
        level = replace(first.level, value=self._draw_level(live, share), percent=None)
        self._patch(live, "take_profit", steps=(replace(first, level=level), *rest))

    def _edit_entry(self) -> None:
        live = self._pick()
        if live is None or live.terms.entry.price is None or live.status != "waiting_position":
            return
        price = Decimal(str(draw_price(self._chance, live.terms.pair, 0.9, 1.1)))
        self._patch(live, "position.price.value", entry=replace(live.terms.entry, price=price))

    def _cancel(self) -> None:
        live = self._pick()
        if live is not None:
            self._end(live, self._api.cancel, "a person cancels")

    def _close(self) -> None:
        live = self._pick()
        if live is not None:
            self._end(live, self._api.close_by_market, "a person closes")

    def _end(self, live: LiveTrade, act: Callable[[int], object], kind: str) -> None:
        act(live.id)
        self._happen(kind, live.id)

    def _lengthen_note(self) -> None:
        live = self._pick()
        if live is not None:
            self._set_note(live, f"{live.note} by hand"[:300], "a person edits a note")

    def _cut_note(self) -> None:
        live = self._pick()
        if live is not None and len(live.note) > 20:
            self._set_note(live, live.note[: self._chance.randint(12, len(live.note) - 1)], "a person cuts a note")

    def _empty_note(self) -> None:
        live = self._pick()
        if live is not None:
            self._set_note(live, "mine now", "a person empties a note")

    def _set_note(self, live: LiveTrade, note: str, kind: str) -> None:
        # The fact is about the name that the note has had.
        self._happen(kind, live.id, is_edit=True)
        self._laws.written_notes[live.id, self._trace.step] = note
        self._api.set_note(live.id, note)

    def _cancel_step(self) -> None:
        live = self._pick()
        if live is not None and len(live.open_steps) > 0:
            self._api.cancel_trade(live.id, self._chance.choice(live.open_steps).id)
            self._happen("a person cancels a step", live.id, is_edit=True)

    def _paste_marker(self) -> None:
        """The note of one trade, marker and all, into another."""
        live = self._pick()
        marked = [each for each in self._account.trades.values() if read_identity(each) and each.note]
        others = [each for each in marked if live is None or each.id != live.id]
        if live is None or not others:
            return
        source = self._chance.choice(others)
        self._laws.edges.pasted[live.id] = self._trace.step
        self._set_note(live, source.note or "", "a person pastes a marker")
        self._trace.tell(f"person: the marker is that of #{source.id} ({read_identity(source)})")
        self._trace.count("a person pastes a marker", getattr(read_identity(source), "name", ""))

    def _open_by_hand(self) -> None:
        """A trade without our marker: any, one of another workspace, or one that looks just like one of ours."""
        kind = self._chance.choice(["by hand", "of another workspace", "that looks like ours"])
        files = self._files[self._chance.choice(sorted(self._files))]
        if kind == "that looks like ours" and files.specs:
            self._open_like(self._chance.choice(sorted(files.bodies)), files)
            return
        body = make_body(self._chance, pair=self._chance.choice(sorted(PAIRS)))
        note = ALIEN.format(name=self._chance.choice(["t1", "t2"])) if kind == "of another workspace" else ""
        self._open(_read_body(body, files), note, f"a person opens a trade {kind}")

    def _open_like(self, name: str, files: PlanFiles | None = None) -> None:
        """A trade as a file states it, without our marker."""
        filed = files or self._files[self._chance.choice(sorted(self._files))]
        if name not in filed.bodies:
            return
        terms = _read_body(filed.bodies[name], filed)
        live_id = self._open(terms, "", "a person opens a trade that looks like ours")
        self._laws.edges.twins[live_id] = Twin(name=name, terms=terms, step=self._trace.step)

    def _open(self, terms: Terms, note: str, kind: str) -> int:
        opened = self._api.create(write_body(terms) | ({"note": note} if note else {}))
        self._trace.tell(f"person: {kind.removeprefix('a person ')} (#{opened['id']})")
        self._trace.count(kind)
        return int(str(opened["id"]))

    def _change_mode(self) -> None:
        mode = self._chance.choice(["paper", "real"])
        self._api.session.request("POST", "/ver1/users/change_mode", body={"mode": mode})
        self._trace.tell(f"person: changes the mode to {mode}")
        self._trace.count("a person changes the mode")


def _read_body(body: Body, files: PlanFiles) -> Terms:
    exact = json.loads(json.dumps(body), parse_float=Decimal)
    return read_terms({"account_id": files.account_id, **expand_trade(exact)})
