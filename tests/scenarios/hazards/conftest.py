"""The program."""

from tests.support.program import cli

__all__ = ["cli"]
