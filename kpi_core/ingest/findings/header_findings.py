"""The findings on a file's headers: which of them were taken for what, and which of them may be a question."""

import re
import shlex
from collections.abc import Collection, Sequence
from functools import lru_cache

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.scores.rating_words import known_words, no_opinions, ratings
from kpi_core.ingest.cells.scores.score_cells import shaped
from kpi_core.ingest.cells.scores.stated_scales import stated
from kpi_core.ingest.fields.field import Field
from kpi_core.ingest.formats.mapping import built_in_names, find_mapping
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.header_rows import SENTENCE, is_sentence
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Given, Message
from kpi_core.patterns import regex

SHOWN, PICKED = 10, 3
_OF_WHAT = regex(
    r"\W*\d*\W*(?:what|which|where|when|who|why|vad|vilk\w*|varför|när|vem|hva|hvad|hvilk\w*|hvorfor|hvem|når|hvornår|mikä|mitä|mistä|missä|milloin|kuka|miksi)\b",
    re.IGNORECASE,
)
"""How questions begin whose answers are no marks: what it was about, where it was bought."""
_GROUP = regex(r"[-–:] *(?:group|gruppe|grupp)\s*$", re.IGNORECASE)
"""The end of a wording whose column only sorts the marks of another."""
LISTED = 4
"""Questions that are named of those that are not read."""
MOSTLY = 0.9
"""The share of cells that rate, in a column of ratings."""
MOST_CHOICES, LONGEST_CHOICE, WORDS = 12, 40, 4
"""Up to how many different cells of up to how many letters, and of fewer words, look chosen from a list, and not written."""


def assumed(match: Match, fields: Sequence[Field]) -> list[Message]:
    """Which header was taken for which field, where nothing but its common name says so."""
    if not match.mapping.fallback:
        return []
    own = [found for found in fields if found.name in match.mapping.columns]
    messages = [Message("header-is-field", header=_in_short(found.header), field=found.name) for found in own]
    return [Message("assumed-from-headers", columns=messages)] if messages else []


def _in_short(header: str) -> Given:
    """The header of what is picked from events with no more than some of the words that pick them."""
    words = header.split(" or ")
    more = len(words) - PICKED
    if more <= 1 or not re.search(r", (?:first|last|count|time) of ", header):
        return _on_one_line(header)
    return Message("or-other-words", words=_on_one_line(" or ".join(words[:PICKED])), more=more)


def lacking(match: Match) -> dict[str, tuple[str, ...]]:
    """The columns, with their headers, that a mapping of the user's own names itself and the file does not have.

    The formats that come with the tool name what an export may have, and a mapping that extends one names the rest anew. `match` is that of the
    file with the columns that reading adds, and of a log that of its rows before they are folded.
    """
    names, mapping = built_in_names(), match.mapping
    if mapping.name in names:
        return {}
    base = find_mapping(mapping.extends).columns if mapping.extends in names else {}
    own = {name: spec for name, spec in mapping.columns.items() if base.get(name) != spec}
    found = {name: _absent(match, spec) for name, spec in own.items()}
    return {name: headers for name, headers in found.items() if headers}


def _absent(match: Match, spec: ColumnSpec) -> tuple[str, ...]:
    """The headers of a column that a file does not have: all that it may be read from, or one by which its events are picked."""
    if spec.headers and match.index(spec.headers) is None:
        return spec.headers
    picked = [header.split("|") for header in (*spec.where, *spec.among)]
    return next((tuple(one) for one in picked if match.index(one) is None), ())


def no_question(match: Match, taken: Collection[int]) -> ExportError:
    """The error for a survey in which no service question was found; names columns that nothing else has taken."""
    named = [label or header for header, label in zip(match.headers, match.labels or match.headers, strict=True)]
    left = [name for place, name in enumerate(named) if name.strip() and place not in taken]
    likely = sorted(dict.fromkeys(left), key=lambda name: len(name.split()) < SENTENCE)
    example = shlex.quote(f"csat={_on_one_line(likely[0])}") if likely else "csat=HEADER"
    hint = (
        f"its questions may be {_shown(likely)}\n"
        f"say what one asks: --column {example} for satisfaction, nps for recommendation, ces for effort, resolved, treatment, …"
    )
    return ExportError(f"no survey question of `{match.mapping.name}` is among the columns", hint=hint)


