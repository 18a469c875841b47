"""The endpoints besides SmartTrades: time, keys, modes, accounts and market data.

Source: official docs, accounts and market data pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from reconciler.sandbox.entities.accounts import (
    MARKETS,
    PAIRS_OF_MARKET,
    describe_account,
    describe_leverages,
    describe_multiplier,
    describe_rates,
    describe_summary,
)
from reconciler.sandbox.exchange.access import ACCOUNTS_READ, ACCOUNTS_WRITE, ALL_PERMISSIONS, MODES
from reconciler.sandbox.requests.fields import MISSING, NO_CHOICE, Fields
from reconciler.sandbox.values.accounts import Account
from reconciler.sandbox.values.market import Pair
from reconciler.sandbox.values.pairs import CONTRACT_PAIRS, PAIRS, SPOT_PAIRS
from reconciler.sandbox.values.refusals import refuse_account, refuse_parameters, refuse_path
from reconciler.sandbox.wire.routes import ANY_KEY, ApiCall, Route

DEFAULT_ACCOUNT_PAGE_SIZE = 100

Row = TypeVar("Row")


class LimitType(StrEnum):
    """Values of `limit_type`; the sandbox answers the same to both."""

    BOT = "bot"
    SMART_TRADE = "smart_trade"


def ping(_: ApiCall) -> object:
    """Answer a ping."""
    return {"pong": "pong"}


def show_time(call: ApiCall) -> object:
    """Show the sandbox clock in unix seconds."""
    return {"server_time": call.transaction.now_ms // 1000}


def validate(_: ApiCall) -> object:
    """Confirm key and signature; a request with bad ones is refused before."""
    return {"valid": True}


def show_mode(call: ApiCall) -> object:
    """Show the account mode of requests without a header. Source: the body is assumed."""
    return {"mode": call.mode}


def change_mode(call: ApiCall) -> object:
    """Choose the account mode of requests without a header. Source: the body is assumed."""
    fields = Fields(call.parameters)
    mode = fields.text("mode")
    if mode not in MODES:
        fields.report("mode", MISSING if mode is None else NO_CHOICE)
        raise refuse_parameters(fields.problems)
    call.transaction.accounts.write_mode(call.user, mode)
    return {"mode": mode}


def show_permissions(call: ApiCall) -> object:
    """Show the permissions of the key. Source: the body is assumed."""
    return {name.lower(): name in call.permissions for name in sorted(ALL_PERMISSIONS)}


def list_accounts(call: ApiCall) -> object:
    """List the accounts of the request's mode."""
    fields = Fields(call.parameters)
    page = fields.integer("page")
    size = fields.integer("per_page")
    page = 1 if page is None else page
    size = DEFAULT_ACCOUNT_PAGE_SIZE if size is None else size
    if page < 1:
        fields.report("page", NO_CHOICE)
    if not 1 <= size <= DEFAULT_ACCOUNT_PAGE_SIZE:
        fields.report("per_page", NO_CHOICE)
    if fields.problems:
        raise refuse_parameters(fields.problems)
    return [_describe(call, account) for account in _take_page(_list_visible(call), page, size)]


def show_account(call: ApiCall) -> object:
    """Show one account."""
    return _describe(call, _find(call))


def show_summary(call: ApiCall) -> object:
    """Show totals over the accounts of the request's mode. Source: the body is assumed."""
    return describe_summary([_describe(call, account) for account in _list_visible(call)])


def count_entities(call: ApiCall) -> object:
    """Count the active trades of an account. Source: that the other counts are bots and deals is assumed."""
    active = call.transaction.trades.count_active(_find(call).id)
    return {"data": {"active_smart_trades_count": active, "active_deals_count": 0, "active_bots_count": 0}}


def list_leverages(call: ApiCall) -> object:
    """List the leverages of an account for one of its pairs."""
    pairs = CONTRACT_PAIRS if _find(call).has_contracts else SPOT_PAIRS
    return describe_leverages(_read_pair(Fields(call.parameters), pairs))


def list_markets(_: ApiCall) -> object:
    """List the markets that an account can belong to."""
    return MARKETS


def list_pairs(call: ApiCall) -> object:
    """List the names of the pairs of a market; paper accounts have one market code for all pairs."""
    fields = Fields(call.parameters)
    pairs = _read_market(fields)
    if fields.problems:
        raise refuse_parameters(fields.problems)
    return list(pairs)


