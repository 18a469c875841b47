"""The accounts of a key, and the prices of a pair.

Source: accounts page and market data page of the official docs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from reconciler.codec.markets import is_contract_market, read_market
from reconciler.codec.numbers import plain, to_decimal
from reconciler.errors import RequestRefused, UnreadableAnswer
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.paging import Pages, id_of
from reconciler.model.live import Account, Limits, Prices, Rates

# Source: accounts page, supported_market_types.
SPOT = "spot"
UNKNOWN_MARKET = "cannot be read: market_code is missing or no text"
# Source: market data page, currency_rates.
_LIMIT_KEYS = {
    "min_price": "minPrice",
    "max_price": "maxPrice",
    "min_lot": "minLotSize",
    "max_lot": "maxLotSize",
    "min_total": "minTotal",
    "min_market_total": "minMarketTotal",
    "max_total": "maxTotal",
}
# Fields that only some markets have; zero, or what is not a number, limits nothing.
_MORE_LIMIT_KEYS = {
    "min_market_buy": "minMarketBuyAmount",
    "max_market_buy": "maxMarketBuyAmount",
    "min_market_sell": "minMarketSellAmount",
    "max_market_sell": "maxMarketSellAmount",
    "lowest_buy": "bidMultiplierDown",
    "highest_buy": "bidMultiplierUp",
    "lowest_sell": "askMultiplierDown",
    "highest_sell": "askMultiplierUp",
}


def read_accounts(api: SmartTradeApi, wanted: Collection[int] | None = None) -> tuple[Account, ...]:
    """Read the accounts of the key in the session's mode.

    Args:
        api: Where to read.
        wanted: Ids of accounts; reading ends with the page that shows the last of them. None for all accounts.

    Raises:
        UnreadableAnswer: A page is not a list.
        ApiError: A request failed.
    """
    accounts: dict[int, Account] = {}
    for page in Pages(api.list_accounts):
        accounts |= {account.id: account for account in map(read_account, filter(_has_id, page))}
        if wanted is not None and accounts.keys() >= set(wanted):
            break
    return tuple(accounts.values())


def _has_id(entity: object) -> bool:
    """Return whether an account can be named; another one is left out."""
    return isinstance(entity, Mapping) and id_of(entity) is not None


def read_account(entity: object) -> Account:
    """Read one account; one whose market cannot be read has an obstacle, and its trades can be ended all the same.

    Args:
        entity: The JSON object.

    Raises:
        UnreadableAnswer: It lacks its id.
    """
    account_id = id_of(entity)
    if not isinstance(entity, Mapping) or account_id is None:
        raise UnreadableAnswer("an account cannot be read: id is missing or no whole number")
    name, market_code = entity.get("name"), entity.get("market_code")
    types = _read_types(entity.get("supported_market_types"))
    if not isinstance(market_code, str) or not market_code:
        # Without it, it is not known whether real money is at stake, so nothing is opened.
        market_code = ""
    return Account(
        id=account_id,
        name=name if isinstance(name, str) else "",
        market_code=market_code,
        obstacle=_find_obstacle(entity) if market_code else UNKNOWN_MARKET,
        usd_amount=_read_amount(entity.get("usd_amount")),
        btc_amount=_read_amount(entity.get("btc_amount")),
        takes_contracts=_find_contracts(types, market_code),
        takes_spot=SPOT in types if types else None,
    )


def read_pair_names(api: SmartTradeApi, market_code: str) -> tuple[str, ...]:
    """Read the pairs of a market; empty if the API refuses the request."""
    try:
        listed = api.market_pairs(market_code)
    except RequestRefused:
        return ()
    return tuple(name for name in listed if isinstance(name, str))


def read_rates(entity: Mapping[str, object], market_code: str = "", pair: str = "") -> Rates:
    """Read prices and limits of a pair.

    Args:
        entity: The answer of `currency_rates`, with leverage data or without; any limit may be missing, and one that
            cannot be read limits nothing.
        market_code: Of the account; empty if it is not known.
        pair: QUOTE_BASE; empty if it is not known.

    Raises:
        UnreadableAnswer: A price is missing or no number.
    """
    try:
        return Rates(
            prices=Prices(
                bid=_read_price(entity, "bid"),
                ask=_read_price(entity, "ask"),
                last=_read_price(entity, "last"),
            ),
            price_step=_step(entity.get("priceStep")),
            lot_step=_step(entity.get("lotStep")),
            limits=Limits(
                **{field: _read_amount(entity.get(key)) for field, key in _LIMIT_KEYS.items()},
                **{field: _read_amount(entity.get(key)) or None for field, key in _MORE_LIMIT_KEYS.items()},
            ),
            market=read_market(entity, market_code, pair),
            largest_leverage=tuple(_read_leverages(entity.get("leverage_data"))),
        )
    except ValueError as error:
        named = f" of {pair} on {market_code}" if pair else ""
        raise UnreadableAnswer(f"the rates{named} cannot be read: {error}") from error


def _find_obstacle(entity: Mapping[str, object]) -> str:
    """Find why nothing can be traded on an account; a missing flag is not an obstacle."""
    if entity.get("is_locked") is True:
        reason = entity.get("lock_reason")
        return f"is locked by 3Commas ({reason})" if isinstance(reason, str) and reason else "is locked by 3Commas"
    if entity.get("api_key_invalid") is True or entity.get("api_keys_state") == "expired":
        return "has an exchange key that is invalid or has expired"
    if entity.get("smart_trading_supported") is False:
        return "does not support SmartTrades"
    if entity.get("trading_supported") is False:
        return "does not support trading"
    return ""


def _read_types(types: object) -> frozenset[str]:
    """Read the types of markets of an account; empty if none is named. Source: accounts page."""
    return frozenset(each for each in types if isinstance(each, str)) if isinstance(types, list) else frozenset()


def _find_contracts(types: Collection[str], market_code: str) -> bool | None:
    """Find out whether an account trades contracts, by its types of markets and by the code of its market."""
    if is_contract_market(market_code):
        return True
    return any(each != SPOT for each in types) if types else None


def _read_leverages(listed: object) -> Iterator[tuple[str, Decimal]]:
    """Read the largest leverage of each margin type; what cannot be read limits nothing."""
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, Mapping) or not isinstance(each.get("code"), str):
            continue
        valid = each.get("valid")
        named = (each.get("max_leverage"), valid.get("max") if isinstance(valid, Mapping) else None)
        largest = [number for number in map(_read_amount, named) if number is not None and number > 0]
        if largest:
            yield each["code"], max(largest)


def _read_amount(value: object) -> Decimal | None:
    try:
        return to_decimal(value)
    except ValueError:
        return None


def _read_price(entity: Mapping[str, object], key: str) -> Decimal:
    """Read a price, which is above zero: of another one no money can be made."""
    price = to_decimal(entity.get(key))
    if price <= 0:
        raise ValueError(f"{key} is {plain(price)}, expected a price above 0")
    return price


def _step(value: object) -> Decimal:
    """Read a step; what is not a positive number cuts nothing."""
    step = _read_amount(value)
    return step if step is not None and step > 0 else Decimal(0)
