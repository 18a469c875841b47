"""Declarative trade-plan reconciler for 3Commas SmartTrades."""

__version__ = "0.1.0"
