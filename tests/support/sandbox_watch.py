"""Watches every answer of every sandbox of the test process: whether it has the right shape, and who asked for it.

Nothing of the sandbox is imported here. The watch begins when Flask is imported, since no sandbox answers without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.endpoint_table import SMART_TRADE_ENDPOINTS, Call
from tests.support.import_hooks import call_after_import

if TYPE_CHECKING:
    from flask import Flask, Request, Response


class SandboxWatch:
    """The answers to one test at a time.

    Attributes:
        problems: What the schemas of the API do not allow in the answers to this test.
        calls: Which command or operation called which endpoint, in all tests of this process.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.calls: set[Call] = set()
        self._test = ""
        self._operation = ""

    def connect(self) -> None:
        """Begin as soon as Flask is imported."""
        call_after_import("flask", self._connect)

    def begin_test(self, test: str) -> list[str]:
        """Watch for another test from now on.

        Args:
            test: Its id. Calls by a test with parameters are not noted: a session may run it with some of them only.

        Returns:
            The list that its problems are added to.
        """
        self._test = test
        self._operation = ""
        self.problems = []
        return self.problems

    def begin_operation(self, name: str) -> None:
        """Say which operation is carried out from now on; empty for none."""
        self._operation = name

    def _connect(self) -> None:
        from flask import request_finished

        request_finished.connect(self._check_answer)

    def _check_answer(self, _: Flask, response: Response) -> None:
        from flask import request

        from tests.support.api_schemas import find_problems

        self.problems.extend(find_problems(request, response))
        self._note_call(request, response)

    def _note_call(self, request: Request, response: Response) -> None:
        from reconciler.sandbox.wire.routes import API

        caller = self._find_caller()
        is_ours = request.headers.get("User-Agent", "").startswith("reconciler/")
        if not caller or not is_ours or request.url_rule is None or "[" in self._test:
            return
        path = request.url_rule.rule.removeprefix(API).replace("<int:", "{").replace(">", "}")
        endpoint = f"{request.method} {path}"
        if endpoint in SMART_TRADE_ENDPOINTS and response.status_code < 400:
            self.calls.add(Call(endpoint, caller, self._test))

    def _find_caller(self) -> str:
        """The command that runs, which the embedded sandbox answers in the same thread; else the operation."""
        import click

        context = click.get_current_context(silent=True)
        if context is not None and context.command_path.startswith("reconciler "):
            return f"`{context.command_path.removeprefix('reconciler ')}`"
        return f"operation {self._operation}" if self._operation else ""


WATCH = SandboxWatch()
