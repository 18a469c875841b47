"""Words of traders that are no keys of a plan file: what they mean, and the line to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.loading.sloppy_numbers import find_first_number, read_sloppy_number
from reconciler.model.documents import FieldPath
from reconciler.validation.sloppy_pairs import DOLLARS, turn_pair
from reconciler.validation.trade_facts import TradeFacts, read_number, read_side

# Words for a distance from the entry price.
PERCENT_WORDS = frozenset({"percent", "percentage", "pct", "distance", "offset", "deviation"})
# Each field of a trade, and the words for it, without blanks, dashes and underscores.
_MEANINGS: Mapping[FieldPath, str] = {
    ("position", "type"): (
        "type side direction action positionside tradetype tradeside long short buy sell isbuy strategy positiontype"
    ),
    ("position", "price"): (
        "entry entry1 entry2 positionprice buyat sellat buylimit selllimit entryprice"
        " buyprice sellprice limitprice openprice enter entries entryzone buyzone orderprice"
    ),
    ("position", "units"): (
        "amount amountusd amountusdt amountquote size total totalusd margin quantity qty volume positionsize ordersize"
        " lots lot contracts cost notional usd usdt stake investment invest funds capital risk riskpct base quoteamount"
        " dollars budget value unit positionunits"
    ),
    ("position", "order_type"): "order ordertype entrytype market limit positionordertype",
    ("position", "conditional"): "trigger triggerprice entrytrigger activationprice",
    ("pair",): "pair symbol ticker market coin instrument asset pairs currency token tradingpair coinpair",
    ("take_profit",): (
        "tp tps tp1 tp2 tp3 tp4 tp5 tp6 tp7 tp8 target targets target1 target2 target3 target4 takeprofit takeprofits"
        " tppercent tppct closeat takeprofitpercent takeprofit4"
        " takeprofit1 takeprofit2 takeprofit3 takeprofitprice tpprice exit exits exitprice profittarget profit"
    ),
    ("stop_loss",): (
        "sl slpercent slpct stoplosspercent stop stoploss stoplossprice slprice stopprice stoplosses stp invalidation"
    ),
    ("stop_loss", "conditional", "trailing"): "trailing trailingstop trailingstoploss tsl trail trailingdeviation",
    ("stop_loss", "breakeven"): "breakeven movetobreakeven be movesltobe movestoplosstobreakeven",
    ("stop_loss", "timeout"): "timeout stoplosstimeout sltimeout",
    ("leverage",): "leverage lev leveragevalue leveragetype marginmode margintype cross isolated x",
    ("account",): "exchange accountname exchangeid",
    ("averaging",): "dca safetyorders safetyorder averagingorders addfunds avg ladder",
    ("note",): "tags comment comments label description text remark notes",
    ("skip_enter_step",): "skipentry skipentrystep ownfunds smartsell",
}
_BY_WORD = {word: path for path, words in _MEANINGS.items() for word in words.split()}
# The same for words inside of a group, by the name of the group.
_INSIDE: Mapping[str, Mapping[str, FieldPath]] = {
    "position": {
        **{word: path[1:] for word, path in _BY_WORD.items() if path[0] == "position"},
        "limit": ("price",),
        "trailing": ("conditional", "trailing"),
    },
    "step": {
        **dict.fromkeys(PERCENT_WORDS, ("price",)),
        **dict.fromkeys(("target", "tp", "level", "limit", "value", "at", "takeprofit", "exit"), ("price",)),
        **dict.fromkeys(
            ("amount", "share", "size", "portion", "units", "quantity", "qty", "closepercent"), ("volume",)
        ),
        **dict.fromkeys(("type", "order"), ("order_type",)),
    },
    "stop_loss": {
        **dict.fromkeys(PERCENT_WORDS, ("conditional", "price")),
        **dict.fromkeys(
            ("trigger", "triggerprice", "stopprice", "stop", "level", "value", "sl"), ("conditional", "price")
        ),
        **dict.fromkeys(("trailing", "trailingstop"), ("conditional", "trailing")),
        **dict.fromkeys(("limit", "limitprice"), ("price",)),
        **dict.fromkeys(("type", "order"), ("order_type",)),
    },
    "conditional": {
        **dict.fromkeys(PERCENT_WORDS, ("price",)),
        **dict.fromkeys(("trigger", "triggerprice", "value", "level", "activationprice"), ("price",)),
        **dict.fromkeys(("type", "order"), ("order_type",)),
    },
    "leverage": {
        **dict.fromkeys(("leverage", "x", "factor", "amount", "size"), ("value",)),
        **dict.fromkeys(("margin", "mode", "margintype", "marginmode"), ("type",)),
    },
    "averaging_order": {
        word: path[1:] for word, path in _BY_WORD.items() if path in (("position", "units"), ("position", "price"))
    },
}
# Settings of other tools and exchanges that a trade of 3Commas does not have.
_ABSENT = frozenset(
    {
        *("riskreward", "rr", "rrr", "reduceonly", "timeinforce", "tif", "postonly", "expiry", "expires", "expiration"),
        *("timeframe", "interval", "confidence", "hedge", "hedgemode", "slippage", "fee", "fees", "maker", "taker"),
    }
)
# Words that name a number of coins with some, and a sum of money with others.
_COIN_WORDS = frozenset(
    {"quantity", "qty", "size", "volume", "lots", "lot", "contracts", "base", "unit", "positionsize"}
)
# A level below so many percent, and so many times smaller than the entry, is meant as a distance in percent.
_LARGEST_PERCENT = 100
# A price such as 58.000, whose point stands between thousands.
_THOUSANDS = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_FAR = 10
_STEP = "{order_type: limit, price: %s, volume: %s}"
STOP_LINE = "stop_loss: {order_type: market, conditional: {price: %s}}"
_PRICE_EXAMPLES = ("60000", "63000")


def name_group(path: FieldPath) -> str:
    """Return the name of a group for `find_meaning`.

    Args:
        path: The group below its trade.
    """
    if not path:
        return "trade"
    if isinstance(path[-1], int):
        return "averaging_order" if path[0] == "averaging" else "step"
    return path[-1]


def find_meaning(group: str, key: str) -> FieldPath | None:
    """Return the field that a word means, as a path below its group; None if the word is not known.

    Args:
        group: `trade`, `step`, `averaging_order`, or the name of another group.
        key: The word.
    """
    word = re.sub(r"[^a-z0-9]", "", key.lower())
    words = _BY_WORD if group == "trade" else _INSIDE.get(group, {})
    return words.get(word)


def explain_word(facts: TradeFacts, group: str, key: str, value: object) -> str | None:
    """Return the advice for a word that is no key; None if the word is not known.

    Args:
        facts: The trade.
        group: As for `find_meaning`.
        key: The word.
        value: What was written as its value.
    """
    word = re.sub(r"[^a-z0-9]", "", key.lower())
    if word in _ABSENT:
        return "a trade of 3Commas has no such setting; leave it out"
    if group == "trade" and word in ("id", "name", "tradeid"):
        return _explain_name(word, value)
    if group == "trade" and word in ("enabled", "active", "paused"):
        return "a trade is wanted as long as it is in a file, and `state: closed` ends it; leave it out"
    if word == "market" and value is True:
        return "write it under position: order_type: market"
    path = find_meaning(group, key)
    if path is None:
        return None
    is_group = isinstance(value, Mapping) and path[-1] != "trailing"
    if is_group or (isinstance(value, list) and any(isinstance(part, Mapping) for part in value)):
        return f"did you mean {'.'.join(map(str, path))}?"
    if path[-1] == "units":
        where = " under position" if group == "trade" else ""
        return f"{_explain_size(facts, word, value)}{where}"
    if path in (("take_profit",), ("stop_loss",)) and (level := _explain_level(facts, path, word, value)) is not None:
        return level
    if path[-1] == "trailing":
        line = _write_trailing(facts, value, is_entry=group == "position")
    else:
        line = _write_line(path, word, value)
    parent = {"position": "position", "stop_loss": "stop_loss"}.get(str(path[0])) if group == "trade" else None
    return f"write it under {parent}: {line}" if parent and len(path) > 1 else f"write {line}"


def _explain_name(word: str, value: object) -> str:
    if word == "name":
        return "the name of a trade stands above its fields, with a colon; leave it out"
    live_id = value if isinstance(value, int) and not isinstance(value, bool) else "ID"
    return f"a file has no id; leave it out, or run `reconciler import {live_id}`, which writes a live trade"


def _explain_level(facts: TradeFacts, path: FieldPath, word: str, value: object) -> str | None:
    """Return the advice for a level that is given as a distance: `5%`, or a number far below the entry."""
    is_profit = path[0] == "take_profit"
    if is_profit and isinstance(value, list):
        return f"write {write_steps([_read_level(facts, part, is_profit=True) for part in value])}"
    sloppy = read_sloppy_number(value)
    number = sloppy.value if sloppy is not None else read_number(value)
    is_percent = "perc" in word or word.endswith("pct") or (sloppy is not None and sloppy.unit == "%")
    if number is None or facts.entry_price is None:
        return None
    if not is_percent and isinstance(value, Decimal) and _THOUSANDS.fullmatch(str(value)):
        return f"write {(write_steps if is_profit else write_stop)(value * 1000)}"
    if not is_percent and not _is_distance(facts, number):
        return None
    return explain_percent(facts, number, write_steps if is_profit else write_stop, is_profit=is_profit)


def _read_level(facts: TradeFacts, value: object, *, is_profit: bool) -> object:
    """Return the price of a level that is given as a distance; the value itself if it is none."""
    sloppy = read_sloppy_number(value)
    number = sloppy.value if sloppy is not None else read_number(value)
    if number is None or not ((sloppy is not None and sloppy.unit == "%") or _is_distance(facts, number)):
        return value
    level = facts.level_in_percent(number, is_profit=is_profit)
    return level if level is not None else value


def _is_distance(facts: TradeFacts, number: Decimal) -> bool:
    """Return whether a number is so far below the entry that it is meant as percent."""
    price = facts.entry_price
    return price is not None and 0 < abs(number) < _LARGEST_PERCENT and abs(number) < price / _FAR


def explain_percent(facts: TradeFacts, percent: Decimal, write: Callable[[Decimal], str], *, is_profit: bool) -> str:
    """Return the line for a level that is given as a distance from the entry price.

    Args:
        facts: The trade.
        percent: The distance.
        write: Writes the line of a price.
        is_profit: Whether the level is a take profit, and not a stop.
    """
    level, distance = facts.level_in_percent(percent, is_profit=is_profit), plain(abs(percent))
    if level is None or facts.entry_price is None:
        return f"a level is a price; {{percent: {distance}}} is taken only while the entry trails"
    where = f"{'above' if level > facts.entry_price else 'below'} the entry at {plain(facts.entry_price)}"
    return f"a level is a price: {distance} % {where} is {plain(level)}: write {write(level)}"


def write_stop(price: object) -> str:
    """Return the line of a stop at a price."""
    number = _find_price(price)
    return STOP_LINE % (plain(number) if number is not None else _PRICE_EXAMPLES[0])


def write_steps(prices: object) -> str:
    """Return the line of steps at some prices, with equal volumes."""
    listed = prices if isinstance(prices, list) else [prices]
    if isinstance(prices, str) and read_number(prices) is None:
        listed = [part for part in re.split(r"[,;/]\s*|\s+", prices) if "%" not in part] or [prices]
    numbers = [number for number in map(_find_price, listed) if number is not None] or [Decimal(_PRICE_EXAMPLES[1])]
    shares = share_equally(len(numbers))
    steps = [write_step(number, share) for number, share in zip(numbers, shares, strict=True)]
    return f"take_profit: [{', '.join(steps)}]"


def write_step(price: Decimal, share: str) -> str:
    """Return a step at a price."""
    return _STEP % (plain(price), share)


def share_equally(count: int) -> Sequence[str]:
    """Return volumes of the same size that add up to exactly 100; the last has what is left."""
    share = (Decimal(100) / count).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    return [*[plain(share)] * (count - 1), plain(100 - share * (count - 1))]


def write_leverage(value: object) -> str:
    """Return the line of a leverage such as `10x` or `isolated 5`."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    value = re.sub(r"\s*:\s*1$|^\s*1\s*:\s*", "", value) if isinstance(value, str) else value
    number = read_number(re.sub(r"(?i)cross(ed)?|isolated|[:_\s/%]", "", value) if isinstance(value, str) else value)
    number = number if number is not None else find_first_number(value)
    factor = plain(number) if number is not None and number >= 1 else "5"
    return f"leverage: {{type: {_find_margin_type(value)}, value: {factor}}}"


