"""The pages that cli/README.md shows are those that the tool prints on the sample data today, line by line.

`…` on a line of its own stands for lines that are left out there, at the end of a line for the rest of it. What is neither shown nor
left out so is missing: a page that gets a line more is shown with it, or says that it goes on.
"""

import re
import shlex
from itertools import groupby
from pathlib import Path

import pytest
from invoked import piped, sample

from kpi_cli.app import COMMANDS

README = Path(__file__).parents[2] / "cli" / "README.md"
BLOCK = re.compile(r"^```\n\$ kundpuls (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REST = "…"


def shown() -> list[tuple[str, list[str]]]:
    """The commands that are shown with their page, those on the sample data alone."""
    found = BLOCK.findall(README.read_text(encoding="utf-8"))
    return [(line, page.rstrip("\n").split("\n")) for line, page in found if all(map(is_there, files(line)))]


def files(line: str) -> list[str]:
    return [word for word in shlex.split(line) if re.search(r"\.(?:csv|xls)$", word)]


def is_there(name: str) -> bool:
    return Path(sample(name)).exists()


def is_of(line: str, printed: str) -> bool:
    return printed.startswith(line.removesuffix(REST).rstrip()) if line.endswith(REST) else printed == line


def first_that_is_not(page: list[str], printed: list[str]) -> str | None:
    """The first shown line that is not printed where it is shown; None where all are."""
    at = 0
    goes_on = False
    for is_rest, lines in groupby(page, key=lambda line: line == REST):
        if is_rest:
            goes_on = True
            continue
        part = [*lines]
        places = range(at, len(printed) - len(part) + 1) if goes_on else [at]
        fit = next((one for one in places if all(map(is_of, part, printed[one : one + len(part)]))), None)
        if fit is None:
            here = printed[at : at + len(part)]
            return next((line for line, own in zip(part, here, strict=False) if not is_of(line, own)), part[0])
        at, goes_on = fit + len(part), False
    return None if goes_on or at == len(printed) else f"{printed[at]} (is printed, and not shown)"


@pytest.mark.parametrize(("line", "page"), shown(), ids=[line for line, _ in shown()])
def test_a_page_that_is_shown_is_the_one_that_is_printed(
    line: str, page: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(sample("zendesk_tickets.csv")).parent)
    ended = piped(*shlex.split(line), "--no-config")
    assert ended.code == 0, ended.err
    printed = [one.rstrip() for one in ended.out.rstrip("\n").split("\n")]
    assert first_that_is_not(page, printed) is None, "\n".join(printed)


def test_every_command_that_answers_a_question_is_shown_with_its_page() -> None:
    commands = {line.split()[0] for line, _ in shown()}
    asked = ("Did it really change?", "Why?", "Is it good enough, what now, and what is it worth?")
    assert {name for chapter in asked for name in COMMANDS[chapter]} - commands == {"chart"}, "chart is a picture"


def test_a_line_that_is_not_printed_is_found() -> None:
    printed = ["Title", "", "a  1", "b  2", "end"]
    assert first_that_is_not(["Title", "", "a  1", REST], printed) is None
    assert first_that_is_not(["Title", "", "a…", REST, "end"], printed) is None
    assert first_that_is_not(["Title", "", "a  2", REST], printed) == "a  2"
    assert first_that_is_not(["Title", "a  1", REST], printed) == "a  1"
    assert first_that_is_not(["Title", "", "a  1"], printed) == "b  2 (is printed, and not shown)"
