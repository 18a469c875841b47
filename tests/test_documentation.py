"""Documents are true: their commands run in reading order, their links lead somewhere, their tables are up to date."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tests.support.document_tables import (
    make_config_tables,
    make_guardrail_table,
    make_plan_tables,
    make_rule_table,
    make_safety_table,
)
from tests.support.documents import ROOT, Shell, find_documents, read_blocks, read_sentences, run_document

DOCUMENTS = find_documents()
WITH_COMMANDS = [path for path in DOCUMENTS if any(block.kind == "console" for block in read_blocks(path.read_text()))]
LONGEST_SENTENCE = 35
# Words of our own, for which there is a usual one.
DIALECT = re.compile(
    r"\b(anew|gravest|heed(s|ed)?|(left|leaves?|leaving) alone|look(s|ed)? (at|again)|takes? charge|pokes?|tell(s|ing)?"
    r"|told|does not stand|for ever|shall)\b",
    re.IGNORECASE,
)
COMMON_OPTIONS = ("--help", "--workspace", "--target", "--color", "--verbose")
# What a table is made from, as its document says: the document, and what makes it.
TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "schemas/plan.schema.json": ("plans/README.md", make_plan_tables),
    "schemas/config.schema.json": ("plans/README.md", make_config_tables),
    "reconciler/rules": ("plans/README.md", make_rule_table),
    "reconciler/guardrails": ("plans/README.md", make_guardrail_table),
    "tests/scenarios/simulation/test_removed_safeties.py": ("tests/README.md", make_safety_table),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    opened = Shell(tmp_path)
    yield opened
    opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_COMMANDS, ids=name_of)
def test_a_document_shows_what_its_commands_print(path: Path, shell: Shell) -> None:
    """`GOLDEN_WRITE=1` writes what was printed into the document; its commands stay as they are."""
    text = path.read_text()
    happened = run_document(text, shell)
    if os.environ.get("GOLDEN_WRITE"):
        path.write_text(happened)
    assert path.read_text() == happened


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), target
        assert not anchor or anchor in headings(found), target


def headings(path: Path) -> set[str]:
    """The anchors of a document, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_one_that_the_program_makes(name: str) -> None:
    """`GOLDEN_WRITE=1` writes it into the document."""
    document, make = TABLES[name]
    path = ROOT / document
    begin, end = f"<!-- made from {name} -->\n", "<!-- end -->\n"
    before, found, rest = path.read_text().partition(begin)
    _, _, after = rest.partition(end)
    assert found, f"{path} has no line {begin}"
    made = f"{before}{begin}\n{make()}\n{end}{after}"
    if os.environ.get("GOLDEN_WRITE"):
        path.write_text(made)
    assert path.read_text() == made


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_document_uses_the_words_of_the_field(path: Path) -> None:
    assert [found for found in read_sentences(path.read_text()) if DIALECT.search(found)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_no_sentence_is_too_long_to_be_understood_at_first_reading(path: Path) -> None:
    assert [found for found in read_sentences(path.read_text()) if len(found.split()) > LONGEST_SENTENCE] == []


def test_the_table_of_commands_has_every_command_with_its_options() -> None:
    from reconciler.cli.main import root

    context = click.Context(root)
    rows = re.findall(r"^\| `(\w+)(.*)$", (ROOT / "reconciler" / "cli" / "README.md").read_text(), re.MULTILINE)
    for name in root.list_commands(context):
        shown = {option for row, text in rows if row == name for option in re.findall(r"(?<![\w-])--[a-z-]+", text)}
        known = set(list_options(root, name, context))
        assert name in {row for row, _ in rows}
        # What the parts of these take beside is in their help and in documents of their own.
        assert shown <= known if name in ("sandbox", "trade", "journal") else shown == known, name


def list_options(group: click.Group, name: str, context: click.Context) -> Iterator[str]:
    """The long options of a command and its parts, without those that all commands have."""
    command = group.get_command(context, name)
    assert command is not None
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            yield from list_options(command, part, context)
    for parameter in command.params:
        yield from (option for option in parameter.opts if option.startswith("--") and option not in COMMON_OPTIONS)


@pytest.mark.parametrize("document", ["README.md", "reconciler/cli/README.md", "reconciler/applying/README.md"])
def test_every_exit_code_is_explained(document: str) -> None:
    from reconciler.cli.exit_codes import ExitCode

    rows = {int(code) for code in re.findall(r"(?:\||\bor) (\d+) (?=\||or)", (ROOT / document).read_text())}
    assert rows | {ExitCode.DONE} == set(ExitCode)


def test_every_folder_of_the_package_is_in_the_table_of_rooms() -> None:
    table = (ROOT / "reconciler" / "README.md").read_text()
    for path in (ROOT / "reconciler").iterdir():
        assert not (path / "__init__.py").exists() or f"[`{path.name}`]({path.name}" in table, path.name


def test_every_folder_of_the_tests_is_in_their_table() -> None:
    table = (ROOT / "tests" / "README.md").read_text()
    for path in [*(ROOT / "tests").iterdir(), *(ROOT / "tests" / "scenarios").iterdir()]:
        if path.is_dir() and path.name not in ("__pycache__", "scenarios"):
            assert re.search(rf"^\| `(scenarios/)?{path.name}/?` \|", table, re.MULTILINE), path.name


def test_every_key_in_a_recipe_for_jq_is_in_a_schema_or_an_answer() -> None:
    """Without `jq` this is all that is tested of a recipe."""
    known = set(re.findall(r'"(\w+)":', "".join(path.read_text() for path in (ROOT / "schemas").rglob("*.json"))))
    status = (ROOT / "tests" / "golden" / "status.json").read_text()
    known |= set(re.findall(r'"(\w+)":', status)) | {"type", "state", "kind", "valid", "error_count", "warning_count"}
    for block in read_blocks((ROOT / "schemas" / "README.md").read_text()):
        for line in block.lines:
            _, found, recipe = line.partition("jq ")
            keys = re.findall(r"(?<![\w\"])\.([a-z_]+)(?!\w*\.\w)", recipe) if found else []
            assert set(keys) - {"json"} <= known, line


def test_the_shipped_plan_file_is_the_one_on_the_first_screen() -> None:
    shown = next(block for block in read_blocks((ROOT / "README.md").read_text()) if block.kind == "yaml")
    assert "\n".join(shown.lines) + "\n" == (ROOT / "plans" / "btc.yaml").read_text()


@pytest.mark.slow
def test_the_command_that_runs_it_ends_with_an_applied_plan_and_an_empty_second_plan(shell: Shell) -> None:
    found = next(block for block in read_blocks((ROOT / "README.md").read_text()) if block.marker == "command: run")
    install, _, commands = found.lines[0].partition(" && .venv/bin/reconciler")
    assert install == "python3.11 -m venv .venv && .venv/bin/pip install --quiet ."
    printed, code = shell.run(f".venv/bin/reconciler{commands}")
    assert code == 0
    assert "Apply complete! Trades: 3 added, 0 changed, 0 destroyed." in printed
    assert re.search(r"No changes\. 3 trades .*\nRequests: 3 used\.\n$", printed)


def test_the_sentences_of_a_document_are_found_in_paragraphs_lists_and_tables() -> None:
    text = "# A\n\nOne two. `a b` three!\n\n- Four\n  five: six\n\n| seven | [e](x) |\n\n```sh\nnot this\n```\n"
    assert read_sentences(text) == ["One two.", "code three!", "Four five:", "six", "seven", "[e]"]


def test_a_document_is_read_as_a_reader_acts(shell: Shell) -> None:
    """Files are written, edited by a diff and read by commands, hidden ones too; what is shown wrongly is replaced."""
    blocks = (
        "```text a.txt\none\ntwo\n```",
        "```diff\n--- a.txt\n+++ a.txt\n one\n-two\n+three\n```",
        "<!-- run: mkdir b && cd b -->",
        "```console\n$ cat ../a.txt\nwrong\n$ echo \\\n> four\n```",
        "<!-- not run: it would fail -->\n```sh\nfalse\n```",
    )
    happened = run_document("\n\n".join(blocks), shell)
    assert "$ cat ../a.txt\none\nthree\n$ echo \\\n> four\nfour\n```" in happened


def test_a_command_whose_output_is_not_shown_must_succeed(shell: Shell) -> None:
    with pytest.raises(AssertionError, match="exit code 3"):
        run_document("```sh\nexit_code() { return 3; }; exit_code\n```", shell)


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 250
