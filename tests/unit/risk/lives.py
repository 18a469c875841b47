"""Random trades that live in the embedded sandbox until an exit, and what each of their states forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hypothesis import strategies as st

from reconciler.codec.averaging import write_averaging
from reconciler.codec.body import write_body
from reconciler.codec.live_trades import read_trade
from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Prices, Rates
from reconciler.model.markets import Market, MarketKind
from reconciler.model.terms import (
    Entry,
    EntryCondition,
    Level,
    OrderType,
    PriceType,
    Side,
    Step,
    StopLoss,
    Terms,
)
from reconciler.risk.state import OpenStep, TradeState, state_of_live, state_of_terms
from reconciler.risk.trade_risk import Measured, Rules, measure
from reconciler.sandbox.values.pairs import PAIRS
from tests.support.world import World

D = Decimal
_NONE = D(0)
SPOT, FUTURES = 1, 2
ENTRIES = ("limit", "market", "conditional limit", "conditional market", "trailing", "own funds")
# About the worth of each trade, in the currency of the pair.
_WORTH = {"USDT": D(2000), "BTC": D("0.05")}
PLACES = ("USDT_SOL", "USDT_BTC", "BTC_ETH", "USDT_BTCUSDT", "USDT_BTC_USDT", "BTC_BTCUSD_PERP")


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A trade and its fate.

    Attributes:
        pair: Its pair.
        is_long: Its direction.
        entry: Kind of its entry.
        steps: Distance from the entry and volume of each step, both in percent, and its kind.
        has_limit_stop: Whether its stop is a limit order.
        adds: How many averaging orders it gets.
        steps_hit: How many steps act before the stop; all of them, and the trade ends without its stop.
        fee_pct: Fee of every order in percent.
        is_in_percent: Whether the levels of steps and stop are in percent of the average.
        gap: How many ticks the price jumps beyond a level.
    """

    pair: str
    is_long: bool
    entry: str
    steps: tuple[tuple[int, int, str], ...]
    has_limit_stop: bool
    adds: int
    steps_hit: int
    fee_pct: str
    is_in_percent: bool
    gap: int


@st.composite
def plots(draw: st.DrawFn) -> Plot:
    """Trades of every kind."""
    pair = draw(st.sampled_from(PLACES))
    entry = draw(st.sampled_from(ENTRIES[: None if not PAIRS[pair].is_contract else -1]))
    count = draw(st.integers(0, 4))
    volumes = draw(st.sampled_from(_VOLUMES[count]))
    kinds = draw(st.lists(st.sampled_from(("limit", "market")), min_size=count, max_size=count))
    if count and draw(st.booleans()):
        kinds[-1] = "trailing"
    distances = sorted(draw(st.sets(st.integers(1, 5), min_size=count, max_size=count)))
    # The API takes levels in percent behind a trailing entry, and only there.
    is_in_percent = entry == "trailing"
    return Plot(
        pair=pair,
        is_long=draw(st.booleans()),
        entry=entry,
        steps=tuple((3 * each, volume, kind) for each, volume, kind in zip(distances, volumes, kinds, strict=True)),
        has_limit_stop=draw(st.booleans()) and not is_in_percent,
        # The API adds nothing to a trade of which something trails.
        adds=0 if "trailing" in (*kinds, entry) else draw(st.integers(0, 2)),
        steps_hit=draw(st.integers(0, count)),
        fee_pct=draw(st.sampled_from(("0.1", "0.075", "0.05", "0"))),
        is_in_percent=is_in_percent,
        gap=draw(st.integers(0, 30)),
    )


_VOLUMES: Mapping[int, Sequence[tuple[int, ...]]] = {
    0: [()],
    1: [(100,)],
    2: [(50, 50), (33, 67)],
    3: [(33, 33, 34), (10, 20, 70)],
    4: [(25, 25, 25, 25), (10, 20, 30, 40)],
}


@dataclass(frozen=True, kw_only=True)
class Exit:
    """What closed a trade, or a part of it.

    Attributes:
        step: Number of the step, or None for the stop.
        price: At which price.
    """

    step: int | None
    price: Decimal


@dataclass(kw_only=True)
class Life:
    """A trade in the sandbox.

    Attributes:
        plot: Its fate.
        states: Its states as they were forecast: before it was opened, and at each moment after its averaging.
        exits: What closed it, in order.
        profit: Its profit in the end.
    """

    plot: Plot
    states: list[TradeState] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)
    profit: Decimal = _NONE


