"""A chart as a picture, and a page as PDF."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from invoked import piped, sample

from kpi_cli.outputs.pdf import NAMES, VARIABLE

SURVEY = sample("surveymonkey_responses.csv")
WEEKS = ("trend", "csat", SURVEY, "--zone", "UTC", "--grain", "week")
SVG = "{http://www.w3.org/2000/svg}"
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)


def test_a_chart_is_a_picture_that_says_what_it_shows(tmp_path: Path) -> None:
    target = tmp_path / "csat.svg"
    assert piped(*WEEKS, "-o", target).code == 0
    root = ET.fromstring(target.read_text("utf-8"))
    assert root.tag == f"{SVG}svg"
    page = piped(*WEEKS).out.splitlines()
    words = [one.text for one in root.iter(f"{SVG}text")]
    assert words[0] == page[0]
    (finding,) = [one.text or "" for one in root.iter(f"{SVG}desc")]
    assert finding.count("%") > 12
    assert len(list(root.iter(f"{SVG}circle"))) == finding.split(". ")[0].count(", ") + 1
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (-12, -12)
    assert width > 340
    assert height > 190


def test_it_is_the_same_twice() -> None:
    first, second = (piped(*WEEKS, "--format", "svg") for _ in range(2))
    assert (first.code, first.out) == (0, second.out)


def test_an_answer_without_a_chart_says_so() -> None:
    ended = piped("inspect", SURVEY, "--format", "svg")
    assert (ended.code, ended.out) == (3, "")
    assert "this answer has no chart" in ended.err
    assert "kundpuls trend" in ended.err


@pytest.mark.skipif(BROWSER is None, reason="no browser is here that prints")
def test_a_page_is_printed(tmp_path: Path) -> None:
    target = tmp_path / "trend.pdf"
    ended = piped(*WEEKS, "-o", target)
    assert ended.code == 0, ended.err
    assert target.read_bytes().startswith(b"%PDF-")


def test_without_a_browser_there_is_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi_cli.outputs.pdf._known", lambda: iter(()))
    monkeypatch.delenv(VARIABLE, raising=False)
    ended = piped(*WEEKS, "-o", tmp_path / "trend.pdf")
    assert ended.code == 3
    assert "none is found" in ended.err
    assert "-o report.html" in ended.err
    assert not (tmp_path / "trend.pdf").exists()


def test_a_browser_that_prints_nothing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, sys.executable)
    ended = piped(*WEEKS, "-o", tmp_path / "trend.pdf")
    assert ended.code == 3
    assert "the browser does not print" in ended.err
    assert not (tmp_path / "trend.pdf").exists()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    assert "names no program" in piped(*WEEKS, "-o", tmp_path / "trend.pdf").err


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="no office program is here that prints")
def test_the_workbook_of_the_demo_is_a_dozen_pages(tmp_path: Path) -> None:
    assert piped("demo", "--by", "group", "-o", tmp_path / "demo.xlsx").code == 0
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "demo.xlsx"),
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "demo.pdf").read_bytes())
    assert 0 < len(pages) <= 12
