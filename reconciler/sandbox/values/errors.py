"""The errors of the sandbox itself; what the API answers to a bad request is in `refusals`.

SandboxError
├── UnknownPair          a control command names a pair that the sandbox does not trade
├── InvalidPrice         a price that is not positive or not a multiple of the price step
├── InvalidDuration      a clock that is told to stand still or go back
├── ConflictingAccount   an account is opened again in the other mode or for another user
├── UnusableStore        the file is no sandbox store, or of another version
├── InvalidKey           a key that cannot be registered
├── InvalidFault         a fault whose parts do not fit together
├── NotLoopback          the server is asked to listen beyond this machine
├── InvalidOption       a setting that does not exist, or a value that it cannot have
├── InvalidEvent         an event on demand that does not exist or fits no trade
├── InvalidCandles       a candle file with rows that make no sense
└── OrderRefused         the exchange refuses an order
    └── InsufficientFunds    an order needs more than the account has
"""

from __future__ import annotations


class SandboxError(Exception):
    """Root of the sandbox's errors; its text is fit to be shown to the user."""


class UnknownPair(SandboxError):
    """A control command names a pair that the sandbox does not trade."""


class InvalidPrice(SandboxError):
    """A price is not positive, or not a multiple of the pair's price step, or the bid is above the ask."""


class InvalidDuration(SandboxError):
    """The clock is told to advance by nothing or into the past."""


class ConflictingAccount(SandboxError):
    """An account that exists in one mode is opened in the other, or for another user."""


class UnusableStore(SandboxError):
    """The file is no sandbox store, or was written by another version."""


class InvalidKey(SandboxError):
    """An API key is registered with a public key that is no RSA key."""


class InvalidFault(SandboxError):
    """A fault is asked for whose parts are missing, malformed, or do not fit together."""


class NotLoopback(SandboxError):
    """The server is asked to listen on an address that other machines can reach."""


class InvalidOption(SandboxError):
    """A setting does not exist, or cannot have this value."""


class InvalidEvent(SandboxError):
    """An event on demand does not exist, or fits no trade or order."""


class InvalidCandles(SandboxError):
    """A candle file cannot be read; every bad row is named."""


class OrderRefused(SandboxError):
    """The exchange refuses an order; the text is what the trade shows as its error."""


class InsufficientFunds(OrderRefused):
    """An order needs more of a currency than the account has free."""