def show_rates(call: ApiCall) -> object:
    """Show prices and limits of a pair. Source: the answer to an unknown pair is assumed."""
    return _describe_rates(call, _read_asked_pair(call))


def show_rates_and_leverages(call: ApiCall) -> object:
    """Show prices, limits and leverages of a pair, and the size of a contract."""
    pair = _read_asked_pair(call)
    multiplier = describe_multiplier(pair, call.transaction.options)
    return {**_describe_rates(call, pair), **multiplier, "leverage_data": describe_leverages(pair)}


def _describe_rates(call: ApiCall, pair: Pair) -> dict[str, object]:
    return describe_rates(pair, call.transaction.quotes[pair.name])


def _read_asked_pair(call: ApiCall) -> Pair:
    """Read the pair of a rates request, among those of the market in it."""
    fields = Fields(call.parameters)
    pairs = _read_market(fields)
    fields.choice("limit_type", LimitType)
    return _read_pair(fields, pairs)


def _read_pair(fields: Fields, pairs: Mapping[str, Pair]) -> Pair:
    pair = pairs.get(fields.text("pair") or "")
    if pair is None:
        fields.report("pair", "Unknown pair" if fields.has("pair") else MISSING)
    if pair is None or fields.problems:
        raise refuse_parameters(fields.problems)
    return pair


def _list_visible(call: ApiCall) -> list[Account]:
    accounts = call.transaction.accounts.list_accounts()
    return [account for account in accounts if account.user == call.user and account.mode == call.mode]


def _find(call: ApiCall) -> Account:
    """Find the account in the path. Source: 403 for a foreign account is documented for creates, here assumed."""
    account = call.transaction.accounts.find_account(call.ids["id"])
    if account is not None and account.user != call.user:
        raise refuse_account()
    if account is None or account.mode != call.mode:
        raise refuse_path()
    return account


def _read_market(fields: Fields) -> Mapping[str, Pair]:
    """Read the market of a request, and return its pairs; an unknown market is reported and gives all pairs."""
    code = fields.text("market_code")
    if code not in PAIRS_OF_MARKET:
        fields.report("market_code", MISSING if code is None else NO_CHOICE)
    return PAIRS_OF_MARKET.get(code or "", PAIRS)


def _take_page(rows: Sequence[Row], page: int, size: int) -> Sequence[Row]:
    return rows[(page - 1) * size : page * size]


def _describe(call: ApiCall, account: Account) -> dict[str, object]:
    transaction = call.transaction
    return describe_account(account, transaction.wallet(account.id), transaction.quotes, transaction.options)


def _read(path: str, handle: Callable[[ApiCall], object], permission: str | None = ACCOUNTS_READ) -> Route:
    return Route(method="GET", path=path, handle=handle, permission=permission)


def _write(path: str, handle: Callable[[ApiCall], object], permission: str, *, writes: bool) -> Route:
    return Route(method="POST", path=path, handle=handle, permission=permission, writes=writes, status=201)


_ALL = "/ver1/accounts"
_ONE = f"{_ALL}/<int:id>"
_USERS = "/ver1/users"

ACCOUNT_ROUTES = (
    _read("/ver1/ping", ping, None),
    _read("/ver1/time", show_time, None),
    _read("/ver1/validate", validate, ANY_KEY),
    _read(f"{_USERS}/current_mode", show_mode),
    _write(f"{_USERS}/change_mode", change_mode, ACCOUNTS_WRITE, writes=True),
    _read(f"{_USERS}/permissions_info", show_permissions, ANY_KEY),
    _read(_ALL, list_accounts),
    _read(_ONE, show_account),
    _read(f"{_ALL}/summary", show_summary),
    _write(f"{_ONE}/load_balances", show_account, ACCOUNTS_READ, writes=False),
    _read(f"{_ONE}/leverage_data", list_leverages),
    _read(f"{_ONE}/active_trading_entities", count_entities),
    _read(f"{_ALL}/market_list", list_markets, None),
    _read(f"{_ALL}/market_pairs", list_pairs, None),
    _read("/v2/accounts/market_pairs", list_pairs, None),
    _read(f"{_ALL}/currency_rates", show_rates, None),
    _read(f"{_ALL}/currency_rates_with_leverage_data", show_rates_and_leverages, None),
)