def _write_line(path: FieldPath, word: str, value: object) -> str:
    if path[-1] == "type":
        return _write_type(word, value)
    if path == ("position", "price") and isinstance(value, str) and value.strip().lower() == "market":
        return "order_type: market"
    if path == ("order_type",) and isinstance(value, str):
        value = re.sub(r"^stop|[_\s-]", "", value.lower())
    write = _LINES.get(path)
    if write is None:
        return f"{': {'.join(str(key) for key in path)}: {_number_or(value, '60000')}{'}' * (len(path) - 1)}"
    return write if isinstance(write, str) else write(value)


def _write_type(word: str, value: object) -> str:
    if "margin" in word or word == "mode":
        return f"type: {_find_margin_type(value)}"
    price = read_number(value) if word in ("buy", "sell", "long", "short") else None
    at_price = f", order_type: limit, price: {plain(price)}" if price is not None else ""
    return f"type: {read_side(value) or read_side(word) or 'buy'}{at_price}"


def _find_margin_type(value: object) -> str:
    return "isolated" if isinstance(value, str) and "isolated" in value.lower() else "cross"


def _write_entry(value: object) -> str:
    return f"order_type: limit, price: {_number_or(value[0] if isinstance(value, list) and value else value, '60000')}"


def _write_pair(value: object) -> str:
    is_listed = isinstance(value, str) and value == value.upper() and "_" in value
    return f"pair: {value if is_listed else turn_pair(value) or 'USDT_BTC'}"


