"""The endpoints around SmartTrades: time, keys, modes, accounts and market data.

Source: official docs, accounts and market data pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from reconciler.sandbox.access import ACCOUNTS_READ, ACCOUNTS_WRITE, MODES
from reconciler.sandbox.accounts import FUTURES_CODES, MARKET_CODES, describe_account, describe_rates
from reconciler.sandbox.fields import MISSING, NO_CHOICE, Fields
from reconciler.sandbox.pairs import CONTRACT_PAIRS, PAIRS, SPOT_PAIRS
from reconciler.sandbox.refusals import refuse_parameters, refuse_path
from reconciler.sandbox.routing import ANY_KEY, Call, Route
from reconciler.sandbox.store import Account
from reconciler.sandbox.world import MODE

DEFAULT_ACCOUNT_PAGE_SIZE = 100

Row = TypeVar("Row")


def ping(_: Call) -> object:
    """A sign of life."""
    return {"pong": "pong"}


def tell_time(call: Call) -> object:
    """The sandbox clock in unix seconds."""
    return {"server_time": call.world.now_ms // 1000}


def validate(_: Call) -> object:
    """Says that key and signature are good, since a bad one never comes here."""
    return {"valid": True}


def show_mode(call: Call) -> object:
    """The account mode that requests without a header work in. Source: the body is assumed."""
    return {"mode": call.mode}


def change_mode(call: Call) -> object:
    """Chooses the account mode that requests without a header work in. Source: the body is assumed."""
    fields = Fields(call.parameters)
    mode = fields.text("mode")
    if mode not in MODES:
        fields.report("mode", MISSING if mode is None else NO_CHOICE)
        raise refuse_parameters(fields.problems)
    call.world.store.write_setting(MODE, mode)
    return {"mode": mode}


def list_accounts(call: Call) -> object:
    """The accounts of the request's mode."""
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
    accounts = [account for account in call.world.store.list_accounts() if account.mode == call.mode]
    return [_describe(call, account) for account in _take_page(accounts, page, size)]


def show_account(call: Call) -> object:
    """One account."""
    account = call.world.store.find_account(call.ids["id"])
    if account is None or account.mode != call.mode:
        raise refuse_path()
    return _describe(call, account)


def list_pairs(call: Call) -> object:
    """Names of the pairs of a market."""
    fields = Fields(call.parameters)
    _check_market(fields)
    if fields.problems:
        raise refuse_parameters(fields.problems)
    return list(CONTRACT_PAIRS if fields.text("market_code") in FUTURES_CODES else SPOT_PAIRS)


def show_rates(call: Call) -> object:
    """Prices and limits of a pair. Source: the answer to an unknown pair is assumed."""
    fields = Fields(call.parameters)
    _check_market(fields)
    name = fields.text("pair")
    if name not in PAIRS:
        fields.report("pair", MISSING if name is None else "Unknown pair")
    if fields.problems or name is None:
        raise refuse_parameters(fields.problems)
    return describe_rates(PAIRS[name], call.world.quotes[name])


def _check_market(fields: Fields) -> None:
    code = fields.text("market_code")
    if code not in MARKET_CODES:
        fields.report("market_code", MISSING if code is None else NO_CHOICE)


def _take_page(rows: Sequence[Row], page: int, size: int) -> Sequence[Row]:
    return rows[(page - 1) * size : page * size]


def _describe(call: Call, account: Account) -> object:
    return describe_account(account, call.world.wallet(account.id), call.world.quotes)


ACCOUNT_ROUTES = (
    Route(method="GET", path="/ver1/ping", handle=ping, permission=None),
    Route(method="GET", path="/ver1/time", handle=tell_time, permission=None),
    Route(method="GET", path="/ver1/validate", handle=validate, permission=ANY_KEY),
    Route(method="GET", path="/ver1/users/current_mode", handle=show_mode, permission=ACCOUNTS_READ),
    Route(
        method="POST",
        path="/ver1/users/change_mode",
        handle=change_mode,
        permission=ACCOUNTS_WRITE,
        writes=True,
        status=201,
    ),
    Route(method="GET", path="/ver1/accounts", handle=list_accounts, permission=ACCOUNTS_READ),
    Route(method="GET", path="/ver1/accounts/<int:id>", handle=show_account, permission=ACCOUNTS_READ),
    Route(method="GET", path="/ver1/accounts/market_pairs", handle=list_pairs, permission=None),
    Route(method="GET", path="/v2/accounts/market_pairs", handle=list_pairs, permission=None),
    Route(method="GET", path="/ver1/accounts/currency_rates", handle=show_rates, permission=None),
)
