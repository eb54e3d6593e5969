"""An answer where there is room for all of it: a page to scroll, which prints on paper.

What happened stands first, with cards; then a part for each further question. A part without anything in it is left out.
"""

from collections.abc import Sequence
from dataclasses import field, replace

from kpi_cli.documents.blocks import Block, Front, Line, Page, Pairs, Table
from kpi_core.records import dataclass


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
    """All of an answer in the order it is read; `foot` says what it was made from, and what its verdicts promise."""

    title: str
    front: Front = field(default_factory=Front)
    parts: tuple[Part, ...] = ()
    foot: tuple[Line, ...] = ()


def as_story(page: Page) -> Story:
    """A page as it stands, block by block."""
    tables = (block for block in page.blocks if isinstance(block, Table))
    title = page.title or next((one.title or one.sheet for one in tables if one.title or one.sheet), "kundpuls")
    return Story(
        title=title, front=Front(headline=page.headline), parts=(Part(key="answer", title="", blocks=page.blocks),)
    )


def without_commands(block: Block) -> Block | None:
    """Pairs without the commands that a terminal goes on with, None where nothing is left of them; other blocks as they are."""
    if not isinstance(block, Pairs):
        return block
    pairs = tuple((name, words, "") for name, words, _ in block.pairs if words and not words.startswith("kundpuls "))
    return replace(block, pairs=pairs) if pairs else None


def parts_with_something(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those that say anything."""
    return tuple(part for part in parts if part.blocks or part.lead)
