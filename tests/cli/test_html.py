"""The page for a browser: what it says, what it is made of, and that nothing of the data becomes part of it."""

import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from invoked import piped, sample
from test_every_output import COMMANDS

pytestmark = pytest.mark.usefixtures("scanned_once")

VOID = {"meta", "br", "img", "hr"}
YEAR = (
    "--kpi",
    "csat",
    "--kpi",
    "nps",
    "--kpi",
    "first_reply_time",
    "--kpi",
    "tickets_created",
    "--by",
    "group",
    "--target",
    "csat=80%",
)


class Page(HTMLParser):
    """What a page consists of: its elements with their attributes, the text inside of each, and whether all are closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.elements: list[tuple[str, dict[str, str | None], str, tuple[str, ...]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs), []))
        else:
            self.elements.append((tag, dict(attrs), "", self.path))

    def handle_data(self, data: str) -> None:
        for _, _, messages in self.open:
            messages.append(data)

    def handle_endtag(self, tag: str) -> None:
        name, attributes, messages = self.open.pop()
        assert name == tag
        self.elements.append((name, attributes, "".join(messages), self.path))

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self.open)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, messages) for name, attributes, messages, _ in self.elements if name == tag]


@cache
def asked(*arguments: str | Path) -> str:
    """The page of an answer; of one that several tests look at once for all."""
    ended = piped(*arguments, "--format", "html")
    assert ended.code == 0, ended.err
    return ended.out


@pytest.fixture(scope="module")
def demo() -> str:
    return asked("demo", *YEAR)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_answer_is_a_whole_page_that_loads_nothing(name: str) -> None:
    text = asked(*COMMANDS[name])
    page = Page(text)
    assert text.startswith("<!doctype html>\n")
    assert page.all("html")[0][0]["lang"] == "en"
    assert page.all("title")[0][1] == page.all("h1")[0][1] != ""
    (policy,) = [one["content"] for one, _ in page.all("meta") if "http-equiv" in one]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert not {tag for tag, _, _, _ in page.elements} & {"script", "link", "img", "iframe", "object", "form"}
    assert not re.search(r"@import|url[(]", text)
    assert not [
        value for _, attributes, _, _ in page.elements for value in attributes.values() if "://" in (value or "")
    ]
    assert not [
        name for _, attributes, _, _ in page.elements for name in attributes if name.startswith("on") or name == "href"
    ]


@pytest.mark.parametrize("name", ["demo", "trend", "compare", "why", "kpis"])
def test_it_can_be_read_aloud(name: str) -> None:
    page = Page(asked(*COMMANDS[name]))
    tags = Counter(tag for tag, _, _, _ in page.elements)
    assert (tags["main"], tags["header"], tags["h1"]) == (1, 1, 1)
    ids = [attributes["id"] for _, attributes, _, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes, _, _ in page.elements:
        for label in (attributes.get("aria-labelledby") or "").split():
            assert label in ids
    for attributes, messages in page.all("th"):
        assert attributes.get("scope") in ("col", "row", "rowgroup")
        assert messages.strip()
    for attributes, _ in page.all("svg"):
        assert attributes.get("aria-hidden") == "true" or attributes["role"] == "img"
    pictures = [attributes for attributes, _ in page.all("svg") if attributes.get("role") == "img"]
    assert len(page.all("desc")) == len(pictures)
    assert all(re.search(r"\d", shown) for _, shown in page.all("desc"))
    regions = [attributes["aria-label"] for attributes, _ in page.all("div") if "aria-label" in attributes]
    assert len(regions) == len(set(regions))
    for attributes, _ in page.all("div"):
        if attributes.get("class") == "scroll":
            assert (attributes["role"], attributes["tabindex"], bool(attributes["aria-label"])) == ("region", "0", True)


def test_its_figures_are_those_of_the_record(demo: str) -> None:
    record = json.loads(piped("demo", *YEAR, "--format", "json").out)
    read = {attributes["value"] for attributes, _ in Page(demo).all("data")}
    shown = [one["value"] for one in record["results"] if not one["group"] and one["value"] is not None]
    assert shown
    for value in shown:
        assert any(float(one) == pytest.approx(value, abs=1e-4, rel=1e-4) for one in read), value


def test_what_it_says_first_is_what_the_table_says_first(demo: str) -> None:
    first = piped("demo", *YEAR).out.splitlines()
    headline = next(line for line in first if line.startswith(("✗", "✓", "?", "≈")))
    shown = [shown for attributes, shown in Page(demo).all("li")]
    assert headline[1:].strip() in shown[0]


def test_a_year_of_weeks_has_charts_with_limits(demo: str) -> None:
    page = Page(demo)
    assert len([one for one, _ in page.all("polygon") if one.get("class") == "band"]) == 3
    assert len(page.all("figcaption")) == 3 + 1  # and what customers rate
    assert "Is it real?" in [messages for _, messages in page.all("h2")]


def test_it_shows_why(tmp_path: Path) -> None:
    rows = ["Ticket number,Opened,Resolved,Status,Type,Channel,CSAT"]
    for month in range(1, 13):
        for number in range(160):
            kind = "Billing" if number % 2 else "Delivery"
            bad = number % 10 < (7 if month == 12 and kind == "Billing" else 2)
            day = number % 28 + 1
            rows.append(f"{month}-{number},2025-{month:02d}-{day:02d} 09:00,2025-{month:02d}-{day:02d} 15:00,Closed,{kind},mail,{1 if bad else 5}")  # fmt: skip
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join(rows) + "\n")
    page = Page(asked("report", path, "--period", "2025-12", "--zone", "UTC"))
    titles = [shown for _, shown in page.all("h2")]
    assert any(title.startswith("Why") for title in titles), titles
    assert any("Billing" in messages for _, messages in page.all("p"))


def test_nothing_of_the_data_becomes_part_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    evil = '<script>alert(1)</script><img src=x onerror=y>&amp;"'
    rows = [
        f'{number},2026-09-{number % 28 + 1:02d} 09:00,"{evil.replace(chr(34), chr(34) * 2)}",Open'
        for number in range(40)
    ]
    path.write_text("\n".join(["ticket id,created at,group,status", *rows]) + "\n")
    text = asked("report", path, "--by", "group", "--zone", "UTC")
    assert "<script" not in text
    assert "<img" not in text
    assert any(evil in messages for _, messages in Page(text).all("th"))


@pytest.mark.parametrize(
    ("lang", "message"), [("sv", "Går siffrorna att lita på?"), ("nb", "Er tallene til å stole på?")]
)
def test_it_speaks_the_language(lang: str, message: str) -> None:
    page = Page(asked("demo", *YEAR, "--lang", lang))
    assert page.all("html")[0][0]["lang"] == lang
    assert message in [title for _, title in page.all("h2")]
    assert any(re.search(r"\d\u00a0%", words) for _, words in page.all("data"))
    assert not re.search(r"\d %", " ".join(words for _, _, words, _ in page.elements)), "no line breaks in `72 %`"


def test_what_folds_is_opened_once() -> None:
    page = Page(asked("demo"))
    assert len(page.all("details")) > 2
    assert not [tag for tag, _, _, path in page.elements if tag == "details" and "details" in path]


def test_it_is_the_same_twice_and_small(demo: str) -> None:
    def undated(text: str) -> str:
        return re.sub(r"made [^<]*", "", text)

    assert undated(asked.__wrapped__("demo", *YEAR)) == undated(demo)
    assert len(demo.encode()) < 1_000_000


def test_a_name_that_ends_in_html_asks_for_it(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert piped("report", sample("zendesk_tickets.csv"), "--zone", "UTC", "-o", page).code == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_the_headline_says_where_what_is_real_comes_from() -> None:
    story = [sample(f"story/{name}.csv") for name in ("tickets", "survey")]
    page = Page(asked("report", *story, "--zone", "UTC", "--period", "2026-Q2"))
    shown = [words for _, words in page.all("li")]
    assert shown[0].startswith("✗Customer satisfaction (CSAT) fell")
    assert shown[1].startswith("Invoice (type) adds")
    titles = [words for _, words in page.all("h2")]
    assert any(title.startswith("Why Customer satisfaction (CSAT) moved") for title in titles)
    assert "What customers said" in titles
    assert "What to do" not in titles  # there is no target


def test_a_page_says_whose_it_is_and_still_loads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n")
    project = tmp_path / "kundpuls.yaml"
    project.write_text('branding: {name: "Nord & Lys", colour: "#0a5fa8", logo: logo.png}\n', encoding="utf-8")
    page = piped("trend", "csat", sample("surveymonkey_responses.csv"), "--zone", "UTC", "--format", "html").out
    assert "Nord &amp; Lys" in page
    assert "5px solid #0A5FA8" in page
    assert 'src="data:image/png;base64,iVBORw0K"' in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    for text, result in (
        ("colour: blue", "is no colour"),
        ("logo: nothing.png", "no file `nothing.png`"),
        ("logo: x.svg", "no picture"),
    ):
        project.write_text(f"branding: {{{text}}}\n", encoding="utf-8")
        ended = piped("kpis", "csat")
        assert (ended.code, "kundpuls.yaml:1" in ended.err, result in ended.err) == (3, True, True)


def test_no_title_stands_under_itself() -> None:
    titles = [words for tag, _, words, _ in Page(asked("demo")).elements if tag in ("h2", "h3")]
    assert "Notes" in titles
    assert not [one for one, after in pairwise(titles) if one == after]
