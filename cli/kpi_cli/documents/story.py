"""An answer as it is told where there is room for all of it: a page to scroll, which prints on paper.

What happened stands first, with cards; then a part for each further question. A part without anything in it is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kpi_cli.documents.blocks import Block, Cell, Line, Page, Series, Status, Table


@dataclass(frozen=True, kw_only=True)
class Card:
    """A figure at a glance.

    Attributes:
        status: what can be said of its change; None where nothing is compared.
        lines: what stands below it in small letters: its change, its target.
        trend: its values over time, drawn small.
        is_open: whether it is not final.
    """

    label: str
    value: Cell
    status: Status | None = None
    lines: tuple[Line, ...] = ()
    trend: Series | None = None
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """What answers one question.

    Attributes:
        lead: its answer in sentences.
        is_folded: whether it is opened by the reader; on paper it is always open.
        begins_page: whether paper begins a new page with it.
    """

    key: str
    title: str
    lead: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    is_folded: bool = False
    begins_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Story:
    """All of an answer in the order it is read.

    Attributes:
        headline: the answer in sentences, the most important first.
        actions: what to do first, under `actions_title`.
        legend: what the signs of the cards mean.
        foot: what it was made from, and what its verdicts promise.
    """

    title: str
    subtitle: str = ""
    headline: tuple[Line, ...] = ()
    actions_title: str = ""
    actions: tuple[Line, ...] = ()
    cards: tuple[Card, ...] = ()
    legend: str = ""
    parts: tuple[Part, ...] = ()
    foot: tuple[Line, ...] = ()


def as_story(page: Page) -> Story:
    """A page as it stands, block by block."""
    tables = (block for block in page.blocks if isinstance(block, Table))
    title = page.title or next((one.title or one.sheet for one in tables if one.title or one.sheet), "kundpuls")
    return Story(title=title, headline=page.headline, parts=(Part(key="answer", title="", blocks=page.blocks),))


def parts_with_something(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those that say anything."""
    return tuple(part for part in parts if part.blocks or part.lead)
