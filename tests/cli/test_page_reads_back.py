"""Every figure of a page is read back out of it, place by place, and is the one of `--format json`: cards, all KPIs, groups, targets.

What stands as words is read as a person does, by its unit, to the digit that is shown; what is a number for programs to the letter.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from invoked import piped, sample
from test_html import VOID

from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_core.kpis import CATALOGUE

pytestmark = pytest.mark.usefixtures("scanned_once")

STORY = (sample("story/tickets.csv"), sample("story/survey.csv"))
QUESTIONS = {
    "demo": ("demo", "--by", "group", "--target", "csat=80%", "--target", "nps=40", "--target", "first_reply_time=12h", "--target", "resolution_time=3d"),
    "story": ("report", *STORY, "--zone", "UTC", "--period", "2026-Q2", "--by", "type", "--by", "group", "--target", "csat=85%", "--target", "first_reply_time=4h"),
    "small groups": ("demo", "--by", "agent", "--by", "group", "--min-n", "12", "--kpi", "csat", "--kpi", "first_reply_time", "--kpi", "tickets_created"),
}  # fmt: skip
KPIS = {kpi.name: kpi for kpi in CATALOGUE}
SIZES = {"s": 1, "min": 60, "h": 3600, "tim": 3600, "t": 3600, "d": 86400, "dygn": 86400, "døgn": 86400}
VERDICTS = {
    "no change worth knowing": "no change", "better": "better", "worse": "worse", "higher": "higher", "lower": "lower",
    "cannot tell": "cannot tell", "not tested": "not tested",
}  # fmt: skip
MINUS = "\u2212"


@cache
def answered(name: str, lang: str, folder: Path) -> tuple[ET.Element, dict[str, Any]]:
    """The page as elements, and the record."""
    page, record = folder / f"{name}-{lang}.html", folder / f"{name}-{lang}.json"
    ended = piped(*QUESTIONS[name], "--lang", lang, "-q", "-o", page, "-o", record)
    assert ended.code == 0, ended.err
    text = page.read_text("utf-8").removeprefix("<!doctype html>")
    text = re.sub(rf"<({'|'.join(VOID)})\b([^>]*)>", r"<\1\2/>", text)
    return ET.fromstring(text), json.loads(record.read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("read-back")


def words(element: ET.Element | None) -> str:
    """What is read of it, without what is drawn."""
    return "" if element is None else "".join(_texts(element)).replace("\u00a0", " ").strip()


def _texts(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for one in element:
        if one.tag != "svg":
            yield from _texts(one)
        yield one.tail or ""


def number(element: ET.Element) -> float | None:
    """The number for programs of a cell or a card; None where there is none."""
    found = element.find(".//data")
    return None if found is None else float(found.get("value", ""))


def read(said: str, unit: str) -> tuple[float, float]:
    """What words say, in the unit of the record, and half of their last digit."""
    text = said.replace(MINUS, "-").replace("+", "").strip()
    if unit == "seconds":
        parts = re.findall(r"(-?[\d ,.]*\d) ?([a-zø]+)", text)
        assert parts, said
        size = SIZES[parts[-1][1]]
        whole = sum(abs(plain(figure)) * SIZES[name] for figure, name in parts)
        return (-whole if text.startswith("-") else whole), size * last_digit(parts[-1][0])
    figure = re.match(r"-?[\d ,.]*\d", text)
    assert figure, said
    by = 100 if unit == "share" else 1
    return plain(figure.group()) / by, last_digit(figure.group()) / by


def plain(figure: str) -> float:
    """Of English: `1,562` and `3.5`."""
    return float(figure.replace(",", "").replace(" ", ""))


def last_digit(figure: str) -> float:
    """Half of the last digit, and a little for a half that is rounded up or down."""
    return 0.501 * 10.0 ** -len(figure.rpartition(".")[2] if "." in figure else "")


def same(said: str, value: float, unit: str) -> bool:
    found, half = read(said, unit)
    return abs(found - value) <= half


def labelled(label: Any) -> dict[str, str]:
    """KPIs by a label."""
    return {label(kpi).replace("\u00a0", " "): name for name, kpi in KPIS.items()}


def totals(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["kpi"]: one for one in record["results"] if not one["group"]}


def tables(page: ET.Element, first: str) -> Iterator[tuple[list[str], list[list[ET.Element]], str]]:
    """Heads, rows and the caption of each table whose first column is headed so."""
    for table in page.iter("table"):
        heads = [words(one) for one in table.findall("thead/tr/*")]
        if heads[0] == first:
            rows = [[*row] for row in table.findall("tbody/tr") if len(row) == len(heads)]
            yield heads, rows, words(table.find("caption"))


def is_read(one: dict[str, Any]) -> bool:
    return one["value"] is not None and not one.get("suppressed")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_card_is_of_its_kpi(folder: Path, name: str, lang: str) -> None:
    page, record = answered(name, lang, folder)
    known, wording = totals(record), Wording(lang)
    kpis = labelled(wording.short)
    cards = [one for one in page.iter("li") if (one.get("class") or "").startswith("card")]
    assert len(cards) > 1
    for card in cards:
        one = known[kpis[words(card.find("h3")).rstrip(" *")]]
        assert number(card) == pytest.approx(one["value"], rel=1e-9)
        verdict, lines = (
            words(card.find("div[@class='verdict']")),
            [words(line) for line in card.findall("div[@class='line']")],
        )
        if lang != "en":
            continue
        assert same(words(card.find(".//data")), one["value"], one["unit"])
        if one["verdict"] is not None:
            assert verdict.split(" ", 1)[1].split(" (")[0] == VERDICTS[one["verdict"]]
        if one["change"] is not None and one["verdict"] is not None:
            assert same(lines[0], one["change"], one["unit"]), (lines, one["change"])
        elif one["newest_final"]:
            assert same(lines[0].split(" ", 1)[1], one["newest_final"]["value"], one["unit"]), lines
        if one["target"]:
            (target,) = [line for line in lines if "target" in line]
            said = re.split(r"[≥≤=] ", target)[1].split(":")
            assert same(said[0], one["target"]["value"], one["unit"]), target
            assert [part.strip() for part in said[1:]] == (
                [one["target"]["status"]] if one["target"]["status"] != "cannot tell" else []
            )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_row_of_all_kpis_is_its_own(folder: Path, name: str, lang: str) -> None:
    page, record = answered(name, lang, folder)
    known, wording = totals(record), Wording(lang)
    kpis = labelled(wording.heading)
    all_of_them = [table for table in tables(page, wording.word("kpi")) if len(table[0]) > 4 and "svg" in {part.tag for row in table[1] for cell in row for part in cell}]  # fmt: skip
    ((heads, rows, _),) = all_of_them
    at = {key: heads.index(wording.word(word)) for key, word in (("verdict", "verdict"), ("n", "n"))}
    seen = set()
    for row in rows:
        kpi = kpis[words(row[0]).rstrip(" *")]
        seen.add(kpi)
        one = known[kpi]
        assert number(row[1]) == (None if one["value"] is None else pytest.approx(one["value"], rel=1e-9)), kpi
        if number(row[2]) is not None:
            assert number(row[2]) == pytest.approx(one["change"], rel=1e-9), kpi
        if lang == "en":
            said = {key: words(row[place]) for key, place in at.items()}
            _says_the_same(kpi, one, {**said, "interval": words(row[-1])})
            if one["target"]:
                assert same(
                    re.split(r"[≥≤=] ", words(row[heads.index("Target")]))[1], one["target"]["value"], one["unit"]
                ), kpi
    assert seen >= {kpi for kpi, one in known.items() if is_read(one)} or "--kpi" in QUESTIONS[name]
    assert seen


def _says_the_same(kpi: str, one: dict[str, Any], said: dict[str, str]) -> None:
    """n, verdict and interval, in words."""
    assert said["n"] == f"{one['n']:,}", kpi
    if one["verdict"] is not None and not said["verdict"].startswith(("!", "…")):
        assert said["verdict"].split(" ", 1)[1].split(" (")[0] == VERDICTS[one["verdict"]], kpi
    if one["low"] is None or one["high"] is None or one["low"] == one["high"]:
        return
    ends = re.split(r"–(?=[\d+])| to ", said["interval"])
    assert len(ends) == 2, (kpi, said["interval"])
    if one["unit"] == "seconds" and not re.search("[a-z]", ends[0]):
        ends[0] += " " + ends[1].split(" ")[-1]
    for end, value in zip(ends, (one["low"], one["high"]), strict=True):
        assert same(end, value, one["unit"]), (kpi, said["interval"], value)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_cell_of_groups_is_of_its_group_and_kpi(folder: Path, name: str, lang: str) -> None:
    page, record = answered(name, lang, folder)
    wording = Wording(lang)
    kpis = labelled(wording.brief)
    known = {(*one["group"].items(), one["kpi"]): one for one in record["results"] if one["group"]}
    seen = hidden = 0
    for dimension in record["query"]["by"]:
        name_of_it = wording.name(dimension)
        found = tables(page, name_of_it[0].upper() + name_of_it[1:])
        ((heads, rows, _),) = [one for one in found if {*one[0][1:]} <= {*kpis}]
        assert len(rows) == len({one["group"][dimension] for one in record["results"] if dimension in one["group"]})
        for row in rows:
            group = None if words(row[0]) == wording.word("no_group") else words(row[0])
            for head, cell in zip(heads[1:], row[1:], strict=True):
                one = known.get(((dimension, group), kpis[head]))
                if one is None or not is_read(one):
                    hidden += 1
                    assert number(cell) is None, (group, head, words(cell))
                    continue
                seen += 1
                assert number(cell) == pytest.approx(one["value"], rel=1e-9), (group, head)
                if lang == "en":
                    assert same(words(cell), one["value"], one["unit"]), (group, head, words(cell))
    assert seen > 5
    assert hidden or name != "small groups"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [one for one in QUESTIONS if "--target" in QUESTIONS[one]])
def test_each_target_is_as_the_record_has_it(folder: Path, name: str, lang: str) -> None:
    page, record = answered(name, lang, folder)
    known, wording = totals(record), Wording(lang)
    kpis = labelled(wording.short)
    ((heads, rows, _),) = [
        table
        for table in tables(page, wording.word("kpi"))
        if len(table[0]) > 4 and table[0][1] == wording.word("target")
    ]
    assert len(rows) == len([one for one in known.values() if one["target"]]) == QUESTIONS[name].count("--target")
    for row in rows:
        one = known[kpis[words(row[0]).rstrip(" *")]]
        assert number(row[2]) == pytest.approx(one["value"], rel=1e-9)
        if lang == "en":
            assert same(words(row[1])[2:], one["target"]["value"], one["unit"])
            assert words(row[3]).split(" ", 1)[1] == one["target"]["status"]
            assert words(row[heads.index("n")]) == f"{one['n']:,}"