def _write_trailing(facts: TradeFacts, value: object, *, is_entry: bool) -> str:
    """Return the line of a trigger that trails, at the price that the file has for it."""
    given = value.get("percent") if isinstance(value, Mapping) else value
    sloppy = read_sloppy_number(given)
    percent = sloppy.value if sloppy is not None else read_number(given)
    distance = plain(percent or Decimal("1.5"))
    if is_entry:
        return (
            f"conditional: {{price: {_plain_or(facts.entry_price, '60000')}, order_type: market, trailing: {distance}}}"
        )
    is_open = percent is None and (value is True or isinstance(value, Mapping))
    level = facts.stop_price or facts.level_in_percent(percent or Decimal("1.5"), is_profit=False)
    return f"conditional: {{price: {_plain_or(level, '58000')}, trailing: {'true' if is_open else distance}}}"


def _plain_or(number: Decimal | None, example: str) -> str:
    return example if number is None else plain(number)


def _write_order_type(value: object) -> str:
    spelled = value.lower() if isinstance(value, str) else ""
    return f"order_type: {spelled if spelled in ('market', 'limit', 'conditional') else 'limit'}"


def _write_condition(value: object) -> str:
    return f"order_type: conditional, conditional: {{price: {_number_or(value, '60000')}, order_type: market}}"


