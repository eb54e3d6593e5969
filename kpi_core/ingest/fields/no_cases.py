"""What columns other than the status say of a ticket that is none: a category `Spam`, a reason `Duplicate`, a tag `merged`.

The same words say it as in a status, wherever the header speaks of what a ticket is or why it was closed. Of them those are left that
may be what a case is about: `Trash` is a category of a firm that collects it, `Dubbel` a type of room.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import polars as pl

from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.unassigned import MERGED, SPAM, is_junk
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.headers.tags import TAGS
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex

MARK = "_no case:"
"""Before the position of a column that is read for what it says of that alone."""
_TOPICS = frozenset({"junk", "trash", "trashed", "skräp", "søppel", "roska", "papperskorgen", "dubbel", "flettet"})
"""Words that say it in a status, and may be topics elsewhere."""
_WORDS = {
    name: tuple(word for word in words if word not in _TOPICS)
    for name, words in (("is_spam", SPAM), ("is_merged", MERGED))
}
_HEADERS = regex(
    r"typ(?:e|en)?$|tyyppi$|kategori(?:en)?$|category$|luokka$|priorit(?:y|et|ering)$|^prio$|(?:^|\s)gro?upp?e?$|ryhmä$|queue$|^kö$|jono$|(?:^|\s)team$|"
    r"reason$|orsak$|årsak$|årsag$|syy$|outcome$|utfall$|result(?:at)?$|disposition$|class(?:ification)?$|klass(?:ificering)?$|kind$|slag$|flagg?a?$|"
    r"(?:close|closure|resolution|avslut|stängning|lösning)\S*(?:\s\S+)?$"
)
"""Headers that say what a ticket is, who has it, or why it was closed."""
_TAGGED = {
    "is_spam": ("spam", "skräppost", "søppelpost", "roskaposti"),
    "is_merged": ("merged", "closed_by_merge", "duplicate", "dubblett", "duplikat"),
}
_BETWEEN = r"[,;|\[\]\"']"
FEW = 200
"""Different words of a sample past which a column is prose."""
_LOOKED_THROUGH = 48 << 20
"""Bytes of a file up to which such a column is read for its words alone; of a larger one, where its first rows have one."""


def with_no_cases(reader: FieldReader, fields: Sequence[Field]) -> list[Field]:
    """The fields of tickets, of which those that may say so mark it, with those that are read for it alone."""
    if reader.mapping.table != "tickets":
        return list(fields)
    found = [_telling(reader, field) for field in fields]
    taken = {field.place for field in fields}
    return [*found, *_alone(reader, taken)]


def _telling(reader: FieldReader, field: Field) -> Field:
    """The field, with what its words say of tickets that are none."""
    if not field.is_worded or field.kind not in (Kind.TEXT, Kind.PRIORITY) or field.says:
        return field
    says = _says(reader, field.place, field.text_name)
    return replace(field, says=says) if says else field


def _alone(reader: FieldReader, taken: set[int]) -> Iterator[Field]:
    for place, header in enumerate(reader.match.headers):
        if place in taken or not (_HEADERS.search(normal(header)) or TAGS.search(normal(header))):
            continue
        name = f"{MARK}{place}"
        cell = reader.cell(place, is_text=True)
        says = _says(reader, place, text_name(name))
        if says and (reader.raw.size <= _LOOKED_THROUGH or _shows(reader.seen(cell), name, says)):
            yield Field(
                name=name,
                header=header,
                place=place,
                kind=Kind.TEXT,
                text=cell,
                value=pl.col(text_name(name)),
                says=says,
            )


def _shows(seen: pl.Series, name: str, says: Mapping[str, pl.Expr]) -> bool:
    return bool(pl.DataFrame({text_name(name): seen}).select(pl.any_horizontal(says.values()).any()).item())


def _says(reader: FieldReader, place: int, text: str) -> Mapping[str, pl.Expr]:
    """By `is_spam` and `is_merged`, whether a cell of a column (its text under that name) says so; nothing where it is no column of such words."""
    header = normal(reader.match.headers[place])
    seen = reader.seen(reader.cell(place, is_text=True))
    if TAGS.search(header):
        gap = _BETWEEN if seen.str.contains(_BETWEEN).any() else r"\s"
        word = pl.col(text).str.to_lowercase()
        return {
            name: word.str.contains(rf"(?:^|{gap})\s*(?:{'|'.join(tags)})\s*(?:$|{gap})")
            for name, tags in _TAGGED.items()
        }
    if _HEADERS.search(header) and seen.n_unique() <= FEW:
        return _by_words(text)
    return {}


@lru_cache(maxsize=256)
def _by_words(text: str) -> Mapping[str, pl.Expr]:
    """The same by its words, whatever the file."""
    word = pl.col(text).str.to_lowercase()
    conditions = {name: word.is_in(list(words)) for name, words in _WORDS.items()}
    return {**conditions, "is_spam": conditions["is_spam"] | is_junk(word)}
