"""A small runner for the workflows and composite actions of this repository: steps, env, outputs, if, uses.

It reads the YAML files themselves, so that what is tested is what runs. Actions of others have stand-ins.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.action_expressions import fill, is_true

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = re.compile(
    r"^::(?P<level>error|warning|notice|debug|add-mask)(?: (?P<properties>[^:]*(?:%3A[^:]*)*))?::(?P<text>.*)$"
)
_OUTPUT = re.compile(r"^(?P<name>[\w-]+)(?:=(?P<value>.*)|<<(?P<end>\S+))$")
# What a runner has beside what a workflow names; nothing of the machine that runs the tests.
_KEPT = ("LANG", "LC_ALL", "TMPDIR")

Stand = Callable[[Mapping[str, str], "Runner"], Mapping[str, str]]


@dataclass(frozen=True)
class Annotation:
    level: str
    text: str
    properties: Mapping[str, str]


@dataclass
class Result:
    """What a job or an action has done."""

    outputs: dict[str, str] = field(default_factory=dict)
    has_failed: bool = False
    ran: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


@dataclass
class Runner:
    """One machine that runs steps, in one checkout."""

    workspace: Path
    temp: Path
    github: dict[str, Any]
    environment: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    log: str = ""
    summary: str = ""
    annotations: list[Annotation] = field(default_factory=list)
    _count: int = 0

    def run_job(self, workflow: Path, job: str, needs: Mapping[str, Any] | None = None) -> Result:
        """Run a job of a workflow file."""
        document = load(workflow)
        content = document["jobs"][job]
        contexts = {**self._contexts(), "needs": needs or {}}
        if not is_true(content.get("if"), contexts, has_failed=False):
            return Result(skipped=[job])
        env = {**document.get("env", {}), **content.get("env", {})}
        env = {name: fill(value, contexts) for name, value in env.items()}
        return self._run_steps(content["steps"], contexts, env, action_path=None, outputs=content.get("outputs", {}))

    def run_action(self, folder: Path, inputs: Mapping[str, str], env: Mapping[str, str] | None = None) -> Result:
        """Run a composite action."""
        document = load(folder / "action.yml")
        assert document["runs"]["using"] == "composite"
        declared = document.get("inputs", {})
        unknown = set(inputs) - set(declared)
        assert not unknown, f"{folder.name} has no input {unknown}"
        missing = [name for name, each in declared.items() if each.get("required") and not inputs.get(name)]
        assert not missing, f"{folder.name} needs {missing}"
        contexts = self._contexts()
        defaults = {name: fill(each.get("default", ""), contexts) for name, each in declared.items()}
        contexts["inputs"] = {**defaults, **inputs}
        outputs = {name: each["value"] for name, each in document.get("outputs", {}).items()}
        return self._run_steps(document["runs"]["steps"], contexts, dict(env or {}), folder, outputs)

    def _contexts(self) -> dict[str, Any]:
        return {
            "github": self.github,
            "runner": {"temp": str(self.temp), "os": "Linux"},
            "secrets": self.secrets,
            "vars": self.variables,
        }

    def _run_steps(
        self,
        steps: list[dict[str, Any]],
        contexts: dict[str, Any],
        env: Mapping[str, str],
        action_path: Path | None,
        outputs: Mapping[str, str],
    ) -> Result:
        result = Result()
        done: dict[str, Any] = {}
        contexts = {**contexts, "steps": done, "env": dict(env)}
        for number, step in enumerate(steps):
            name = step.get("name") or step.get("uses") or f"step {number}"
            if not is_true(step.get("if"), contexts, has_failed=result.has_failed):
                result.skipped.append(name)
                continue
            result.ran.append(name)
            given = {**env, **{key: fill(value, contexts) for key, value in step.get("env", {}).items()}}
            if "uses" in step:
                inputs = {key: fill(value, contexts) for key, value in step.get("with", {}).items()}
                found, is_good = self._use(step["uses"], inputs, given)
            else:
                assert action_path is None or "shell" in step, f"{name} names no shell"
                found, is_good = self._run(step, given, action_path)
            if "id" in step:
                done[step["id"]] = {"outputs": found, "outcome": "success" if is_good else "failure"}
            result.has_failed = result.has_failed or not (is_good or step.get("continue-on-error"))
        result.outputs = {key: fill(value, contexts) for key, value in outputs.items()}
        return result

    def _use(self, uses: str, inputs: Mapping[str, str], env: Mapping[str, str]) -> tuple[Mapping[str, str], bool]:
        name = uses.partition("@")[0]
        own = re.search(r"(?:^|/)\.github/actions/(\w+)$", name)
        if own:
            found = self.run_action(ROOT / ".github" / "actions" / own[1], inputs, env)
            return found.outputs, not found.has_failed
        try:
            return self.stands[name](inputs, self), True
        except StepFailed as error:
            self.log += f"{error}\n"
            return {}, False

    def _run(
        self, step: dict[str, Any], env: Mapping[str, str], action_path: Path | None
    ) -> tuple[dict[str, str], bool]:
        assert "${{" not in step["run"], step["run"]
        self._count += 1
        files = {
            name: self.temp / f"{name.lower()}_{self._count}"
            for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        }
        for path in files.values():
            path.touch()
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= self.environment | dict(env) | {name: str(path) for name, path in files.items()}
        environment |= {
            "PATH": os.pathsep.join([*self.path, str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.temp),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            **({} if action_path is None else {"GITHUB_ACTION_PATH": str(action_path)}),
        }
        folder = self.workspace / step.get("working-directory", ".")
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        process = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._read_log(process.stdout)
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        self.path[:0] = reversed(files["GITHUB_PATH"].read_text("utf-8").split())
        return read_outputs(files["GITHUB_OUTPUT"].read_text("utf-8")), process.returncode == 0

    def _read_log(self, text: str) -> None:
        """Take the commands of a log as the runner does: also after blanks, and none between stop and start."""
        self.log += text
        stopped = ""
        for line in map(str.lstrip, text.splitlines()):
            if stopped:
                stopped = "" if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            elif match := _COMMAND.match(line):
                pairs = (each.partition("=") for each in (match["properties"] or "").split(",") if each)
                properties = {key: _unescape(value) for key, _, value in pairs}
                self.annotations.append(Annotation(match["level"], _unescape(match["text"]), properties))
            else:
                assert not line.startswith("::"), f"unknown command {line}"


class StepFailed(Exception):
    """A stand-in ends its step."""


def load(path: Path) -> dict[str, Any]:
    """A workflow or an action."""
    document = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(document, dict)
    # YAML takes the key `on` for a switch.
    return {"on" if key is True else key: value for key, value in document.items()}


def read_outputs(text: str) -> dict[str, str]:
    """The outputs that a step has written."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        match = _OUTPUT.match(line)
        assert match, line
        if match["end"] is None:
            found[match["name"]] = match["value"]
            continue
        value: list[str] = []
        for each in lines:
            if each == match["end"]:
                break
            value.append(each)
        found[match["name"]] = "\n".join(value)
    return found


def _unescape(text: str) -> str:
    return text.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def copy_folder(source: Path, target: Path) -> None:
    """A copy of all files of a folder."""
    shutil.copytree(source, target, dirs_exist_ok=True)