def _number_or(value: object, example: str) -> str:
    number = _find_price(value)
    return plain(number) if number is not None else example


def _find_price(value: object) -> Decimal | None:
    """Return the number that is written, or the first number of a text such as `58000 (-3%)`."""
    number = read_number(value)
    return number if number is not None else find_first_number(value)


def _explain_size(facts: TradeFacts, word: str, value: object) -> str:
    sloppy = read_sloppy_number(value)
    number = sloppy.value if sloppy is not None else read_number(value)
    unit = sloppy.unit if sloppy is not None else ""
    if number is None or number <= 0 or unit == "%":
        return f"the size is a number of {facts.base}: write units: 0.01"
    is_part_of_a_coin = number < 1 and not unit and facts.quote in DOLLARS
    if unit == facts.base or is_part_of_a_coin or (word in _COIN_WORDS and unit not in (facts.quote, "$")):
        return f"the size is a number of {facts.base}: write units: {plain(number)}"
    if word == "margin" and facts.leverage is not None and facts.leverage > 1:
        total = number * facts.leverage
        margin = f"a margin of {plain(number)} at leverage {plain(facts.leverage)} is {plain(total)} {facts.quote}"
        return f"{margin}; {facts.size_in_units(total)}"
    return facts.size_in_units(number)


_LINES: Mapping[FieldPath, Callable[[object], str] | str] = {
    ("position", "price"): _write_entry,
    ("position", "order_type"): _write_order_type,
    ("order_type",): _write_order_type,
    ("position", "conditional"): _write_condition,
    ("pair",): _write_pair,
    ("take_profit",): write_steps,
    ("stop_loss",): write_stop,
    ("stop_loss", "breakeven"): "breakeven: true",
    ("stop_loss", "timeout"): lambda value: f"timeout: {_number_or(value, '30')}",
    ("leverage",): write_leverage,
    ("account",): "account: main, an alias of reconciler.yaml or an account id",
    ("averaging",): "averaging: [{price: 58000, units: 0.01}]",
    ("note",): "note: and the text",
    ("skip_enter_step",): "skip_enter_step: true",
    ("value",): lambda value: f"value: {_number_or(value, '5')}",
    ("volume",): lambda value: f"volume: {_number_or(value, '50')}",
}
