"""Facts that planning needs beside the files and the live trades."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.model.averaging import AveragingReading
from reconciler.model.live import Account, Rates
from reconciler.model.refused_updates import RefusedUpdate

# Account id and pair: the market behind the account decides which rates count.
PairKey = tuple[int, str]

NOTHING_SENT = AveragingReading()
NO_AVERAGING: Mapping[int, AveragingReading] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Facts about markets, accounts and averaging orders.

    Attributes:
        workspace: Name of the workspace.
        rates: Prices and limits by account and pair; a pair that is missing is unknown to the exchange.
        accounts: The accounts of the key, by id.
        unread_pairs: Why the rates of a pair cannot be read, by account and pair.
        similar_pairs: For a pair that is unknown to the exchange, one that it knows and that may have been meant.
        averaging: SmartTrade id to what was read of its averaging orders.
        half_closed: SmartTrade ids of partly filled entries whose rest was cancelled and that were not closed yet.
        refused: SmartTrade id to the updates that were refused after a step of it was executed.
        is_offline: Whether no exchange is asked, so that no pair is known to it and nothing is refused for that.
    """

    workspace: str
    rates: Mapping[PairKey, Rates]
    accounts: Mapping[int, Account] = field(default_factory=dict)
    unread_pairs: Mapping[PairKey, str] = field(default_factory=dict)
    similar_pairs: Mapping[PairKey, str] = field(default_factory=dict)
    averaging: Mapping[int, AveragingReading] = field(default_factory=dict)
    half_closed: Collection[int] = ()
    refused: Mapping[int, tuple[RefusedUpdate, ...]] = field(default_factory=dict)
    is_offline: bool = False

    def sent_for(self, live_id: int) -> AveragingReading:
        """Return what was read of the averaging orders of a live trade."""
        return self.averaging.get(live_id, NOTHING_SENT)
