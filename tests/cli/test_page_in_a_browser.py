"""Pages as a browser shows them: to everybody who reads them, at every width, in light, dark and on paper, with nothing to say about them.

Needs a browser, and `axe-core-python` for the rules of accessibility; without one of them it is skipped, and the summary says so.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browser import BROWSER, Browser, browsing
from invoked import piped, sample
from test_every_output import COMMANDS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("scanned_once"),
    pytest.mark.skipif(BROWSER is None, reason="NO PAGE WAS LOOKED AT: no Chromium or Chrome is here that can be asked through a pipe"),
]  # fmt: skip

STORY = [sample("story/tickets.csv"), sample("story/survey.csv")]
PAGES = {
    "demo": ("demo", "--by", "group"),
    "story": ("report", *STORY, "--zone", "UTC", "--period", "2026-Q2", "--by", "type", "--by", "group", "--target", "csat=85%", "--target", "first_reply_time=4h", "--notes", "--all"),
}  # fmt: skip
LOOKS = [(width, scheme) for width in (360, 768, 1440) for scheme in ("light", "dark")]
LANGUAGES = ("en", "sv", "nb")
DRAWN = ("agents", "compare", "drivers", "growth", "inspect", "targets", "trend", "voices", "why")
"""Commands whose pages have charts or tables of their own."""
PAPER = 688
"""Pixels across A4 between its margins."""
TALL = 1016
"""And down."""

OPENED = "document.querySelectorAll('details').forEach(one => one.open = true)"
AXE = "axe.run(document, {resultTypes: ['violations']}).then(all => all.violations.map(one => [one.id, one.nodes.map(node => [node.html, node.failureSummary])]))"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

CONTRASTS = """
(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(one => one / 255).map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const shade = numbers(getComputedStyle(one).backgroundColor);
      if (shade.length < 4 || shade[3] > 0) return shade;
    }
    return [255, 255, 255];
  };
  const tinted = (shade, ink) => shade.map((one, place) => one * 0.93 + ink[place] * 0.07);  // the band under a word or a line
  const poor = [];
  const check = (element, colour, least, what) => {
    const plain = ground(element), ink = numbers(getComputedStyle(document.body).color);
    for (const shade of element.closest("svg") ? [plain, tinted(plain, ink)] : [plain]) {
      const [high, low] = [light(numbers(colour)), light(shade)].sort((a, b) => b - a), ratio = (high + 0.05) / (low + 0.05);
      if (ratio < least) poor.push([what, colour, shade, ratio]);
    }
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (words.nextNode()) {
    const element = words.currentNode.parentElement, style = getComputedStyle(element);
    if (!words.currentNode.data.trim() || /^(title|desc)$/.test(element.tagName)) continue;
    seen++;
    check(element, element.namespaceURI.endsWith("svg") ? style.fill : style.color, 4.5, words.currentNode.data);
  }
  for (const element of document.querySelectorAll("svg circle, svg polyline, svg line, svg rect.bar")) {
    const style = getComputedStyle(element);
    check(element, style.stroke === "none" ? style.fill : style.stroke, 3, element.outerHTML);
  }
  return [seen, poor];
})()
"""
"""How many texts there are, and those whose contrast is below 4.5, or lines and marks of a chart below 3. The rules of axe pass over charts."""

CUT = """
[...document.querySelectorAll("svg.chart")].flatMap(chart => {
  const frame = chart.viewBox.baseVal;
  return [...chart.querySelectorAll("text, circle, rect, line, polyline, polygon")].filter(part => {
    const box = part.getBBox();
    return box.x < frame.x - 1 || box.y < frame.y - 1 || box.x + box.width > frame.x + frame.width + 1 || box.y + box.height > frame.y + frame.height + 1;
  }).map(part => `${chart.querySelector("title").textContent}: ${part.outerHTML}`);
})
"""
"""Parts of charts that leave their picture, which cuts them."""

UNBROKEN = """
[...document.querySelectorAll("figure, .card")].map(one => {
  const box = one.getBoundingClientRect();
  return [getComputedStyle(one).breakInside, box.left >= 0 && box.right <= WIDTH + 1, box.height < TALL];
})
""".replace("WIDTH", str(PAPER)).replace("TALL", str(TALL))
"""Of each chart and card on paper: whether a page may break in it, whether it is inside of the margins, and whether it fits a page."""

FOLDED = "[...document.querySelectorAll('details table, details dl')].filter(one => one.getBoundingClientRect().height < 20).length"
"""How much of what can be folded is."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def written(folder: Path) -> Any:
    """The page of an answer, written once."""

    def write(name: str, arguments: tuple[str, ...], lang: str = "en") -> Path:
        page = folder / f"{name}-{lang}.html"
        if not page.exists():
            ended = piped(*arguments, "--lang", lang, "-q", "-o", page)
            assert ended.code == 0, ended.err
        return page

    return write


