"""What customers wrote with a score: found by a mapping, else by headers that ask for words and cells that hold them.

It is read only where it is asked for. A survey with several such questions has what was written to all of them, one below another.
"""

import re
from functools import lru_cache

import polars as pl

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.model.tables import Kind

NAME = "comment"
TABLES_WITH = frozenset({"answers", "reviews"})
_LETTERS = r"\p{L}{2,}"
_MOSTLY = 0.5
"""The share of the filled cells that must hold a word, for a column to be what people wrote."""
_ALIKE, _FEW = 12, 30
"""Words that many rows share are a category: so few different ones in as many rows."""


def with_comments(reader: FieldReader, fields: list[Field], texts: frozenset[str]) -> list[Field]:
    """The fields, with what customers wrote where that is asked for."""
    is_asked = NAME in texts and not any(one.name == NAME for one in fields)
    found = written(reader, frozenset(one.place for one in fields)) if is_asked else None
    return fields if found is None else [*fields, found]


def written(reader: FieldReader, taken: frozenset[int]) -> Field | None:
    """What customers wrote, of columns that nothing else is read from (`taken`); None where a file has none.

    Null where nobody wrote anything.
    """
    if reader.mapping.table not in TABLES_WITH:
        return None
    places = [
        place
        for place, header in enumerate(reader.match.headers)
        if place not in taken and _is_theirs(reader, place, _wordings(reader, place, header))
    ]
    if not places:
        return None
    cells = [reader.cell(place, is_text=True) for place in places]
    joined = pl.concat_str(cells, separator="\n", ignore_nulls=True) if len(cells) > 1 else cells[0]
    text = pl.when(joined != "").then(joined) if len(cells) > 1 else joined
    header = " + ".join(reader.match.headers[place] for place in places)
    return Field(
        name=NAME, header=header, place=places[0], kind=Kind.TEXT, text=text, value=pl.col(text_name(NAME)), is_composed=True,
    )  # fmt: skip


def _wordings(reader: FieldReader, place: int, header: str) -> str:
    labels = reader.match.labels
    return f"{header} {labels[place]}" if place < len(labels) else header


def _is_theirs(reader: FieldReader, place: int, header: str) -> bool:
    """Whether a column is what customers wrote, by its header and, where that could be the one of a category, by its cells."""
    named, asked, ours = _patterns()
    plain = header.replace("Open-Ended Response", "")
    if any(one.search(plain) for one in ours):
        return False
    is_named = any(one.search(header) for one in named)
    if not is_named and not any(one.search(plain) for one in asked):
        return False
    seen = reader.seen(reader.cell(place, is_text=True))
    return _are_words(seen) and (is_named or _are_their_own(seen))


def _are_words(seen: pl.Series) -> bool:
    """Whether most of the filled cells hold a word, and there is one."""
    worded = seen.str.contains(_LETTERS) & ~seen.str.contains(r"^\S+://|^\S+@\S+$")
    return int(worded.sum()) >= _MOSTLY * max(len(seen), 1)


def _are_their_own(seen: pl.Series) -> bool:
    """Whether cells are what each wrote, and not the few words of a category."""
    has_sentences = bool(seen.str.contains(r"\p{L}{2,}\s+\p{L}{2,}\s+\p{L}{2,}").any())
    return has_sentences or len(seen) < _FEW or seen.n_unique() > _ALIKE


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], ...], ...]:
    """Headers that name what customers write, that ask for words, and of what others write."""
    document = yaml.load(configs() / "values" / "comments.yaml", MappingError)
    return tuple(
        tuple(re.compile(one, re.IGNORECASE) for one in document.data[key]) for key in ("named", "asked", "ours")
    )
