"""One plan file made unreadable in each way: in none is its live trade, which waits, cancelled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.git_repositories import commit_all, make_repository, run_git
from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.slow

ETH_DIP = BTC_DIP.replace("btc-dip", "eth-dip").replace("price: 60000", "price: 59000")
FILE = Path("futures/eth.yaml")
FOLDER = FILE.parent
CONFIG_FILE = Path("reconciler.yaml")

Break = Callable[[], object]


def replace_by_link(target: str) -> Break:
    def replace() -> None:
        FILE.rename("../eth.yaml")
        FILE.symlink_to(target)

    return replace


def replace_by(make: Callable[[Path], object]) -> Break:
    def replace() -> None:
        FILE.unlink()
        make(FILE)

    return replace


def link_folder() -> None:
    FOLDER.rename("../futures")
    FOLDER.symlink_to("../futures")


def hide_folder() -> None:
    FOLDER.rename(".futures")
    FOLDER.symlink_to(".futures")


def narrow(*globs: str) -> Break:
    return lambda: CONFIG_FILE.write_text(f"{CONFIG}include: {list(globs)}\n")


def empty_submodule() -> None:
    shutil.rmtree(FOLDER)
    FOLDER.mkdir()
    Path(".gitmodules").write_text('[submodule "futures"]\n\tpath = futures\n\turl = ../futures\n')


def clone_without_submodules() -> None:
    shutil.move(FOLDER, "../futures")
    commit_all(make_repository(Path("../futures")))
    make_repository(Path())
    run_git(Path(), "submodule", "--quiet", "add", "../futures", "futures")
    commit_all(Path())
    run_git(Path(), "submodule", "--quiet", "deinit", "--force", "futures")


def check_out_sparsely() -> None:
    commit_all(make_repository(Path()))
    run_git(Path(), "sparse-checkout", "set", "spot")


def lose_target(target: str) -> Break:
    def replace() -> None:
        CONFIG_FILE.unlink()
        CONFIG_FILE.symlink_to(target)

    return replace


def lose_file_to_a_folder() -> None:
    FILE.unlink()
    FILE.mkdir()


def lose_config_to_a_folder() -> None:
    CONFIG_FILE.unlink()
    CONFIG_FILE.mkdir()


# A way to make the file unreadable, the exit code of apply, and what is said.
WAYS: dict[str, tuple[Break, int, str]] = {
    "another spelling": (lambda: FILE.rename(FOLDER / "eth.YAML"), 1, "futures/eth.YAML:1:1: error: "),
    "one more spelling": (lambda: FILE.rename(FOLDER / "eth.Yml"), 1, "futures/eth.Yml:1:1: error: "),
    "a trailing space": (lambda: FILE.rename(FOLDER / "eth.yaml "), 1, "another spelling"),
    "a link outside": (replace_by_link("../../eth.yaml"), 1, "outside the workspace"),
    "a link to itself": (replace_by_link("eth.yaml"), 1, "too many levels of symbolic links"),
    "a link to nothing": (replace_by_link("gone.yaml"), 1, "does not exist"),
    "a device": (replace_by_link("/dev/null"), 1, "is a device"),
    "a pipe": (replace_by(os.mkfifo), 1, "is a pipe"),
    "a folder that is a link": (link_folder, 1, "futures:1:1: error: is a symbolic link to a folder"),
    "a hidden folder behind a link": (hide_folder, 1, "futures:1:1: error: is a symbolic link to a folder"),
    "a dead glob": (narrow("*.yaml", "future/*.yaml"), 1, "'future/*.yaml', which matches no plan file"),
    "a glob that leads out": (narrow("*.yaml", "../futures/*.yaml"), 1, "leads out of the workspace"),
    "a glob for a folder": (narrow("*.yaml", "futures"), 1, "write futures/*.yaml"),
    "a nested workspace": ((FOLDER / "reconciler.yaml").touch, 12, "write `nested: [futures]`"),
    "a list of submodules": (empty_submodule, 12, "is a submodule that is not checked out"),
    "a submodule": (clone_without_submodules, 12, "is a submodule that is not checked out"),
    "a sparse checkout": (check_out_sparsely, 12, "is not checked out (sparse checkout)"),
    "UTF-16": (lambda: FILE.write_text(ETH_DIP, encoding="utf-16"), 1, "UTF-16"),
    "a folder in its place": (lose_file_to_a_folder, 1, "is a folder, expected a regular file"),
    "no content": (lambda: FILE.write_text(""), 1, "is empty"),
    "a pointer to another store": (
        lambda: FILE.write_text("version https://example.com/v1\noid x\n"),
        1,
        "a single value",
    ),
    "a configuration that is gone": (lose_target("../gone/reconciler.yaml"), 1, "reconciler.yaml:1:1: error: "),
    "a configuration outside": (lose_target("/etc/hostname"), 1, "reconciler.yaml:1:1: error: "),
    "a configuration that is a folder": (lose_config_to_a_folder, 1, "is a folder, expected a regular file"),
}


@pytest.fixture
def two_trades(workspace: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace below a folder of its own, with two trades that wait, one in a folder."""
    root = workspace / "root"
    root.mkdir()
    for name in ("reconciler.yaml", "btc-dip.yaml"):
        (workspace / name).rename(root / name)
    monkeypatch.chdir(root)
    FOLDER.mkdir()
    FILE.write_text(ETH_DIP)
    assert cli("apply", "--auto-approve").code == 0
    assert count_waiting(cli) == 2
    return root


