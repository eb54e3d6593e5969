"""What is not imported, so that asking for help or a version costs nothing."""

import subprocess
import sys

import pytest

HEAVY = {"babel", "charset_normalizer", "openpyxl", "polars", "pydantic", "python_calamine", "scipy", "yaml"}

_LISTING = """
import atexit, sys
sys.argv = ["kundpuls", *{arguments!r}]
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from kpi_cli.__main__ import main
main()
"""


def _imported(*arguments: str) -> set[str]:
    code = _LISTING.format(arguments=list(arguments))
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return set(ended.stderr.splitlines()[-1].split())


def test_the_version_needs_nothing_but_itself() -> None:
    assert not {"typer", "rich", "kpi_core", "kpi_cli.app", *HEAVY} & _imported("--version")


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), (), ("nonsense",)])
def test_the_help_imports_no_command_and_nothing_heavy(arguments: tuple[str, ...]) -> None:
    imported = _imported(*arguments)
    assert "typer" in imported
    assert not {"rich", *HEAVY} & imported
    assert not [name for name in imported if name.startswith("kpi_cli.commands.")]


@pytest.mark.parametrize("name", ["report", "demo", "define", "inspect", "kpis", "formats", "reconcile"])
def test_the_help_of_a_command_imports_that_command_and_nothing_heavy(name: str) -> None:
    imported = _imported(name, "--help")
    assert {module for module in imported if module.startswith("kpi_cli.commands.")} == {f"kpi_cli.commands.{name}"}
    assert not HEAVY & imported


def test_the_version_is_the_package_s_own() -> None:
    import kpi_cli

    ended = subprocess.run([sys.executable, "-m", "kpi_cli", "--version"], capture_output=True, text=True, check=False)
    assert ended.stdout == f"kundpuls {kpi_cli.__version__}\n"
