from __future__ import annotations

from decimal import Decimal

from reconciler.sandbox.engine.events import EventKind
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.values.market import follow_last
from reconciler.sandbox.values.options import Options
from tests.unit.sandbox.trades import BTC, build_wallet


def test_a_moment_has_default_options_and_no_events() -> None:
    quote = follow_last(BTC, Decimal(10000))
    moment = Moment(pair=BTC, before=quote, after=quote, wallet=build_wallet(), at_ms=5)

    assert moment.options == Options()
    assert [moment.take_event(kind) for kind in EventKind] == [None, None, None]