def count_waiting(cli: Cli) -> int:
    shown = json.loads(cli("sandbox", "show", "--data", ".reconciler/sandbox.sqlite").out)
    return int(shown["trades"]["waiting_position"])


@pytest.mark.parametrize("way", WAYS)
def test_the_trade_of_a_file_that_cannot_be_read_is_not_cancelled(cli: Cli, two_trades: Path, way: str) -> None:
    make_unreadable, code, said = WAYS[way]
    make_unreadable()
    for command in (["validate"], ["plan"], ["drift"], ["apply", "--auto-approve"]):
        done = cli(*command)
        assert said in done.out + done.err
    assert done.code == code
    assert count_waiting(cli) == 2


def test_a_file_that_is_taken_away_is(cli: Cli, two_trades: Path) -> None:
    FILE.unlink()
    assert cli("apply", "--auto-approve").code == 0
    assert count_waiting(cli) == 1


def test_with_its_file_back_nothing_is_to_be_done(cli: Cli, two_trades: Path) -> None:
    (FOLDER / "reconciler.yaml").touch()
    assert cli("apply", "--auto-approve").code == 12
    (FOLDER / "reconciler.yaml").unlink()
    assert "No changes" in cli("plan").out


def test_a_workspace_that_is_listed_as_nested_blocks_nothing(cli: Cli, two_trades: Path) -> None:
    (FOLDER / "reconciler.yaml").touch()
    CONFIG_FILE.write_text(f"{CONFIG}nested: [futures]\n")
    assert cli("validate").err == "Valid: 1 trade in 1 file.\n"
    assert cli("apply", "--auto-approve").code == 0
    assert count_waiting(cli) == 1


def test_a_doubt_holds_back_nothing_but_removals(cli: Cli, two_trades: Path) -> None:
    (FOLDER / "reconciler.yaml").touch()
    Path("btc-dip.yaml").write_text(BTC_DIP.replace("weekly support retest", "daily"))
    done = cli("apply", "--auto-approve")
    assert done.code == 12
    assert "1 changed, 0 destroyed" in done.out
    assert count_waiting(cli) == 2


def test_files_that_move_while_they_are_read_are_never_missed(cli: Cli, two_trades: Path) -> None:
    """A helper moves the file to and fro, so that a walk may pass both places while the file is in the other."""
    script = (
        "import os, time\nwhile True:\n"
        "    os.rename('futures/eth.yaml', 'a.yaml'); time.sleep(0.002)\n"
        "    os.rename('a.yaml', 'futures/eth.yaml'); time.sleep(0.002)\n"
    )
    mover = subprocess.Popen([sys.executable, "-c", script])
    try:
        codes = {cli("apply", "--auto-approve").code for _ in range(15)}
    finally:
        mover.kill()
        mover.wait()
    assert codes <= {0, 1}
    assert count_waiting(cli) == 2


def run_unprivileged(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The program as a user for whom modes count."""
    command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", *arguments]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root ignores modes, and there is no setpriv")
        command = [setpriv, "--bounding-set", "-dac_override,-dac_read_search", *command]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize(
    ("path", "mode", "said"),
    [
        (FOLDER, 0o311, "futures:1:1: error: cannot be read: Permission denied"),
        (FOLDER, 0o000, "futures:1:1: error: cannot be read: Permission denied"),
        (FOLDER, 0o644, "futures:1:1: error: cannot be read: Permission denied"),
        (FILE, 0o000, "futures/eth.yaml:1:1: error: cannot be read: Permission denied"),
        (CONFIG_FILE, 0o000, "reconciler.yaml:1:1: error: cannot be read: Permission denied"),
    ],
)
def test_nor_is_it_where_the_mode_forbids_reading(cli: Cli, two_trades: Path, path: Path, mode: int, said: str) -> None:
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        done = [run_unprivileged(*command) for command in (["validate"], ["apply", "--auto-approve"])]
    finally:
        path.chmod(before)
    for each in done:
        assert each.returncode == 1
        assert said in each.stdout + each.stderr
    assert count_waiting(cli) == 2


@pytest.mark.parametrize("command", ["plan", "apply", "drift", "status"])
def test_in_ci_a_missing_configuration_is_an_error(
    cli: Cli, two_trades: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("CI", "true")
    CONFIG_FILE.unlink()
    done = cli(command, "--workspace", ".", *(["--auto-approve"] if command == "apply" else []))
    assert done.code == 1
    assert "has no reconciler.yaml" in done.err
    assert cli("validate", "--workspace", ".").code == 0


def test_without_the_current_folder_only_a_full_path_is_of_use(
    cli: Cli, two_trades: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = two_trades / ".gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    try:
        assert cli("--workspace", str(two_trades), "plan").code == 0
        assert cli("--workspace", str(two_trades), "validate", str(two_trades / FILE)).code == 0
        assert cli("--workspace", str(two_trades), "plan", "eth.yaml").code == 64
        for command in (["plan"], ["validate"], ["init"], ["sandbox", "show"], ["plan", "--out", "x.json"]):
            done = cli(*command)
            assert done.code == 1
            assert "the current folder cannot be used" in done.err
    finally:
        os.chdir(two_trades)


def test_a_loop_is_of_no_concern_to_other_files(cli: Cli, two_trades: Path) -> None:
    Path("loop.yaml").symlink_to("loop.yaml")
    assert cli("validate", "btc-dip.yaml").code == 0
    assert cli("validate").code == 1
