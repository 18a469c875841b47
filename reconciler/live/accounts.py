"""The accounts of a key, and the prices of a pair.

Source: accounts page and market data page of the official docs.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reconciler.errors import UnreadableAnswer
from reconciler.live.endpoints import LARGEST_PAGE, SmartTradeApi
from reconciler.live.paging import id_of, read_pages
from reconciler.model.live import Account, Prices, Rates
from reconciler.model.numbers import to_decimal


def read_accounts(api: SmartTradeApi) -> tuple[Account, ...]:
    """All accounts of the key in the session's mode.

    Raises:
        UnreadableAnswer: A page is no list, or an account lacks its id or market.
        ApiError: A request failed.
    """
    pages = read_pages(api.list_accounts, full_page=LARGEST_PAGE)
    return tuple(read_account(account) for page in pages for account in page)


def read_account(entity: object) -> Account:
    """One account.

    Args:
        entity: The JSON object.

    Raises:
        UnreadableAnswer: It lacks its id or market.
    """
    account_id = id_of(entity)
    if not isinstance(entity, Mapping) or account_id is None:
        raise UnreadableAnswer("an account cannot be read: id is missing or no whole number")
    name, market_code = entity.get("name"), entity.get("market_code")
    if not isinstance(market_code, str):
        # Without it nobody knows whether real money is at stake.
        raise UnreadableAnswer(f"account {account_id} cannot be read: market_code is missing or no text")
    return Account(id=account_id, name=name if isinstance(name, str) else "", market_code=market_code)


def read_rates(entity: Mapping[str, object]) -> Rates:
    """Prices and limits of a pair.

    Args:
        entity: The answer of `currency_rates`; any limit may be missing.

    Raises:
        UnreadableAnswer: A price is missing or no number.
    """
    try:
        return Rates(
            prices=Prices(
                bid=to_decimal(entity.get("bid")),
                ask=to_decimal(entity.get("ask")),
                last=to_decimal(entity.get("last")),
            ),
            price_step=_step(entity.get("priceStep")),
            lot_step=_step(entity.get("lotStep")),
        )
    except ValueError as error:
        raise UnreadableAnswer(f"the rates cannot be read: {error}") from error


def _step(value: object) -> Decimal:
    return Decimal(0) if value is None else to_decimal(value)
