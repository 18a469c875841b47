"""The program."""

from tests.support.program import cli, workspace

__all__ = ["cli", "workspace"]
