"""Declarative trade-plan reconciler for 3Commas SmartTrades.

The command line is one user of this library; everything that it shows can be used from Python.

>>> import reconciler
>>> with reconciler.open_workspace("plans", target="sandbox") as workspace:
...     problems = workspace.validate()
...     plan = workspace.plan()
...     applied = workspace.apply(plan)
...     report = workspace.drift()
>>> problems, len(plan.operations), applied.error, report.alarms
((), 1, None, ())

Results are frozen values. A plan can be saved and carried out later:

>>> text = reconciler.write_plan(plan)
>>> reconciler.read_plan(text).operations == plan.operations
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.errors import ReconcilerError as ReconcilerError
    from reconciler.importing.file_edit import FileEdit as FileEdit
    from reconciler.model.drift import DriftReport as DriftReport
    from reconciler.model.operations import Action as Action
    from reconciler.model.operations import Operation as Operation
    from reconciler.model.outcomes import Outcome as Outcome
    from reconciler.model.outcomes import OutcomeKind as OutcomeKind
    from reconciler.model.plan import Plan as Plan
    from reconciler.model.problems import Problem as Problem
    from reconciler.model.status import StatusReport as StatusReport
    from reconciler.rendering.plan_text import render_plan as render_plan
    from reconciler.saved_plan.files import read_plan as read_plan
    from reconciler.saved_plan.files import write_plan as write_plan
    from reconciler.workflows.applying import Applied as Applied
    from reconciler.workflows.import_result import Imported as Imported
    from reconciler.workflows.import_result import ImportMode as ImportMode
    from reconciler.workflows.workspace import Workspace as Workspace
    from reconciler.workflows.workspace import open_workspace as open_workspace

__version__ = "0.1.0"

# Name to module. A module is imported when its name is used first, so that `import reconciler` takes no time.
_EXPORTS = {
    "Action": "model.operations",
    "Applied": "workflows.applying",
    "DriftReport": "model.drift",
    "FileEdit": "importing.file_edit",
    "ImportMode": "workflows.import_result",
    "Imported": "workflows.import_result",
    "Operation": "model.operations",
    "Outcome": "model.outcomes",
    "OutcomeKind": "model.outcomes",
    "Plan": "model.plan",
    "Problem": "model.problems",
    "ReconcilerError": "errors",
    "StatusReport": "model.status",
    "Workspace": "workflows.workspace",
    "open_workspace": "workflows.workspace",
    "read_plan": "saved_plan.files",
    "render_plan": "rendering.plan_text",
    "write_plan": "saved_plan.files",
}


def __getattr__(name: str) -> object:
    """Import what the library offers under a name.

    Raises:
        AttributeError: It offers nothing under this name.
    """
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the names that the library offers."""
    return sorted({*globals(), *_EXPORTS})
