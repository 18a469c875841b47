"""The program, and a workspace to run it in."""

from tests.support.program import cli, workspace

__all__ = ["cli", "workspace"]