def _shown(names: Sequence[str]) -> str:
    """The first of some headers, and how many there are beyond."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(map(_quoted, names[:SHOWN])) + more or "none"


def unread_questions(match: Match, sample: pl.DataFrame, taken: Collection[int]) -> list[tuple[int, Message]]:
    """The place of the first, and the finding, of columns of a survey that look like questions with marks or words to choose from, and are not read.

    A question is recognised by its header or the wording next to it: it asks, states a scale or is a row of a grid, or is a sentence that marks answer; or by
    cells that rate.
    """
    specs = match.mapping.columns.values()
    known = {place for spec in specs for place in match.places((*spec.headers, *spec.others, *spec.time))} | set(taken)
    found: dict[int, str] = {}
    for place, header in enumerate(match.headers):
        label = match.labels[place] if place < len(match.labels) else ""
        cells = sample[f"c{place}"] if place not in known and header.strip() else None
        if cells is not None and _is_question(label or header, cells):
            found[place] = _quoted(label or header)
    if not found:
        return []
    named = list(found.values())
    headers = first_of(named, LISTED)
    return [(next(iter(found)), Message("unread-questions", headers=headers, count=len(named)))]


def _is_question(wording: str, cells: pl.Series) -> bool:
    if _GROUP.search(wording) or not _is_of_choices(cells):
        return False
    asks = wording.rstrip().endswith("?") or stated(wording).ends is not None
    if asks and not _OF_WHAT.match(wording):
        return True
    rated, marked = _marks(cells)
    if not rated and not marked:
        return False
    is_ticked = cells.drop_nulls().str.strip_chars().is_in(["0", "1", ""]).all()
    return rated or (marked and not is_ticked and (asks or is_sentence(wording)))


def _marks(cells: pl.Series) -> tuple[bool, bool]:
    """Whether cells rate, in words for it and not by yes and no alone, and whether they may be marks, in words or on up to ten steps."""
    filled = cells.drop_nulls()
    if filled.is_empty():
        return False, False
    counted = filled.alias("text").to_frame().group_by("text").len()
    shaped_words = counted.hstack(shaped(counted["text"]).drop("text")).filter(pl.col("word") != "")
    is_word = pl.col("word").is_in(list(known_words() - _groups()))
    is_mark = is_word | pl.coalesce("bare", "marked").is_between(0, 10)
    silent = pl.col("word").is_in(list(no_opinions()))
    rates = is_word & ~pl.col("word").is_in(list(_truths()))
    total, words, marks = shaped_words.filter(~silent).select_seq(
        pl.col("len").sum(), pl.col("len").filter(rates).sum().alias("words"), pl.col("len").filter(is_mark).sum().alias("marks")
    ).row(0)  # fmt: skip
    return 0 < total <= words / MOSTLY, 0 < total <= marks / MOSTLY


@lru_cache(maxsize=1)
def _groups() -> frozenset[str]:
    """The words of a column that only sorts the marks of another, as words are compared."""
    return frozenset(
        word for scale in ratings().scales if scale.name == "groups of recommendation" for word in scale.words()
    )


@lru_cache(maxsize=1)
def _truths() -> frozenset[str]:
    """The words of scales from no to yes, as words are compared."""
    return frozenset(word for scale in ratings().scales if scale.ends == (0, 1) for word in scale.words())


def _is_of_choices(cells: pl.Series) -> bool:
    """Whether cells look chosen from a few: short, and given more than once."""
    filled = cells.drop_nulls()
    if filled.is_empty():
        return False
    given = filled.str.strip_chars()
    given = given.filter(given != "")
    chosen = given.n_unique()
    is_short = bool((given.str.len_chars() <= LONGEST_CHOICE).all()) and bool(
        (given.str.count_matches(r"\s") < WORDS).all()
    )
    is_answered = 2 * len(given) >= len(cells)  # free text is mostly left blank
    return (
        is_answered and 0 < chosen <= MOST_CHOICES and 2 * chosen <= len(given) + 2 and len(given) > chosen and is_short
    )


def _quoted(header: str) -> str:
    """The header on one line and whole, so that it can be copied to the command line."""
    return f"`{_on_one_line(header)}`"


def _on_one_line(header: str) -> str:
    return " ".join(header.split())
