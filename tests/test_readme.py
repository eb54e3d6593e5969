"""What the README and the pages next to it promise, compared with the tool.

The tables of formats and KPIs are made here. After adding one, write them anew with
`KUNDPULS_WRITE_README=1 pytest tests/test_readme.py`.
"""

import html
import json
import os
import re
import runpy
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpi_cli.app import NAMES, app
from kpi_cli.boundary import ExitCode
from kpi_cli.options import project
from kpi_core.ingest.formats.mapping import built_in, load_mapping
from kpi_core.kpis import CATALOGUE
from kpi_core.user_kpis import read_pack

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
FORMATS, KPIS = ROOT / "configs" / "mappings" / "README.md", ROOT / "kpi_core" / "kpis" / "README.md"
PAGES = (README, ROOT / "cli" / "README.md", ROOT / "configs" / "README.md", ROOT / "kpi_core" / "README.md")
"""What a user reads; what is shown there is tried."""
LONGEST = 220
"""Lines of the README."""
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


def everything() -> str:
    """The text of all pages."""
    return "\n".join(page.read_text(encoding="utf-8") for page in (*PAGES, FORMATS, KPIS))


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("page", [*PAGES, FORMATS, KPIS], ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_refers_to_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_the_places_that_a_recipe_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/])(?:\.ci|cli|configs|kpi_core|sample_data|tests)/[\w./-]*\w(?![\w<{*/])", text))
    assert {place for place in named if not (ROOT / place).exists()} == set()


@pytest.mark.parametrize(("page", "name", "table"), [(FORMATS, "formats", formats), (KPIS, "kpis", kpis)])
def test_a_table_is_what_the_tool_has(page: Path, name: str, table: Callable[[], str]) -> None:
    text = page.read_text(encoding="utf-8")
    if os.environ.get("KUNDPULS_WRITE_README"):
        head, _, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{head}<!-- {name} -->\n{table()}<!-- /{name} -->{rest.partition(f'<!-- /{name} -->')[2]}"
        page.write_text(text, encoding="utf-8", newline="\n")
    assert between(text, name) == table(), "KUNDPULS_WRITE_README=1 pytest tests/test_readme.py writes the table anew"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_in_the_table(name: str) -> None:
    found = re.search(rf"^\| `kundpuls {name}\b", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"the README's table of commands has no line `kundpuls {name}`"


@pytest.mark.parametrize("code", [code.value for code in ExitCode])
def test_every_exit_code_is_reported(code: int) -> None:
    assert re.search(rf"^\| {code} \|", README.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_option_it_names_is_one() -> None:
    import typer

    group = typer.main.get_command(app)
    options = {"--help", "--version", "--install-completion"}
    for name in NAMES:
        command = group.get_command(None, name)  # type: ignore[attr-defined]
        options |= {text for parameter in command.params for text in parameter.opts}
    text = everything()
    prose = re.sub(
        r"<!-- (install|test) -->\n```bash\n.*?```|`[^`\n]*pip install[^`\n]*`|`python tests/[^`\n]*`|(?m:^.*\bsbatch .*$)",
        "",
        text,
        flags=re.DOTALL,
    )
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", prose)) <= options


def blocks(language: str) -> list[str]:
    """The pages' blocks of code in a language; `""` for those that show a screen."""
    found = []
    for page in PAGES:
        pieces = re.split(r"^```(.*)\n", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        opened = zip(pieces[::4], pieces[1::4], strict=True)  # what closes a block and the prose after it stand between
        found += [block for name, block in opened if name == language]
    return found


def commands() -> list[str]:
    """Every line of the README's blocks that runs the tool, without its comment."""
    lines = [line for language in ("bash", "") for block in blocks(language) for line in block.splitlines()]
    found = [re.search(r"(?:^|\$ |\s{2})(kundpuls [a-z].*?)(?:\s+#.*)?$", line) for line in lines]
    return [line[1] for line in found if line]


@pytest.mark.parametrize("command", commands())
def test_a_command_it_shows_means_something(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder the only thing to object to is that the files are not there."""
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, shlex.split(command)[1:], prog_name="kundpuls")
    output = ended.stderr.splitlines()
    assert ended.exit_code in (ExitCode.DONE, ExitCode.UNREADABLE), output
    assert ended.exit_code == ExitCode.DONE or re.search(
        r"^error: .*(no file or folder|cannot be read|there is no folder|there is no store)", output[0], re.IGNORECASE
    ), output


def test_commands_are_shown_for_all_that_it_speaks_of_at_length() -> None:
    assert {command.split()[1] for command in commands()} >= {
        "inspect",
        "report",
        "rows",
        "map",
        "kpis",
        "define",
        "reconcile",
    }


@pytest.mark.parametrize("block", blocks("yaml"))
def test_a_file_it_shows_is_one(block: str, tmp_path: Path) -> None:
    """A mapping, KPIs of one's own, or a project file; of the draft of a mapping the part that is shown."""
    path = tmp_path / "shown.yaml"
    path.write_text(block, encoding="utf-8")
    keys = set(re.findall(r"^([a-z_]+):", block, re.MULTILINE))
    if "pack" in keys:
        assert read_pack(path)
    elif "columns" in keys:
        head = "" if "name" in keys else "name: shown\nlabel: Shown\nsystem: shown\ntable: tickets\n"
        path.write_text(head + block, encoding="utf-8")
        assert load_mapping(path).columns
    else:
        assert keys <= {"quality", "defaults", "privacy", "actions", "benchmarks", "jobs", "branding"}
        assert project.read(path)


def test_the_picture_is_of_the_report_on_the_sample_data() -> None:
    """After a change: `python cli/draw_pictures.py`."""
    assert "(cli/first-screen.svg)" in README.read_text(encoding="utf-8")
    lines: dict[str, str] = {}
    for number, words in re.findall(
        r"first-screen-line-(\d+)\)\">([^<>]+)</text>", (ROOT / "cli" / "first-screen.svg").read_text(encoding="utf-8")
    ):
        lines[number] = lines.get(number, "") + html.unescape(words)
    drawn = {"".join(line.split()) for line in lines.values()}
    shown = [" ".join(line.split()) for line in CliRunner().invoke(app, ["demo"]).stdout.splitlines() if line]
    assert len(shown) > 15
    assert [line for line in shown if line.replace(" ", "") not in drawn] == [], "each on a line of its own"


@pytest.mark.parametrize("name", ["page", "workbook"])
def test_the_pictures_of_page_and_workbook_say_what_the_sample_data_say(tmp_path: Path, name: str) -> None:
    """After a change: `python cli/draw_pictures.py`; what the pictures say in words stands next to them."""
    assert f"(cli/{name}.png)" in README.read_text(encoding="utf-8")
    assert (ROOT / "cli" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    drawing = runpy.run_path(str(ROOT / "cli" / "draw_pictures.py"))
    target = tmp_path / ("page.html" if name == "page" else "book.xlsx")
    CliRunner().invoke(app, [*drawing["DEMO"], "-q", "-o", str(target)])
    shown = (
        drawing["words_of_page"](target.read_text("utf-8")) if name == "page" else [*drawing["words_of_sheet"](target)]
    )
    answer = json.loads((ROOT / "cli" / "pictures.json").read_text(encoding="utf-8"))[name]
    assert len(shown) > 30
    assert shown == answer
