"""A story as a page: a headline with cards, a section a part, and at the end what it was made from.

Landmarks, headings, captions and heads of tables are those that a screen reader goes by.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import groupby
from xml.etree.ElementTree import Element

from kpi_cli.documents.blocks import Block, Card, Chart, Front, Line, Notes, Pairs, Table, Tone
from kpi_cli.documents.brand import Brand
from kpi_cli.documents.story import Part, Story, parts_with_something
from kpi_cli.documents.wording import Wording
from kpi_cli.html import cells
from kpi_cli.html.charts import figure, sparkline
from kpi_cli.html.elements import document, element, present
from kpi_cli.html.tables import table

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may load nothing and run nothing."""
PICTURES = "; img-src data:"
"""But show the picture that it holds."""
NO_BRAND = Brand()
LONG = 25
"""Rows of a table from which on it is opened by the reader, once."""
GRIDS = {1: "grid of-one", 2: "grid of-two"}


def page(story: Story, wording: Wording, brand: Brand = NO_BRAND) -> str:
    """The whole page as text."""
    head = element(
        "head", element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY + PICTURES if brand.logo else POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"), element("title", story.title),
        element("style", files("kpi_cli.html").joinpath("looks.css").read_text("utf-8") + _rule(brand)),
    )  # fmt: skip
    header = element(
        "header", *_whose(brand), element("h1", story.title), _sentence(story.front.subtitle, "muted"),
        class_="branded" if brand.colour else None,
    )  # fmt: skip
    parts = parts_with_something(story.parts)
    main = element(
        "main", _short(story.front, wording), *(_part(part, wording, number) for number, part in enumerate(parts))
    )
    foot = element("footer", *(element("p", line.text, class_="small muted") for line in story.foot))
    body = element("body", element("div", header, main, foot if story.foot else None, class_="wrap"))
    _make_ids_unique(body)
    return document(element("html", head, body, lang=wording.lang))


def _whose(brand: Brand) -> Iterator[Element]:
    """The picture and the name of whose report it is."""
    if brand.logo:
        yield element("img", src=brand.picture, alt="" if brand.name else "logo", class_="logo")
    if brand.name:
        yield element("p", brand.name, class_="strong")


def _rule(brand: Brand) -> str:
    """A rule in its colour over the page, where text is not: no contrast rests on it."""
    return f"header.branded {{ border-top: 5px solid #{brand.colour}; padding-top: 14px; }}\n" if brand.colour else ""


def _make_ids_unique(body: Element) -> None:
    """Gives regions of one name a number, since a reader who jumps from one to the next hears nothing but their names."""
    seen: Counter[str] = Counter()
    for region in body.iter("div"):
        if name := region.get("aria-label"):
            seen[name] += 1
            if seen[name] > 1:
                region.set("aria-label", f"{name} ({seen[name]})")


def _short(front: Front, wording: Wording) -> Element | None:
    """The answer, what to do first, and the cards."""
    if not front.headline and not front.cards:
        return None
    lines = element("ul", *(element("li", *_with_sign_room(line)) for line in front.headline), class_="head")
    actions = None
    if front.actions:
        listed = element("ol", *(element("li", line.text) for line in front.actions))
        actions = element("div", element("h2", front.actions_title), listed, class_="first")
    hero = element("div", lines, actions, class_="hero with-actions" if actions is not None else "hero")
    listing = element("ul", *(_card(card, wording) for card in front.cards), class_="cards") if front.cards else None
    title = element("h2", wording.word("in_short"), id="short", class_="hidden")
    has_trend = any(card.trend is not None for card in front.cards)
    legend = f"{front.legend} {wording.word('card_band') if has_trend else ''}".strip()
    return element("section", title, hero, listing, _sentence(legend, "legend"), aria_labelledby="short")


def _with_sign_room(line: Line) -> tuple[Element, Element]:
    """A sentence with room for its sign before it."""
    sign, words = cells.line(line)
    return (sign if sign is not None else element("span")), words


def _card(card: Card, wording: Wording) -> Element:
    tone = card.status.tone if card.status is not None else Tone.PLAIN
    named = {Tone.GOOD: "card is-better", Tone.BAD: "card is-worse"}.get(tone, "card")
    return element(
        "li", element("h3", card.label), element("div", cells.cell(card.value, wording), class_="value"),
        element("div", cells.status(card.status), class_="verdict") if card.status is not None else None,
        *(element("div", *_spaced(line), class_="line") for line in card.lines),
        sparkline(card.trend) if card.trend is not None else None,
        class_=f"{named} is-open" if card.is_open else named,
    )  # fmt: skip


def _spaced(line: Line) -> list[Element | str]:
    sign, words = cells.line(line)
    return present(sign, " " if sign is not None else None, words)


def _part(part: Part, wording: Wording, number: int) -> Element:
    name = f"part-{number}"
    lead = [element("p", *_spaced(line)) for line in part.lead]
    blocks = list(_blocks(part, wording))
    if part.is_folded:
        folded = element("details", element("summary", element("h2", part.title, id=name)), *lead, *blocks)
        return element("section", folded, aria_labelledby=name)
    title = element("h2", part.title, id=name) if part.title else None
    return element(
        "section", title, *lead, *blocks, class_="begins-page" if part.begins_page else None,
        aria_labelledby=name if title is not None else None,
    )  # fmt: skip


def _blocks(part: Part, wording: Wording) -> Iterator[Element]:
    """The blocks of a part in order; charts that follow one another stand side by side, and a long table is folded if the part is not."""
    heading, most = "h3" if part.title else "h2", math.inf if part.is_folded else LONG
    for is_chart, group in groupby(part.blocks, key=lambda block: isinstance(block, Chart)):
        if is_chart:
            drawn = [figure(block, wording) for block in group if isinstance(block, Chart)]
            shown = [one for one in drawn if one is not None]
            if shown:
                yield element("div", *shown, class_=GRIDS.get(len(shown), "grid"))
            continue
        for block in group:
            yield from _block(block, wording, heading, most, part.title)


def _block(block: Block, wording: Wording, heading: str, most: float, above: str) -> Iterator[Element]:
    """A block, without the title that stands above it already."""
    match block:
        case Table() if len(block.rows) > most:
            yield element(
                "details", element("summary", block.title or wording.word("all_rows")), *table(block, wording)
            )
        case Table():
            yield from table(block, wording)
        case Pairs():
            yield from _titled("" if block.title == above else block.title, heading)
            yield element("dl", *_terms(block.pairs))
        case Notes():
            yield from _titled("" if block.title == above else block.title, heading)
            if block.lines:
                yield element("ul", *(_note(line) for line in block.lines), class_="plain")
        case _:
            return


def _titled(title: str, heading: str) -> Iterator[Element]:
    if title:
        yield element(heading, title)


def _terms(pairs: Iterable[tuple[str, str, str]]) -> Iterator[Element]:
    for name, words, command in pairs:
        yield element("dt", name)
        yield element(
            "dd", words or None, " " if words and command else None, element("code", command) if command else None
        )


def _note(line: Line) -> Element:
    sign, words = cells.line(line)
    if sign is not None:
        sign.set("class", f"{sign.get('class', '')} sign".strip())
    return element("li", sign, words, class_="in" if line.indent else None)


def _sentence(words: str, class_: str) -> Element | None:
    return element("p", words, class_=class_) if words else None
