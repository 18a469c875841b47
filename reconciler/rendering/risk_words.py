"""Words for the reasons why a number of risk is not known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.risk import RiskReason

RISK_TEMPLATES: Mapping[StrEnum, str] = {
    RiskReason.NO_ENTRY_PRICE: "the price of the entry is not known",
    RiskReason.NO_ENTRY_COST: "the API does not say what the position has cost",
    RiskReason.NO_CONTRACT_SIZE: "the size of a contract is not known",
    RiskReason.NO_LEVEL_PRICE: "a level in percent has no entry price to count from",
    RiskReason.NO_LEVERAGE_FACTOR: "the exchange chooses the leverage",
    RiskReason.NO_CLOSED_TOTAL: "the API does not say what the closed part has brought",
    RiskReason.AVERAGING_UNREAD: "the averaging orders of it were not read, and some may wait",
    RiskReason.CROSS_LIQUIDATION: "with cross margin, liquidation depends on the balance of the account",
    RiskReason.RISK_UNREADABLE: "{problem}",
}
