"""The folder of the workspace, and the check that the tool writes its own files inside it."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import WorkspaceError
from reconciler.loading.file_kinds import CONFIG_FILE, find_real_path

PLANS_FOLDER = "plans"
# The tool's own files: sandbox state, journal and crash logs.
OWN_FOLDER_NAME = ".reconciler"
_ABSENT = (errno.ENOENT, errno.ENOTDIR)


def find_current_folder() -> Path:
    """Return the current folder.

    Raises:
        WorkspaceError: It was removed, or may not be read.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise WorkspaceError(
            f"the current folder cannot be used: {error.strerror}. Change to another folder, or name the workspace"
            " with --workspace and its full path."
        ) from error


def find_workspace(given: Path | None, environment: Mapping[str, str], current: Path | None = None) -> Path:
    """Find the folder of the workspace.

    Args:
        given: From `--workspace`, or None.
        environment: Environment variables; they say who called `sudo`.
        current: Where to begin; by default the current folder.

    Returns:
        The given folder; else the nearest folder upwards with a reconciler.yaml, else `plans/` in the current folder,
        else the current folder.

    Raises:
        WorkspaceError: The given path is not a folder, the current folder was removed, or a reconciler.yaml further up
            cannot be read or belongs to another user.
    """
    if given is not None:
        if not given.is_dir():
            raise WorkspaceError(f"--workspace {given}: no such folder. `reconciler init` makes a workspace.")
        return given
    current = current or find_current_folder()
    for folder in (current, *current.parents):
        if _has_config(folder):
            if folder != current:
                _refuse_foreign(folder / CONFIG_FILE, environment)
            return folder
    return current / PLANS_FOLDER if (current / PLANS_FOLDER).is_dir() else current


def check_own_folder(root: Path) -> None:
    """Refuse a workspace in which the tool would write its own files outside the workspace.

    Args:
        root: The folder of the workspace.

    Raises:
        WorkspaceError: `.reconciler`, or something in it, is a link that leads out of the workspace.
    """
    folder = root / OWN_FOLDER_NAME
    try:
        place = find_real_path(root)
        with os.scandir(folder) as entries:
            links = [folder, *(Path(entry.path) for entry in entries if entry.is_symlink())]
        for link in links:
            if not find_real_path(link).is_relative_to(place):
                raise WorkspaceError(
                    f"{link} is a symbolic link that leads out of the workspace; remove it: the files of reconciler"
                    " itself stay in the workspace"
                )
    except FileNotFoundError:
        _refuse_dangling(folder)
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be read: {error.strerror or error}") from error


def _refuse_dangling(folder: Path) -> None:
    if folder.is_symlink():
        raise WorkspaceError(f"{folder} is a symbolic link that leads nowhere; remove it")


def _has_config(folder: Path) -> bool:
    """Return whether a folder has an entry of that name, usable or not."""
    path = folder / CONFIG_FILE
    try:
        path.lstat()
    except OSError as error:
        if error.errno in _ABSENT:
            return False
        raise WorkspaceError(
            f"{path} cannot be read: {error.strerror}. Name the workspace with --workspace, or correct the permissions."
        ) from error
    return True


def _refuse_foreign(path: Path, environment: Mapping[str, str]) -> None:
    """Refuse another user's file: it must not decide what is sent with our key. Source: git, safe.directory."""
    owners = {0, os.geteuid()}
    if os.geteuid() == 0 and environment.get("SUDO_UID", "").isdecimal():
        owners.add(int(environment["SUDO_UID"]))
    if path.lstat().st_uid not in owners or path.parent.stat().st_uid not in owners:
        raise WorkspaceError(
            f"{path} belongs to another user and is above the current folder, so it is not used. To use this workspace,"
            f" name it: --workspace {path.parent}"
        )
