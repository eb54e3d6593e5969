"""The shape of the project: what lies where, how long it may be, and what may import what."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOP = {"README.md", "pyproject.toml", "cli", "configs", "kpi_core", "sample_data", "tests"}
OTHER_FILES = {"CHANGELOG.md", "CONTRIBUTING.md", "DECISIONS.md", "LICENSE", "uv.lock"}
LONGEST_MODULE = 450
LONGEST_FUNCTION = 50
MODULES = sorted(path for folder in ("kpi_core", "cli") for path in (ROOT / folder).rglob("*.py"))
_PINNED = (
    "python3 -m venv .venv && .venv/bin/pip install --require-hashes -r .ci/{}"
    " && .venv/bin/pip install --no-deps --no-build-isolation ."
)
COMMANDS = {
    "install": f"{_PINNED.format('requirements.txt')} && .venv/bin/kundpuls demo",
    "test": f"{_PINNED.format('requirements-test.txt')} && .venv/bin/pytest -n auto",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring."""
    last = function.end_lineno or function.lineno
    first = function.body[0]
    result = ast.get_docstring(function) is not None
    return last - function.lineno + 1 - (((first.end_lineno or 0) - first.lineno + 1) if result else 0)


def test_the_top_level_holds_what_it_may_and_no_more() -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a checkout")
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {file.split("/")[0] for file in files if not file.startswith(".")}
    assert found >= TOP
    assert found <= TOP | OTHER_FILES


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_and_functions_stay_short_and_say_why_they_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LONGEST_MODULE
    long = {function.name: _length(function) for function in _functions(tree) if _length(function) > LONGEST_FUNCTION}
    assert long == {}
    assert ast.get_docstring(tree), "the module says why it exists"


COMMAND_MODULES = sorted((ROOT / "cli/kpi_cli/commands").glob("[!_]*.py"))
LONGEST_COMMAND = 39


@pytest.mark.parametrize("path", COMMAND_MODULES, ids=_name)
def test_a_command_asks_and_hands_over_and_does_nothing_else(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_COMMAND


FULLEST = 16
"""Modules of a folder that are not all of one kind, its `__init__` among them."""
OF_ONE_KIND = {"cli/kpi_cli/documents", "cli/kpi_cli/commands", "cli/kpi_cli/options"}
"""Folders that hold one module for each answer, each command, each group of options."""
FOLDERS = sorted({path.parent for path in MODULES if {"kpi_core", "kpi_cli"} & {*path.parts}})


@pytest.mark.parametrize("folder", FOLDERS, ids=_name)
def test_no_folder_holds_more_than_one_can_overlook(folder: Path) -> None:
    modules = list(folder.glob("*.py"))
    assert len(modules) <= FULLEST or str(folder.relative_to(ROOT)) in OF_ONE_KIND, sorted(one.stem for one in modules)


@pytest.mark.parametrize("path", [path for path in MODULES if "kpi_core" in path.parts], ids=_name)
def test_the_core_prints_nothing(path: Path) -> None:
    called = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert [name for name in called if isinstance(name, ast.Name) and name.id == "print"] == []


def test_imports_point_down() -> None:
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("import-linter is not installed")
    ended = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_the_core_runs_without_the_command_line() -> None:
    code = (
        "import pkgutil, importlib, sys, kpi_core\n"
        "for module in pkgutil.walk_packages(kpi_core.__path__, 'kpi_core.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(*{'typer', 'rich', 'kpi_cli'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_has_the_commands_that_ci_runs(name: str) -> None:
    found = re.search(
        rf"^<!-- {name} -->\n```\w*\n(.*?)\n```",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert found
    assert found[1] == COMMANDS[name]
