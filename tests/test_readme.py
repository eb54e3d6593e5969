"""What the README promises, held against the tool.

The tables of formats and KPIs are made here. After adding one, write them anew with
`KUNDPULS_WRITE_README=1 pytest tests/test_readme.py`.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi_cli.app import NAMES
from kpi_cli.boundary import ExitCode
from kpi_core.ingest.mapping import built_in
from kpi_core.kpis import CATALOGUE

README = Path(__file__).parent.parent / "README.md"
EVIDENCE = {"real": "genuine files", "documented": "documentation"}


def between(text: str, name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found, name
    return found[1]


def formats() -> str:
    """One row a mapping."""
    rows = [
        f"| `{mapping.name}` | {mapping.label} | {mapping.table} | {EVIDENCE[mapping.evidence]} |"
        for mapping in built_in()
    ]
    return "\n".join(["| name | reads | table | known from |", "| --- | --- | --- | --- |", *rows, ""])


def kpis() -> str:
    """One row a KPI; forms that are another's mean or percentile stand behind it."""
    names = {kpi.name for kpi in CATALOGUE}
    rows = []
    for kpi in CATALOGUE:
        base = re.sub(r"_(mean|p90)$", "", kpi.name)
        if base != kpi.name and base in names:
            continue
        forms = [f"`{name}`" for name in (f"{kpi.name}_mean", f"{kpi.name}_p90") if name in names]
        name = ", ".join([f"`{kpi.name}`", *forms])
        rows.append(f"| {name} | {kpi.formula.replace('|', '/')} | `{kpi.dated_by}` | {kpi.better} |")
    return "\n".join(["| KPI | definition | dated by | better |", "| --- | --- | --- | --- |", *rows, ""])


@pytest.mark.parametrize(("name", "table"), [("formats", formats), ("kpis", kpis)])
def test_a_table_is_what_the_tool_has(name: str, table: Callable[[], str]) -> None:
    text = README.read_text(encoding="utf-8")
    if os.environ.get("KUNDPULS_WRITE_README"):
        head, _, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{head}<!-- {name} -->\n{table()}<!-- /{name} -->{rest.partition(f'<!-- /{name} -->')[2]}"
        README.write_text(text, encoding="utf-8", newline="\n")
    assert between(text, name) == table()


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_in_the_table(name: str) -> None:
    assert re.search(rf"^\| `kundpuls {name}\b", README.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("code", [code.value for code in ExitCode])
def test_every_exit_code_is_told(code: int) -> None:
    assert re.search(rf"^\| {code} \|", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_option_it_names_is_one() -> None:
    import typer

    from kpi_cli.app import app

    group = typer.main.get_command(app)
    options = {"--help", "--version", "--install-completion"}
    for name in NAMES:
        command = group.get_command(None, name)  # type: ignore[attr-defined]
        options |= {text for parameter in command.params for text in parameter.opts}
    text = README.read_text(encoding="utf-8")
    prose = re.sub(r"<!-- (install|test) -->\n```bash\n.*?```", "", text, flags=re.DOTALL)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", prose)) <= options
