"""Exchange accounts and market data as the API shows them.

Source: SmartTrade page (`account`), accounts page, market data page (published rates of USDT_BTC).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reconciler.sandbox.values.accounts import Account
from reconciler.sandbox.values.decimals import format_decimal, truncate_to
from reconciler.sandbox.values.instants import format_instant
from reconciler.sandbox.values.market import MarketKind, Pair, Quote
from reconciler.sandbox.values.options import Options, QuantoMultiplier, TradingSupported
from reconciler.sandbox.values.pairs import CONTRACT_PAIRS, CONTRACTS, INVERSE_PAIRS, LINEAR_PAIRS, PAIRS, SPOT_PAIRS
from reconciler.sandbox.values.wallet import Wallet

# Market code, name of the exchange, and name of the market by mode of the account. Those of real accounts are assumed.
_MARKETS = {
    "paper": ("paper_trading", "Paper trading account", "Binance Spot account simulator"),
    "real": ("binance", "Binance Spot", "Binance Spot"),
}

_FUTURES_MARKETS = {
    "paper": ("paper_trading", "Paper trading account", "Binance Futures account simulator"),
    "real": ("binance_futures", "Binance Futures USDT-M", "Binance Futures USDT-M"),
}

# Markets whose contracts have a size. No account belongs to them alone: the futures accounts of the sandbox trade all
# contract pairs. Source: the codes are those of recorded answers, the names are assumed.
_GATE, _COIN_M = "gate_io_usdt_perpetual", "binance_futures_coin"

_SATOSHI = Decimal("0.00000001")

# What a market list shows. Source: the names of the fields beside `market_code` are assumed.
MARKETS = [
    {"market_name": exchange, "market_code": code}
    for code, exchange in (
        *((code, exchange) for code, exchange, _ in (*_MARKETS.values(), _FUTURES_MARKETS["real"])),
        (_GATE, "Gate.io USDT Perpetual"),
        (_COIN_M, "Binance Futures COIN-M"),
    )
]

# Source: published rates for two of them; that of inverse pairs is assumed.
_INSTRUMENT_KINDS = {
    MarketKind.SPOT: "spot",
    MarketKind.LINEAR: "linear_futures",
    MarketKind.INVERSE: "inverse_futures",
}

# Largest multiple of every contract. Source: assumed, that of Binance for Bitcoin.
MAX_LEVERAGE = 125

_LEVERAGES_OF_CONTRACTS = {"cross": "Cross", "isolated": "Isolated"}

# The pairs that have rates, by market code; a paper account has one code for both markets.
PAIRS_OF_MARKET: Mapping[str, Mapping[str, Pair]] = {
    _MARKETS["paper"][0]: PAIRS,
    _MARKETS["real"][0]: SPOT_PAIRS,
    _FUTURES_MARKETS["real"][0]: CONTRACT_PAIRS,
    _GATE: {name: pair for name, pair in LINEAR_PAIRS.items() if pair.contract_size != 1},
    _COIN_M: INVERSE_PAIRS,
}


def describe_trade_account(account: Account) -> dict[str, object]:
    """The short form that SmartTrades carry."""
    code, _, market = _find_market(account)
    return {
        "id": account.id,
        "type": code,
        "name": account.name,
        "market": market,
        "link": f"/accounts/{account.id}",
    }


def describe_account(account: Account, wallet: Wallet, quotes: dict[str, Quote], options: Options) -> dict[str, object]:
    """The account entity.

    Args:
        account: The account.
        wallet: Its balances.
        quotes: Current prices by pair.
        options: Whether it can trade.
    """
    code, exchange, _ = _find_market(account)
    usd_amount = _value_in_usd(wallet, quotes)
    return {
        "id": account.id,
        "name": account.name,
        "market_code": code,
        "exchange_name": exchange,
        "smart_trading_supported": True,
        "smart_selling_supported": True,
        "trading_supported": options.trading_supported is TradingSupported.TRUE,
        "market_buy_supported": True,
        "market_sell_supported": True,
        "conditional_buy_supported": True,
        "is_locked": False,
        "lock_reason": None,
        "api_key_invalid": False,
        "api_keys_state": "ok",
        "hedge_mode_available": False,
        "hedge_mode_enabled": False,
        "supported_market_types": [account.market],
        "created_at": format_instant(account.created_at_ms),
        "updated_at": format_instant(account.created_at_ms),
        "usd_amount": format_decimal(usd_amount),
        "btc_amount": format_decimal(truncate_to(usd_amount / quotes["USDT_BTC"].last, _SATOSHI)),
    }


def describe_summary(accounts: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Totals over accounts as `describe_account` shows them. Source: assumed."""
    totals = {
        name: format_decimal(sum((Decimal(str(account[name])) for account in accounts), Decimal(0)))
        for name in ("usd_amount", "btc_amount")
    }
    return {"id": "summary", "name": "Summary", **totals}


