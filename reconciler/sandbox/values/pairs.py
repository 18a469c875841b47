"""The pairs that the sandbox trades, with plausible prices and limits.

Source: USDT_BTC is the published example of the market data page, USDT_DOGE that of the cancel trade page; all other
figures are assumed, of the size that Binance used in 2024.
"""

from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.values.errors import UnknownPair
from reconciler.sandbox.values.market import MarketKind, Pair

MAX_TOTAL_OF_QUOTE = {"USDT": Decimal(9000000), "BTC": Decimal(150)}
MIN_TOTAL_OF_QUOTE = {"USDT": Decimal(5), "BTC": Decimal("0.0001")}

# Published examples trade DOGE for 2.0536 USDT, while the minimum of USDT_BTC is 5.
MIN_TOTAL_OF_PAIR = {"USDT_DOGE": Decimal(1)}

# ShownLevel with every price; the sandbox keeps no daily statistics.
DAY_OF_PAIR = {"USDT_DOGE": (Decimal("136509.39725"), Decimal("-2.728"))}
DAY_OF_OTHERS = (Decimal(1000000), Decimal(0))

# name, last price, price step, lot step, largest order, largest market order
_FIGURES = (
    ("USDT_BTC", "63802.44", "0.01", "0.00001", "9000", "121.22278732"),
    ("USDT_ETH", "3375.04", "0.01", "0.0001", "9000", "2171.2"),
    ("USDT_BNB", "584.3", "0.1", "0.001", "900000", "1520.4"),
    ("USDT_SOL", "147.62", "0.01", "0.001", "9000000", "12830.5"),
    ("USDT_XRP", "0.5841", "0.0001", "1", "9222449", "1843000"),
    ("USDT_ADA", "0.3586", "0.0001", "0.1", "900000", "512000"),
    ("USDT_DOGE", "0.10268", "0.00001", "1", "9000000", "6250000"),
    ("USDT_DOT", "4.312", "0.001", "0.01", "900000", "48000"),
    ("USDT_LTC", "65.41", "0.01", "0.001", "90000", "6100"),
    ("USDT_LINK", "11.68", "0.01", "0.01", "900000", "39000"),
    ("USDT_AVAX", "25.37", "0.01", "0.01", "90000", "21000"),
    ("USDT_TRX", "0.1527", "0.0001", "0.1", "9000000", "3900000"),
    ("USDT_ATOM", "4.561", "0.001", "0.01", "92141", "27000"),
    ("USDT_UNI", "6.784", "0.001", "0.01", "900000", "24000"),
    ("USDT_NEAR", "4.118", "0.001", "0.1", "900000", "160000"),
    ("USDT_SUSHI", "0.5912", "0.0001", "0.1", "900000", "210000"),
    ("BTC_ETH", "0.05289", "0.00001", "0.0001", "100000", "310.4"),
    ("BTC_BNB", "0.009158", "0.000001", "0.001", "100000", "210.2"),
    ("BTC_SOL", "0.0023137", "0.0000001", "0.001", "90000", "1460.7"),
    ("BTC_LTC", "0.001025", "0.000001", "0.001", "90000", "620.8"),
)


# Contracts of futures markets. Source: names and sizes of contracts from recorded answers (Binance USDT-M, Gate and
# Binance COIN-M); all other figures are assumed.
_LINEAR_FIGURES = (
    ("USDT_BTCUSDT", "63802.5", "0.1", "0.001", "1000", "120"),
    ("USDT_ETHUSDT", "3375.04", "0.01", "0.001", "10000", "2000"),
    ("USDT_SOLUSDT", "147.62", "0.01", "1", "1000000", "5000"),
    ("USDT_BTC_USDT", "63802.5", "0.1", "1", "1000000", "250000"),
)
_INVERSE_FIGURES = (("BTC_BTCUSD_PERP", "63802.5", "0.1", "1", "1000000", "60000"),)

# Size of one contract: coins of a linear pair, USD of an inverse one; 1 for pairs that are not named.
_CONTRACT_SIZES = {"USDT_BTC_USDT": Decimal("0.0001"), "BTC_BTCUSD_PERP": Decimal(100)}


def split_pair(name: str) -> tuple[str, str]:
    """Split the name of a pair into quote and base; the name of a contract may have more underscores."""
    quote, _, base = name.partition("_")
    return quote, base


def _build_pair(figures: tuple[str, str, str, str, str, str], kind: MarketKind = MarketKind.SPOT) -> Pair:
    name, *limits = figures
    last, price_step, lot_step, max_lot, max_market = map(Decimal, limits)
    quote, base = split_pair(name)
    quote_volume, day_change_pct = DAY_OF_PAIR.get(name, DAY_OF_OTHERS)
    return Pair(
        quote=quote,
        base=base,
        last=last,
        price_step=price_step,
        lot_step=lot_step,
        max_lot=max_lot,
        min_total=MIN_TOTAL_OF_PAIR.get(name, MIN_TOTAL_OF_QUOTE[quote]),
        max_total=MAX_TOTAL_OF_QUOTE[quote],
        max_market=max_market,
        max_price=Decimal(1000000),
        quote_volume=quote_volume,
        day_change_pct=day_change_pct,
        kind=kind,
        contract_size=_CONTRACT_SIZES.get(name, Decimal(1)),
    )


SPOT_PAIRS = {figures[0]: _build_pair(figures) for figures in _FIGURES}

LINEAR_PAIRS = {figures[0]: _build_pair(figures, MarketKind.LINEAR) for figures in _LINEAR_FIGURES}

INVERSE_PAIRS = {figures[0]: _build_pair(figures, MarketKind.INVERSE) for figures in _INVERSE_FIGURES}

CONTRACT_PAIRS = LINEAR_PAIRS | INVERSE_PAIRS

PAIRS = SPOT_PAIRS | CONTRACT_PAIRS

CURRENCIES = tuple(dict.fromkeys(currency for pair in SPOT_PAIRS.values() for currency in (pair.quote, pair.base)))

CONTRACTS = frozenset(pair.base for pair in CONTRACT_PAIRS.values())

CONTRACT_CURRENCIES = tuple(
    dict.fromkeys(currency for pair in CONTRACT_PAIRS.values() for currency in (pair.quote, pair.base))
)


def find_pair(name: str) -> Pair:
    """Find the pair of this name.

    Args:
        name: Pair in the API's notation, `USDT_BTC`.

    Raises:
        UnknownPair: The sandbox does not trade it.
    """
    pair = PAIRS.get(name)
    if pair is None:
        raise UnknownPair(f"unknown pair {name!r}: the sandbox trades {', '.join(PAIRS)}")
    return pair
