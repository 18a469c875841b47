"""The errors of the sandbox itself; the answers of the API to a bad request are in `refusals`.

SandboxError
├── UnknownPair          a control command names a pair that the sandbox does not trade
├── InvalidPrice         a price that is not positive or not a multiple of the price step
├── InvalidDuration      a duration that does not move the clock forward
├── ConflictingAccount   an account is opened again in the other mode or for another user
├── UnusableStore        a file that is not a sandbox store, or is of another version
├── InvalidKey           a key that cannot be registered
├── InvalidFault         a fault whose parts do not fit together
├── NotLoopback          the server is asked to listen beyond this machine
├── InvalidOption       an option that does not exist, or a value that it cannot have
├── InvalidEvent         an event on demand that does not exist or does not fit any trade
├── InvalidAct           an act by hand that the trade, or the exchange, does not allow
├── InvalidCandles       a candle file with invalid rows
└── OrderRefused         the exchange refuses an order
    └── InsufficientFunds    an order needs more than the account has
"""

from __future__ import annotations


class SandboxError(Exception):
    """Root of the sandbox's errors; its text may be shown to the user."""


class UnknownPair(SandboxError):
    """A control command names a pair that the sandbox does not trade."""


class InvalidPrice(SandboxError):
    """A price is not positive, or not a multiple of the pair's price step, or the bid is above the ask."""


class InvalidDuration(SandboxError):
    """A duration does not move the clock forward."""


class ConflictingAccount(SandboxError):
    """An account that exists in one mode is opened in the other, or for another user."""


class UnusableStore(SandboxError):
    """The file is not a sandbox store, or was written by another version."""


class InvalidKey(SandboxError):
    """An API key is registered with a public key that is not an RSA key."""


class InvalidFault(SandboxError):
    """The parts of a fault are missing, malformed, or do not fit together."""


class NotLoopback(SandboxError):
    """The server should listen on an address that other machines can reach."""


class InvalidAct(SandboxError):
    """A person cannot do this to the trade now, or the service refuses it."""


class InvalidOption(SandboxError):
    """An option does not exist, or cannot have this value."""


class InvalidEvent(SandboxError):
    """An event on demand does not exist, or does not fit any trade or order."""


class InvalidCandles(SandboxError):
    """A candle file cannot be read; every bad row is named."""


class OrderRefused(SandboxError):
    """The exchange refuses an order; the text is what the trade shows as its error."""


class InsufficientFunds(OrderRefused):
    """An order needs more of a currency than the account has free."""