def rules() -> str:
    """axe-core itself, as it stands in the package that brings it."""
    found = find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("NO RULE OF ACCESSIBILITY WAS TRIED: axe-core-python is not installed")
    return Path(found.origin).with_name("axe.min.js").read_text("utf-8")


def opened(browser: Browser, page: Path) -> None:
    """A page with all that folds; it must have nothing to say, and ask for nothing."""
    browser.open(page)
    browser.ask(OPENED)
    assert browser.said == []


def looked_at(browser: Browser, width: int, scheme: str, media: str = "screen") -> None:
    browser.look(width, scheme, media)
    assert browser.ask(WIDER) <= 0, f"it scrolls sideways at {width}"
    seen, poor = browser.ask(CONTRASTS)
    assert seen > 4
    assert poor == [], (width, scheme)


def looks(page: str, lang: str) -> list[tuple[int, str]]:
    """Two looks at a page in a language for axe, which takes seconds: each page is looked at in each way in one of them, and in each language."""
    first = LANGUAGES.index(lang) * 2 + [*PAGES].index(page)
    return [LOOKS[first % len(LOOKS)], LOOKS[(first + 3) % len(LOOKS)]]


def test_each_page_is_looked_at_in_every_way() -> None:
    for page in PAGES:
        assert {look for lang in LANGUAGES for look in looks(page, lang)} == {*LOOKS}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_report_is_for_everybody_at_every_width_in_light_and_dark_and_on_paper(
    browser: Browser, written: Any, name: str, lang: str
) -> None:
    opened(browser, written(name, PAGES[name], lang))
    browser.ask(rules() + ";0")
    for width, scheme in LOOKS:
        looked_at(browser, width, scheme)
        if (width, scheme) in looks(name, lang):
            assert browser.ask(AXE) == [], (width, scheme)
    assert browser.ask(CUT) == []
    browser.ask("document.querySelectorAll('details').forEach(one => one.open = false)")
    looked_at(browser, PAPER, "dark", "print")
    parts = browser.ask(UNBROKEN)
    assert len(parts) > 8
    assert all(part == ["avoid", True, True] for part in parts), parts
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.ask(FOLDED) == 0, "what folds is closed on paper"
    assert browser.said == []


@pytest.mark.parametrize("name", DRAWN)
def test_the_page_of_another_answer_is_for_everybody(browser: Browser, written: Any, name: str) -> None:
    opened(browser, written(name, COMMANDS[name]))
    looked_at(browser, 1440, "light")
    assert browser.ask(CUT) == []
    looked_at(browser, 360, "dark")
    browser.ask(rules() + ";0")
    assert browser.ask(AXE) == []


def test_what_a_page_says_would_be_heard(browser: Browser, tmp_path: Path) -> None:
    """A page that breaks each of the rules: what finds nothing elsewhere finds it here."""
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><html><head><meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<style>body { color: #aaa; width: 2000px }</style></head><body><img src='http://192.0.2.1/x.png'><script>alert(1)</script>"
        "<svg class='chart' viewBox='0 0 10 10'><title>t</title><text x='9' y='5'>words</text></svg></body></html>",
        encoding="utf-8",
    )
    browser.look(360)
    browser.open(page)
    assert any("192.0.2.1" in one for one in browser.said)
    assert any("script" in one for one in browser.said)
    assert browser.ask(WIDER) > 1000
    assert browser.ask(CONTRASTS)[1]
    assert len(browser.ask(CUT)) == 1
    browser.ask(rules() + ";0")
    assert {name for name, _ in browser.ask(AXE)} >= {"html-has-lang", "image-alt", "document-title", "color-contrast"}