class Stage:
    """The sandbox with one trade.

    Args:
        plot: What happens.
    """

    def __init__(self, plot: Plot, world: World) -> None:
        self.plot, self.world = plot, world
        self.pair = PAIRS[plot.pair]
        self.last = self.pair.last
        world.sandbox.ensure_account(FUTURES, market="futures")
        world.sandbox.configure("fee_pct", plot.fee_pct)
        self.life = Life(plot=plot)
        self.rules = Rules(fee=D(plot.fee_pct) / 100)
        self.entry_at = self.at(-1)
        self.live_id = 0

    def at(self, percent: Decimal | int, base: Decimal | None = None) -> Decimal:
        """A price on the grid, some percent to the winning side of another one."""
        sign = 1 if self.plot.is_long else -1
        price = (base or self.last) * (1 + sign * D(percent) / 100)
        return price // self.pair.price_step * self.pair.price_step

    def move(self, price: Decimal) -> Decimal:
        """Let the last price be another one, and return the price at which the position closes at market."""
        self.world.sandbox.set_price(self.pair.name, price)
        return price if self.plot.is_long else price + self.pair.price_step

    def read(self) -> LiveTrade:
        live = read_trade(self.world.api.get(self.live_id))
        return replace(live, terms=live.terms.on(self.market))

    @property
    def market(self) -> Market:
        kind = MarketKind(self.pair.kind.value)
        return Market(kind=kind, unit_size=self.pair.contract_size)

    @property
    def rates(self) -> Rates:
        prices = Prices(bid=self.last, ask=self.last + self.pair.price_step, last=self.last)
        return Rates(prices=prices, price_step=self.pair.price_step, lot_step=self.pair.lot_step, market=self.market)

    def units(self, share: Decimal | int = 1) -> Decimal:
        """A size in lots."""
        units = self.pair.units_worth(_WORTH[self.pair.quote] * share, self.last)
        return max(units // self.pair.lot_step, D(10)) * self.pair.lot_step

    def make_terms(self) -> Terms:
        return Terms(
            account_id=FUTURES if self.pair.is_contract else SPOT,
            pair=self.pair.name,
            instant=False,
            skip_enter_step=self.plot.entry == "own funds",
            entry=self.make_entry(),
            leverage=None,
            steps=tuple(self.make_step(number) for number in range(len(self.plot.steps))),
            stop_loss=self.make_stop(),
            market=self.market,
        )

    def make_entry(self) -> Entry:
        """Waiting entries wait a percent away, on the losing side; conditional ones too."""
        side = Side.BUY if self.plot.is_long else Side.SELL
        kind = self.plot.entry
        condition = None
        if kind in ("conditional limit", "conditional market", "trailing"):
            condition = EntryCondition(
                price=self.entry_at,
                price_type=PriceType.LAST,
                order_type=OrderType.LIMIT if kind == "conditional limit" else OrderType.MARKET,
                trailing_pct=D(1) if kind == "trailing" else None,
            )
        order_type = OrderType.MARKET if kind == "market" else OrderType.LIMIT
        return Entry(
            side=side,
            order_type=OrderType.CONDITIONAL if condition else order_type,
            units=self.units(),
            price=self.entry_at if kind in ("limit", "conditional limit", "own funds") else None,
            condition=condition,
        )

    def make_level(self, percent: int) -> Level:
        if self.plot.is_in_percent:
            return Level(value=None, percent=D(abs(percent)), price_type=PriceType.LAST)
        return Level(value=self.at(percent, self.entry_at), percent=None, price_type=PriceType.LAST)

    def make_step(self, number: int) -> Step:
        distance, volume, kind = self.plot.steps[number]
        return Step(
            order_type=OrderType.LIMIT if kind == "limit" else OrderType.MARKET,
            level=self.make_level(distance),
            volume_pct=D(volume),
            trailing_pct=D("0.5") if kind == "trailing" else None,
        )

    def make_stop(self) -> StopLoss:
        is_limit = self.plot.has_limit_stop
        return StopLoss(
            order_type=OrderType.LIMIT if is_limit else OrderType.MARKET,
            trigger=self.make_level(-15),
            limit_price=self.at(-17, self.entry_at) if is_limit else None,
            trailing_pct=None,
            timeout_s=None,
            breakeven=False,
        )

    @property
    def orders(self) -> tuple[AveragingOrder, ...]:
        """Averaging orders between entry and stop."""
        return tuple(
            AveragingOrder(price=self.at(-5 - 3 * number, self.entry_at), units=self.units(D("0.5")))
            for number in range(self.plot.adds)
        )

    def enter(self, terms: Terms) -> Decimal:
        """Open it and let its entry fill; returns the price of the fill."""
        answer = self.world.api.create(write_body(terms))
        self.live_id = int(str(answer["id"]))
        kind, tick = self.plot.entry, self.pair.price_step
        if kind == "own funds":
            self.read()
            return self.entry_at
        if kind == "market":
            self.read()
            return self.last + tick if self.plot.is_long else self.last
        if kind == "trailing":
            self.move(self.entry_at)
            self.move(self.at(-2, self.entry_at))
            turned = self.entry_at
            self.move(turned)
            return turned + tick if self.plot.is_long else turned
        below = self.entry_at - (1 + self.plot.gap) * tick * (1 if self.plot.is_long else -1)
        self.move(below)
        if kind == "limit":
            return self.entry_at
        # A marketable limit fills like a market order.
        return below + tick if self.plot.is_long else below

    def average(self) -> None:
        for order in self.orders:
            self.world.api.add_funds(self.live_id, write_averaging(order))
            self.read()
        self.life.states.append(state_of_live(self.read(), self.orders, self.rates))
        for order in self.orders:
            self.move(order.price - (self.pair.price_step if self.plot.is_long else -self.pair.price_step))
        if self.orders:
            self.life.states.append(state_of_live(self.read(), (), self.rates))

    def hit_steps(self) -> None:
        for number in range(self.plot.steps_hit):
            step = self.read().steps[number]
            price = step.terms.level.value
            assert price is not None
            tick = self.pair.price_step if self.plot.is_long else -self.pair.price_step
            at = self.move(price + self.plot.gap * tick)
            if step.terms.order_type is OrderType.LIMIT:
                at = price
                self.move(price + (self.plot.gap + 2) * tick)
            if step.terms.trailing_pct is not None:
                at = self.move(self.at(-1, price))
            self.life.exits.append(Exit(step=number, price=at))
            if self.read().status == "waiting_targets":
                self.life.states.append(state_of_live(self.read(), (), self.rates))

    def hit_stop(self) -> None:
        live = self.read()
        stop = live.terms.stop_loss
        if live.status != "waiting_targets" or stop is None or stop.trigger.value is None:
            return
        tick = self.pair.price_step if self.plot.is_long else -self.pair.price_step
        self.life.exits.append(Exit(step=None, price=self.move(stop.trigger.value - self.plot.gap * tick)))

    def run(self) -> Life:
        """Let it live until it has ended."""
        terms = self.make_terms()
        waiting = state_of_terms(terms, self.orders, self.rates)
        fill = self.enter(terms)
        self.life.states.append(with_entry(waiting, fill))
        self.average()
        self.hit_steps()
        self.hit_stop()
        ended = self.read()
        assert ended.status in ("finished", "stop_loss_finished"), ended.status
        assert ended.profit is not None
        self.life.profit = ended.profit
        return self.life

    def forecast(self, state: TradeState) -> Measured:
        return measure(state, self.rules)


def with_entry(state: TradeState, fill: Decimal) -> TradeState:
    """The state with the price at which the entry was filled in the end."""
    entry = state.terms.entry
    if state.terms.skip_enter_step:
        return state
    filled = replace(entry, order_type=OrderType.LIMIT, price=fill, condition=None)
    return replace(state, terms=replace(state.terms, entry=filled))


def with_exits(state: TradeState, exits: Sequence[Exit]) -> TradeState:
    """The state with the prices at which its exits filled in the end."""
    prices = {each.step: each.price for each in exits}
    stop = state.stop
    if stop is not None and None in prices:
        stop = replace(
            stop, limit_price=None, trigger=Level(value=prices[None], percent=None, price_type=PriceType.LAST)
        )
    return replace(state, stop=stop, steps=tuple(_with_price(step, prices) for step in state.steps))


def _with_price(step: OpenStep, prices: Mapping[int | None, Decimal]) -> OpenStep:
    price = prices.get(step.index - 1)
    if price is None:
        return step
    level = Level(value=price, percent=None, price_type=PriceType.LAST)
    return replace(step, terms=replace(step.terms, level=level, trailing_pct=None))
