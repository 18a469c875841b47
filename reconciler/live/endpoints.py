"""The REST calls, one method each.

Source of all paths and parameters: SmartTradesV2 page, accounts page, market data page of the official docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Self

from reconciler.live.answers import Call, JsonValue, unreadable
from reconciler.live.http import ApiSession, BeforeSend

Entity = dict[str, object]

# Source: SmartTradesV2 page and accounts page, `per_page`: 1 to 100.
LARGEST_PAGE = 100


class SmartTradeApi:
    """The endpoints that deal with SmartTrades, as raw JSON.

    Every method raises what `ApiSession.request` raises, and if the answer has another shape than promised
    `UnreadableAnswer` for a read and `AnswerLost` for a write.

    Args:
        session: Sends the requests.
    """

    def __init__(self, session: ApiSession) -> None:
        self.session = session
        self._before_send: BeforeSend | None = None

    def announcing(self, before_send: BeforeSend) -> Self:
        """Return the same endpoints, each of whose writes is announced right before it is sent.

        Args:
            before_send: Called with method, path and body; what it raises keeps the write from being sent.
        """
        announcing = copy(self)
        announcing._before_send = before_send  # noqa: SLF001 -- a copy of our own
        return announcing

    def list_smart_trades(
        self,
        *,
        status: str,
        page: int,
        per_page: int = LARGEST_PAGE,
        order_by: str = "created_at",
        order_direction: str = "asc",
    ) -> list[object]:
        """Read one page of SmartTrades, empty beyond the last.

        Args:
            status: `all`, `active`, `finished`, `successfully_finished`, `cancelled` or `failed`.
            page: From 1.
            per_page: 1 to 100.
            order_by: `created_at` holds still while trades move, unlike the API's default `status`.
            order_direction: `asc` or `desc`.
        """
        query = {
            "status": status,
            "page": str(page),
            "per_page": str(per_page),
            "order_by": order_by,
            "order_direction": order_direction,
        }
        return self._read_list("/v2/smart_trades", query)

    def create(self, body: Mapping[str, object]) -> Entity:
        """Open a SmartTrade; it answers in status `created`.

        Args:
            body: The create body, note included.
        """
        return self._write("POST", "/v2/smart_trades", body)

    def get(self, smart_trade_id: int) -> Entity:
        """Read one SmartTrade."""
        return self._read_object(_smart_trade(smart_trade_id))

    def update(self, smart_trade_id: int, body: Mapping[str, object]) -> Entity:
        """Change a SmartTrade.

        Args:
            smart_trade_id: Which one.
            body: All groups in full, see `update_body`.
        """
        return self._write("PATCH", _smart_trade(smart_trade_id), body)

    def cancel(self, smart_trade_id: int) -> Entity:
        """Cancel a SmartTrade and keep what was bought; the answer may be empty.

        Source: the docs page shows 200 with the entity, the machine-readable file 204.
        """
        return self._write("DELETE", _smart_trade(smart_trade_id), may_be_empty=True)

    def close_by_market(self, smart_trade_id: int) -> Entity:
        """Sell or buy back the position at market."""
        return self._write("POST", _smart_trade(smart_trade_id, "close_by_market"))

    def force_start(self, smart_trade_id: int) -> Entity:
        """Enter at market now."""
        return self._write("POST", _smart_trade(smart_trade_id, "force_start"))

    def force_process(self, smart_trade_id: int) -> Entity:
        """Make the API check the trade again."""
        return self._write("POST", _smart_trade(smart_trade_id, "force_process"))

    def set_note(self, smart_trade_id: int, note: str) -> Entity:
        """Replace the note.

        Args:
            smart_trade_id: Which one.
            note: 1 to 300 characters.
        """
        return self._write("POST", _smart_trade(smart_trade_id, "set_note"), {"note": note})

    def add_funds(self, smart_trade_id: int, body: Mapping[str, object]) -> Entity:
        """Enlarge the position.

        Args:
            smart_trade_id: Which one.
            body: `order_type`, `units.value`, and `price.value` of a limit order.
        """
        return self._write("POST", _smart_trade(smart_trade_id, "add_funds"), body)

    def reduce_funds(self, smart_trade_id: int, body: Mapping[str, object]) -> Entity:
        """Make the position smaller.

        Args:
            smart_trade_id: Which one.
            body: `order_type`, `units.value`, and `price.value` of a limit order.
        """
        return self._write("POST", _smart_trade(smart_trade_id, "reduce_funds"), body)

    def reduce_funds_info(self, smart_trade_id: int) -> Entity:
        """Read by how much the position can be reduced (`max_reduce_funds_amount`)."""
        return self._read_object(_smart_trade(smart_trade_id, "reduce_funds_info"))

    def list_trades(self, smart_trade_id: int) -> list[object]:
        """Read the sub-trades of a SmartTrade: entry, steps, stop, averaging orders."""
        return self._read_list(_smart_trade(smart_trade_id, "trades"))

    def close_trade(self, smart_trade_id: int, trade_id: int) -> Entity:
        """Execute a take-profit step at market now."""
        return self._write("POST", _smart_trade(smart_trade_id, "trades", str(trade_id), "close_by_market"))

    def cancel_trade(self, smart_trade_id: int, trade_id: int) -> Entity:
        """Cancel a sub-trade; the answer may be empty.

        The last step or the stop takes the whole SmartTrade with it. Source: cancel trade page.
        """
        return self._write("DELETE", _smart_trade(smart_trade_id, "trades", str(trade_id)), may_be_empty=True)

    def list_accounts(self, page: int = 1, per_page: int = LARGEST_PAGE) -> list[object]:
        """Read one page of the accounts of the key in the session's mode.

        Args:
            page: From 1.
            per_page: 1 to 100.
        """
        return self._read_list("/ver1/accounts", {"page": str(page), "per_page": str(per_page)})

    def currency_rates(self, market_code: str, pair: str) -> Entity:
        """Read prices and limits of a pair.

        Args:
            market_code: From the account.
            pair: QUOTE_BASE.
        """
        query = {"market_code": market_code, "pair": pair}
        return self._read_object("/ver1/accounts/currency_rates", query, is_signed=False)

    def currency_rates_with_leverage_data(self, market_code: str, pair: str) -> Entity:
        """Prices, limits and leverages of a pair; of a contract also its size.

        Args:
            market_code: From the account.
            pair: QUOTE_BASE.
        """
        query = {"market_code": market_code, "pair": pair}
        return self._read_object("/ver1/accounts/currency_rates_with_leverage_data", query, is_signed=False)

    def market_pairs(self, market_code: str) -> list[object]:
        """Read the pairs of a market.

        Args:
            market_code: From the account.
        """
        return self._read_list("/ver1/accounts/market_pairs", {"market_code": market_code}, is_signed=False)

    def ping(self) -> Entity:
        """Read `{"pong": "pong"}`: the API can be reached."""
        return self._read_object("/ver1/ping", is_signed=False)

    def time(self) -> Entity:
        """Read `server_time` in unix seconds."""
        return self._read_object("/ver1/time", is_signed=False)

    def validate(self) -> Entity:
        """Read `{"valid": true}`: key and signature are right."""
        return self._read_object("/ver1/validate")

    def _read_object(self, path: str, query: Mapping[str, str] | None = None, *, is_signed: bool = True) -> Entity:
        answer = self.session.request("GET", path, query=query, is_signed=is_signed)
        return _expect_object(Call(method="GET", path=path), answer)

    def _read_list(self, path: str, query: Mapping[str, str] | None = None, *, is_signed: bool = True) -> list[object]:
        answer = self.session.request("GET", path, query=query, is_signed=is_signed)
        if not isinstance(answer, list):
            raise unreadable(Call(method="GET", path=path), "the answer is not a list")
        return answer

    def _write(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, may_be_empty: bool = False
    ) -> Entity:
        answer = self.session.request(method, path, body=body, before_send=self._before_send)
        if answer is None and may_be_empty:
            return {}
        return _expect_object(Call(method=method, path=path), answer)


def _expect_object(call: Call, answer: JsonValue) -> Entity:
    if not isinstance(answer, dict):
        raise unreadable(call, "the answer is not an object")
    return answer


def _smart_trade(smart_trade_id: int, *rest: str) -> str:
    return "/".join(("/v2/smart_trades", str(smart_trade_id), *rest))