def describe_rates(pair: Pair, quote: Quote) -> dict[str, object]:
    """Prices and limits of a pair, all as text."""
    bid, ask, last = format_decimal(quote.bid), format_decimal(quote.ask), format_decimal(quote.last)
    rates: dict[str, object] = {
        "last": last,
        "bid": bid,
        "ask": ask,
        "orderbook_ask": ask,
        "orderbook_bid": bid,
        "orderbook_last": last,
        "orderbook_price_currency": pair.quote,
        "strategy_name": "orderbook_price",
        "contract_strategy_name": "orderbook_price",
        "instrumentKind": _INSTRUMENT_KINDS[pair.kind],
        "minPrice": format_decimal(pair.price_step),
        "maxPrice": format_decimal(pair.max_price),
        "priceStep": format_decimal(pair.price_step),
        "minLotSize": format_decimal(pair.lot_step),
        "maxLotSize": format_decimal(pair.max_lot),
        "lotStep": format_decimal(pair.lot_step),
        "maxMarketBuyAmount": format_decimal(pair.max_market),
        "maxMarketSellAmount": format_decimal(pair.max_market),
        "minTotal": format_decimal(pair.min_total),
        "minMarketTotal": format_decimal(pair.min_total),
        "maxTotal": format_decimal(pair.max_total),
        "bidMultiplierDown": "0.2",
        "bidMultiplierUp": "5.0",
        "askMultiplierUp": "5.0",
        "askMultiplierDown": "0.2",
    }
    if pair.is_contract:
        rates["minMarketBuyAmount"] = rates["minMarketSellAmount"] = rates["minLotSize"]
    return rates


def describe_multiplier(pair: Pair, options: Options) -> dict[str, object]:
    """The size of one contract, beside rates and leverages; nothing if they do not name it.

    Args:
        pair: The pair.
        options: The pairs whose rates name it.

    Source: a public client reads `quanto_multiplier`; that it is text, and on which pairs it is, is assumed.
    """
    if options.quanto_multiplier is QuantoMultiplier.LINEAR:
        is_named = pair.kind is MarketKind.LINEAR and pair.contract_size != 1
    else:
        is_named = pair.is_contract and options.quanto_multiplier is QuantoMultiplier.ALWAYS
    return {"quanto_multiplier": format_decimal(pair.contract_size)} if is_named else {}


def describe_leverages(pair: Pair) -> list[dict[str, object]]:
    """The leverages that a pair can be traded with.

    Source: market data page (names; that the smallest may be a number while the largest is text); values are assumed.
    """
    if not pair.is_contract:
        return [_describe_leverage("none", "Without leverage", None)]
    return [_describe_leverage(code, name, MAX_LEVERAGE) for code, name in _LEVERAGES_OF_CONTRACTS.items()]


def _describe_leverage(code: str, name: str, largest: int | None) -> dict[str, object]:
    is_settable = largest is not None
    return {
        "code": code,
        "name": name,
        "can_set_leverage_value": is_settable,
        "max_leverage": largest,
        "available_leverage_values": [],
        "valid": {"min": 1 if is_settable else None, "max": str(largest) if is_settable else None},
    }


def _find_market(account: Account) -> tuple[str, str, str]:
    return (_FUTURES_MARKETS if account.has_contracts else _MARKETS)[account.mode]


def _value_in_usd(wallet: Wallet, quotes: dict[str, Quote]) -> Decimal:
    value = Decimal(0)
    for currency, balance in wallet.balances().items():
        if currency in CONTRACTS:
            # A contract is not a coin, and margin is not simulated.
            continue
        price = Decimal(1) if currency == "USDT" else quotes[f"USDT_{currency}"].last
        value += (balance.free + balance.reserved) * price
    return value
