"""A second pair of hands on the same account: a person in the web interface, and the market."""

from __future__ import annotations

from typing import Any, cast

from reconciler.errors import ApiError
from reconciler.live.endpoints import Entity, SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.signing import Credentials
from reconciler.live.wsgi import WsgiAdapter
from reconciler.model.targets import Mode
from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET
from reconciler.settings import EMBEDDED_URL
from tests.support.world import World

FIRST_ID = 30000001
Level = int | str


class Human:
    """Edits trades beside us, over a line of its own.

    Args:
        world: Whose sandbox.
    """

    def __init__(self, world: World) -> None:
        session = ApiSession(
            EMBEDDED_URL,
            Credentials(api_key=DEFAULT_API_KEY, api_secret=DEFAULT_API_SECRET),
            mode=Mode.PAPER,
            budget=RequestBudget(1_000_000, world.clock),
            clock=world.clock,
            options=SessionOptions(adapter=WsgiAdapter(world.wire.application)),
        )
        self._world = world
        self.api = SmartTradeApi(session)

    def look(self, live_id: int = FIRST_ID) -> dict[str, Any]:
        """The trade as it is."""
        return cast("dict[str, Any]", self.api.get(live_id))

    def move_stop(self, trigger: Level) -> None:
        """Another stop."""
        self._patch(
            stop_loss={
                "enabled": True,
                "order_type": "market",
                "conditional": {"price": {"type": "last", "value": trigger}},
            }
        )

    def drop_stop(self) -> None:
        """No stop."""
        self._patch(stop_loss={"enabled": False})

    def move_steps(self, *levels: tuple[Level, int]) -> None:
        """Other steps."""
        steps = [
            {"order_type": "limit", "price": {"type": "last", "value": price}, "volume": volume}
            for price, volume in levels
        ]
        self._patch(take_profit={"enabled": True, "steps": steps})

    def move_entry(self, price: Level) -> None:
        """Another limit price."""
        self._patch(position={"units": {"value": "0.01"}, "price": {"value": price}})

    def cancel(self) -> None:
        """The trade is cancelled, its coins kept."""
        self.api.cancel(FIRST_ID)

    def close(self) -> None:
        """The position is sold at market."""
        self.api.close_by_market(FIRST_ID)

    def cancel_step(self, place: int) -> None:
        """One open step goes."""
        steps = [step for step in self.look()["take_profit"].get("steps", []) if step["data"]["cancelable"]]
        if not steps:
            return
        step = steps[place]
        self.api.cancel_trade(FIRST_ID, step["id"])

    def write_note(self, text: str) -> None:
        """The note, in place of what there is."""
        self.api.set_note(FIRST_ID, text)

    def add_text(self, text: str) -> None:
        """The note, its marker kept."""
        marker = str(self.look()["note_raw"]).partition("]")[0] + "]"
        self.write_note(f"{marker} {text}")

    def tries(self, act: str, *arguments: Any) -> bool:
        """Act, if the API offers it; whether it did."""
        try:
            getattr(self, act)(*arguments)
        except ApiError:
            return False
        return True

    def _patch(self, **groups: Any) -> Entity:
        body = {"position": {"units": {"value": "0.01"}}, **groups}
        return self.api.update(FIRST_ID, body)
