"""Schemas for editors: in the workspace's own folder, with the settings that make VS Code use them."""

from __future__ import annotations

import json
from pathlib import Path

from reconciler.errors import UsageError
from reconciler.formatting.files import read_text, replace_text
from reconciler.git.objects import show_place
from reconciler.git.repository import find_repository, find_superproject
from reconciler.loading.file_kinds import CONFIG_FILE, SUFFIXES
from reconciler.loading.workspace_folder import OWN_FOLDER_NAME, find_current_folder
from reconciler.settings import Settings
from reconciler.validation.schemas import read_schema

PLAN_SCHEMA, CONFIG_SCHEMA = "plan.schema.json", "config.schema.json"
# The first line of a file, by which the YAML extensions of editors find its schema.
MODELINE = f"# yaml-language-server: $schema={OWN_FOLDER_NAME}/{{}}\n"


def write_editor_schemas(root: Path) -> tuple[Path, ...]:
    """Write the schemas of plan files and of reconciler.yaml into the workspace's own folder, which git ignores.

    Args:
        root: The folder of the workspace.

    Returns:
        Both files.

    Raises:
        WorkspaceError: They cannot be written.
    """
    from reconciler.workflows.connection import make_own_folder

    folder = make_own_folder(root)
    paths = folder / PLAN_SCHEMA, folder / CONFIG_SCHEMA
    for path, name in zip(paths, ("plan", "config"), strict=True):
        before, text = read_text(path), read_schema(name)
        if before != text:
            replace_text(path, text, expected=before)
    return paths


def describe_vscode(settings: Settings) -> str:
    """Describe the settings of VS Code that let its YAML extension use the schemas, as a JSON text.

    Paths are those from the top of the repository, which is usually the folder that is open in the editor.

    Args:
        settings: The workspace.

    Raises:
        UsageError: The workspace is not below the current folder, and not in a repository.
    """
    prefix = _find_prefix(settings.root)
    own = f"./{prefix}{OWN_FOLDER_NAME}"
    globs = settings.include or tuple(f"**/*{suffix}" for suffix in SUFFIXES)
    others = [f"!{prefix}{CONFIG_FILE}", *(f"!{prefix}{folder}/**" for folder in settings.nested)]
    schemas = {
        f"{own}/{PLAN_SCHEMA}": [*(f"{prefix}{glob}" for glob in globs), *others],
        f"{own}/{CONFIG_SCHEMA}": [f"{prefix}{CONFIG_FILE}"],
    }
    return json.dumps({"yaml.schemas": schemas}, indent=2, ensure_ascii=False)


def _find_prefix(root: Path) -> str:
    """Return the path of the workspace from the top of its repository, or from the current folder, with a slash."""
    repository = find_repository(root)
    if repository is None:
        try:
            place = root.resolve().relative_to(find_current_folder().resolve()).as_posix()
        except ValueError:
            raise UsageError(
                f"{root} is not below the current folder; change to the folder that the editor has open"
            ) from None
    else:
        place = show_place(find_superproject(repository), root) or ""
    return "" if place in ("", ".") else f"{place}/"
