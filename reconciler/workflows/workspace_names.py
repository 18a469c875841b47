"""The names that a workspace has, for shell completion: read quickly, without checking the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reconciler.loading.files import load_file
from reconciler.settings import load_settings
from reconciler.workflows.plan_files import walk_files


def list_trade_names(root: Path) -> list[str]:
    """List the names of all trades in the plan files; a file that cannot be read is left out.

    Args:
        root: Folder of the workspace.

    Raises:
        ReconcilerError: The workspace cannot be used.
    """
    settings = load_settings(root, None, {}, is_live=False)
    documents = (load_file(path, str(path), root)[0] for path in walk_files(settings).files)
    trades = (_mapping(document.root.get("trades")) for document in documents if document is not None)
    return sorted({name for each in trades for name in each})


def list_targets(root: Path) -> list[str]:
    """List the targets of reconciler.yaml.

    Raises:
        ReconcilerError: The workspace cannot be used.
    """
    document = load_settings(root, None, {}, is_live=False).document
    return list(_mapping(document.root.get("targets"))) if document is not None else []


def list_accounts(root: Path, target: str | None) -> list[str]:
    """List the aliases of accounts of a target.

    Args:
        root: Folder of the workspace.
        target: Its name, or None for the default one.

    Raises:
        ReconcilerError: The workspace cannot be used, or has no such target.
    """
    return list(load_settings(root, target, {}, is_live=False).target.accounts)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
