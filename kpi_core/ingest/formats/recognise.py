"""Which format a file is in, recognised by its headers, with the reason when nothing or more than one fits."""

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from kpi_core.config.yaml import suggestion
from kpi_core.errors import ExportError, MappingError, UnreadableError
from kpi_core.ingest.cells.scores.stated_scales import stated
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.header_rules import has_header, matched_headers, spelled
from kpi_core.ingest.formats.mapping import Mapping, find_mapping, find_mappings
from kpi_core.ingest.formats.outlines import likely
from kpi_core.ingest.formats.specs import LongForm, Recognition
from kpi_core.ingest.formats.unknown_layouts import is_undated, unknown_log, why_unknown
from kpi_core.ingest.headers.header_rows import (
    HEADER_SEARCH,
    candidates,
    compared,
    header_row,
    is_sentence,
    normal,
    open_ended,
    places_of,
)
from kpi_core.ingest.headers.header_zones import zone_of_header
from kpi_core.ingest.headers.lookalike_questions import asks
from kpi_core.messages.message import Message
from kpi_core.model.tables import TABLES, Kind
from kpi_core.patterns import regex
from kpi_core.records import dataclass

BY_DRAFT = Message("by-draft")
"""The reason of a match that no format and no mapping of the user's is behind."""
_UNSAID = Message("by-headers", headers=(), count=0)
"""The reason of a match until it is one: to say by which headers takes a third of what it takes to recognise a file."""
_OF_AN_ANSWER = regex(r"svar|besvar|vasta|answer|respon|survey|submi", re.IGNORECASE)
_REMARK = regex(r"comment|feedback|kommentar|kommentti|palaute|^$", re.IGNORECASE)
_ENOUGH = 3
"""Columns that a file must have of a format that has no headers of its own."""
MOSTLY_KNOWN, FEWEST_WORDS = 0.5, 2
"""The share of the events of a log that are in known words, and how many of these there are; the others are reported."""
NAMED_HEADERS = 2
HEADERS_SHOWN = 20
"""Of the headers that would do, those that are named."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A file read as a format: the mapping, the rows before the data, and each column's header.

    `headers` are as written (two header rows joined as `question - option`), `labels` the wording next to them where
    a header row of its own holds it; columns go by both. `reason` says what decided.
    """

    mapping: Mapping
    skip: int
    headers: tuple[str, ...]
    reason: Message
    labels: tuple[str, ...] = ()

    def index(self, names: Iterable[str]) -> int | None:
        """The position of the first of `names` that is a header; None when none is."""
        return next(iter(self.places(names)), None)

    def places(self, names: Iterable[str]) -> list[int]:
        """The positions of all of `names` that are headers, in the order of the names."""
        return list(places_of(self.headers, self.labels, tuple(names)))

    def question(self, names: Iterable[str]) -> int | None:
        """The position of the question that one of `names` is the header of, stating its scale or not; None when none is."""
        listed = list(names)
        if (place := self.index(listed)) is not None:
            return place
        bare = _bare(self.headers)
        return next((bare[normal(name)] for name in listed if normal(name) in bare), None)

    def repeats(self, place: int) -> list[int]:
        """The positions of every column with the header of one."""
        return [other for other, header in enumerate(self.headers) if normal(header) == normal(self.headers[place])]

    def matching(self, patterns: Iterable[str], taken: Collection[int] = ()) -> int | None:
        """The position of the first header that a pattern finds and nothing else has taken; None when none does."""
        for pattern in patterns:
            for place in _matching(self.headers, self.labels, pattern):
                if place not in taken:
                    return place
        return None

    @property
    def zone(self) -> str | None:
        """The zone that a header names, as in `Created at (Europe/Oslo)`, where the mapping looks for one."""
        known = {normal(header): at for at, header in enumerate(self.headers)}
        table = TABLES[self.mapping.table]
        instants = (
            spec
            for name, spec in self.mapping.columns.items()
            if (column := table.column(name)) and column.kind is Kind.INSTANT
        )
        for spec in instants:
            for name in spec.headers:
                if (place := open_ended(known, name)) is not None:
                    header = self.headers[place].rstrip()
                    return zone_of_header(header) or header.removesuffix(")").rpartition("(")[2]
        return None


# What follows is asked again and again of the same headers: by every format that a file may be in, by every file of a folder.


@lru_cache(maxsize=256)
def _bare(headers: Sequence[str]) -> dict[str, int]:
    """The position of each header without the scale that it states, as it is compared; the first of several."""
    return {normal(stated(header).rest): place for place, header in reversed(tuple(enumerate(headers)))}


@lru_cache(maxsize=1 << 14)
def _matching(headers: Sequence[str], labels: Sequence[str], pattern: str) -> tuple[int, ...]:
    """The positions of the headers, then of the wordings, that a pattern finds."""
    return tuple(place for named in (headers, labels) for place, header in enumerate(named) if asks(pattern, header))


def recognise(raw: RawExport, names: str | Sequence[str] = (), *, is_alone: bool = True) -> Match:
    """The format of a file: the mapping named, else the one built-in mapping that its headers fit.

    Raises:
        ExportError: nothing fits, or several formats do.
        MappingError: the mapping named does not fit the file.
    """
    listed = (names,) if isinstance(names, str) else names
    match = by_name(raw, listed, is_alone=is_alone) or recognised(raw)
    if match is None:
        raise unknown_format(raw)
    return match


def by_name(
    raw: RawExport, names: Sequence[str], *, is_alone: bool = True, given: Collection[str] = ()
) -> Match | None:
    """The file as the mapping named; of several as the one that fits it, None where none of them does.

    Among other files (`is_alone` False) a mapping that says how it is recognised is for those files that fit it. A file may
    lack the header of a column that the user names another for (`given`).

    Raises:
        ExportError: several of them fit alike.
        MappingError: the only mapping named does not fit the file, or there is none of that name.
    """
    mappings = find_mappings(names)
    if len(mappings) == 1:
        (mapping,) = mappings
        has_rule = bool(mapping.recognised_by.every or mapping.recognised_by.some)
        return _named(raw, mapping, given) if is_alone or not has_rule or _fit(raw, mapping) else None
    fits = _strongest([match for mapping in mappings if (match := _fit(raw, mapping))])
    if len(fits) > 1:
        named = " and ".join(f"`{match.mapping.name}`" for match in fits)
        raise ExportError(f"fits {named} alike", where=raw.name, hint="name one of them with --mapping")
    return fits[0] if fits else None


def recognised(raw: RawExport) -> Match | None:
    """The one built-in format that the headers of a file fit; None where none does.

    Raises:
        ExportError: several fit alike.
    """
    for fallback in (False, True):
        mappings = (mapping for mapping in likely(raw, fallback=fallback) if not mapping.invitations)
        found = [match for mapping in mappings if (match := _fit(raw, mapping))]
        best = _strongest(found)
        if len(best) == 1:
            return best[0]
        if best:
            names = ", ".join(match.mapping.name for match in best)
            hint = f"pass --mapping with one of {names}"
            raise ExportError("fits more than one format", where=raw.name, hint=hint)
    return None


def as_invitations(raw: RawExport) -> Match | None:
    """The file as a list of who was asked to answer a survey; None where it is none, or asks itself."""
    found = (_fit(raw, mapping) for mapping in likely(raw, fallback=True) if mapping.invitations)
    match = next((match for match in found if match is not None), None)
    asks = match is not None and any(_answered(match, one.headers, one.matching) for one in match.mapping.answers)
    return None if asks else match


def unknown_format(raw: RawExport, doubts: str = "", named: Sequence[str] = (), near: str = "") -> ExportError:
    """The error for a file that fits no known format, with the ways out.

    `doubts` are columns that a draft is unsure of, `named` the mappings that the user names and that do not fit, `near` says
    which format it nearly is in.
    """
    if not raw.head:
        hint = "name the list in a mapping of your own with `records: PATH`, and pass it with --mapping"
        return ExportError("is JSON with no list of records, or with several", where=raw.name, hint=hint)
    filled = [f"`{' '.join(cell.split())}`" for cell in _likely_header(raw) if cell]
    more = f" and {len(filled) - HEADERS_SHOWN:,} more" if len(filled) > HEADERS_SHOWN else ""
    headers = ", ".join(filled[:HEADERS_SHOWN]) + more or "none"
    ways = _lacked(raw, named) or "name a format with --mapping, or columns with --mapping and --column FIELD=HEADER"
    unsure = f", unsure of {doubts}" if doubts else ""
    why = unknown_log(raw.head, raw.width) + "".join(
        f"{reason}\n" for reason in [why_unknown(_likely_header(raw), raw.head[header_row(raw.head) + 1 :])] if reason
    )
    hint = f"its headers are {headers}\n{near}{why}{ways}\n`kundpuls map` drafts a mapping for an unknown file{unsure}"
    kind = UnreadableError if is_undated(raw.head) else ExportError
    return kind("no known export format", where=raw.name, hint=hint)


def _lacked(raw: RawExport, named: Sequence[str]) -> str:
    """Which header each mapping named lacks in the file, and what would do; empty where none lacks one."""
    header, hints = {normal(cell) for cell in _likely_header(raw)}, []
    mappings = find_mappings(named)
    for mapping in mappings:
        lacking = [word for word in mapping.recognised_by.every if not has_header(header, word)]
        if lacking and (len(mappings) == 1 or len(lacking) < len(mapping.recognised_by.every)):
            first = " or ".join(f"`{word}`" for word in lacking[0].split("|")[:NAMED_HEADERS])
            command = f"kundpuls map {shlex.quote(raw.name)} --table {mapping.table} -o m.yaml"
            hints.append(
                f"`{mapping.name}` needs a column called {first} or the like: `{command}` drafts a mapping that takes another"
                " header for it, then pass --mapping m.yaml in addition to the others"
            )
    return "\n".join(hints)


def also_recognised(raw: RawExport, match: Match) -> list[Match]:
    """The further tables in the same file that its format knows and that are there."""
    others = (_fit(raw, find_mapping(name)) for name in match.mapping.also)
    return [other for other in others if other is not None]


def _named(raw: RawExport, mapping: Mapping, given: Collection[str]) -> Match:
    if match := _fit(raw, mapping):
        return match
    if mapping.recognised_by.every and not mapping.fallback:
        seen = {normal(cell) for row in raw.head[:HEADER_SEARCH] for cell in row}
        named = {normal(word) for name in given if (spec := mapping.columns.get(name)) for word in spec.headers}
        lacking = [header for header in mapping.recognised_by.every if not has_header(seen | named, header)]
        if lacking:
            first = lacking[0].split("|")[0]
            near = suggestion(first, _likely_header(raw))
            fed = next((name for name, spec in mapping.columns.items() if first in spec.headers), None)
            way = "" if fed is None else f", or say which column it is: --column {fed}=HEADER"
            hint = f"name the mapping that fits, or leave --mapping out{way}"
            raise MappingError(f"`{mapping.name}` needs a column `{first}`{near}", where=raw.name, hint=hint)
    view = raw.view(mapping.records)
    if view is None:
        raise MappingError(
            f"`{mapping.name}` reads the records at `{mapping.records}`, and there are none", where=raw.name
        )
    skip = _nearest(view, mapping) if mapping.header_rows else 0
    return match_at(view, mapping, skip, Message("by-option"))


def _nearest(raw: RawExport, mapping: Mapping) -> int:
    """The row that holds most of a mapping's headers, the likeliest header first."""
    wanted = [word for spec in mapping.columns.values() for word in spec.headers]
    wanted += [word for answer in mapping.answers for word in answer.headers]
    rows = candidates(raw.head, raw.width)
    hits = [len(spelled(row, [word for word in wanted if has_header(row, word)])) for _, row in rows]
    return rows[hits.index(max(hits))][0] if rows else 0


def match_at(raw: RawExport, mapping: Mapping, skip: int, reason: Message) -> Match:
    """The file read by a mapping: the match with the header in the row after `skip` others."""
    labels: tuple[str, ...] = ()
    if mapping.header_rows == 0:
        headers = (*mapping.headers, *[""] * (raw.width - len(mapping.headers)))[: raw.width]
    elif mapping.header_labels is not None:
        headers, labels = _row(raw, skip), _row(raw, skip + mapping.header_labels - 1)
    else:
        headers = _headers(raw, skip, mapping.header_rows)
    return Match(mapping=mapping, skip=skip + mapping.header_rows, headers=headers, labels=labels, reason=reason)


def _strongest(found: list[Match]) -> list[Match]:
    """The matches that use the most columns; ties stay together."""
    if len(found) < 2:
        return found
    reach = [sum(match.index(spec.headers) is not None for spec in match.mapping.columns.values())
             + sum(_answered(match, answer.headers, answer.matching) for answer in match.mapping.answers)
             for match in found]  # fmt: skip
    return [match for match, count in zip(found, reach, strict=True) if count == max(reach)]


def _answered(match: Match, headers: Iterable[str], patterns: Iterable[str]) -> bool:
    return match.question(headers) is not None or match.matching(patterns) is not None


def _fit(whole: RawExport, mapping: Mapping) -> Match | None:
    rule, raw = mapping.recognised_by, whole.view(mapping.records)
    if raw is None or mapping.header_rows == 0:  # without a header only its name says which format it is
        return None
    for skip, row in candidates(raw.head, raw.width):
        headers = matched_headers(row, rule)
        if headers is None or (rule.second_row and not _second_row_fits(raw, skip, rule)):
            continue
        match = match_at(raw, mapping, skip, _UNSAID)
        is_recognised = len(headers) > 1 or _is_borne_out(match) if rule.every or rule.some else _reaches(match)
        if (
            is_recognised
            and _cells_fit(raw, match)
            and (mapping.long_form is None or _is_long(raw, match, mapping.long_form))
        ):
            return replace(match, reason=_reason(mapping, row, headers))
    return None


def _is_long(raw: RawExport, match: Match, form: LongForm) -> bool:
    """Whether the first rows are answers, one a row: few questions, each put to several, or mostly known ones."""
    who, what = match.index(form.response), match.index(form.question)
    if who is None or what is None:
        return False
    rows = [(row[who].strip(), " ".join(row[what].split())) for row in raw.head[match.skip :]]
    questions = tuple(dict.fromkeys(question for _, question in rows))
    asked = replace(match, headers=questions, labels=())
    specs = match.mapping.answers
    known = {questions[place] for one in specs if (place := asked.question(one.headers)) is not None}
    known |= {text for text in questions for one in specs for each in one.matching if asks(each, text)}
    asked_of = [(whose, question) for whose, question in rows if whose and question]
    if 2 * sum(question in known for _, question in asked_of) >= len(asked_of):
        return bool(asked_of)
    return 2 * len(questions) <= len(asked_of) and 2 * len(set(asked_of)) > len(asked_of)


def _reason(mapping: Mapping, row: set[str], found: Iterable[str]) -> Message:
    """The headers by which the format was recognised: those of its rule, else those its columns go by."""
    spellings: Iterable[str] = spelled(row, found)
    if not spellings:
        specs = (spec for spec in mapping.columns.values() if not row.isdisjoint(compared(spec.headers)[0]))
        spellings = (word for spec in specs for word in spec.headers if normal(word) in row)
    headers = [Message("either-header", headers=word.split("|")) for word in islice(spellings, 4)]
    return Message("by-headers", headers=headers, count=len(headers))


def _cells_fit(raw: RawExport, match: Match) -> bool:
    """Whether the first rows of the columns that the rule speaks of hold what it says, and something at all; of a log most of them."""
    for header, pattern in match.mapping.recognised_by.cells.items():
        place = match.index(header.split("|"))
        cells = [] if place is None else [row[place].strip() for row in raw.head[match.skip :]]
        filled = [cell for cell in cells if cell]
        known = [cell for cell in filled if re.search(pattern, cell, re.IGNORECASE)]
        if not known or len(known) < len(filled) * (1 if match.mapping.events is None else MOSTLY_KNOWN):
            return False
        if (
            match.mapping.events is not None
            and len(known) < len(filled)
            and len(set(map(normal, known))) < FEWEST_WORDS
        ):
            return False
    return True


def _reaches(match: Match) -> bool:
    """Whether a format without a rule of its own has its key and something to count."""
    mapping = match.mapping
    key = TABLES[mapping.table].key
    has_key = key not in mapping.columns or match.index(mapping.columns[key].headers) is not None
    telling = mapping.recognised_by.columns
    if telling and not any(
        (spec := mapping.columns.get(name)) and match.index(spec.headers) is not None for name in telling
    ):
        return False
    if mapping.table == "answers":
        is_survey = has_key or _is_plain_survey(match)
        return is_survey and any(_answered(match, answer.headers, answer.matching) for answer in mapping.answers)
    return has_key and sum(match.index(spec.headers) is not None for spec in mapping.columns.values()) >= _ENOUGH


def _is_plain_survey(match: Match) -> bool:
    """Whether a survey without a number of its own has the time of an answer, and the case it is about.

    A bare date is one of an answer only where there is nothing else in the file but the questions and who was asked.
    """
    columns, answers = match.mapping.columns, match.mapping.answers
    at, case = (
        match.index(columns[name].headers) if name in columns else None for name in ("answered_at", "ticket_id")
    )
    if at is None or case is None:
        return False
    asked = {place for answer in answers if (place := match.question(answer.headers)) is not None}
    plain = {match.index(columns[name].headers) for name in ("customer_id", "survey") if name in columns}
    rest = set(range(len(match.headers))) - {at, case} - asked - plain
    return bool(_OF_AN_ANSWER.search(match.headers[at])) or all(_REMARK.search(match.headers[place]) for place in rest)


def _is_borne_out(match: Match) -> bool:
    """Whether a format recognised by one header has another sign: a question asked or a sentence, else two columns more."""
    if match.mapping.table == "answers":
        asks = any(_answered(match, answer.headers, answer.matching) for answer in match.mapping.answers)
        return asks or any(is_sentence(header) for header in (*match.headers, *match.labels))
    return sum(match.index(spec.headers) is not None for spec in match.mapping.columns.values()) > 2


def _second_row_fits(raw: RawExport, skip: int, rule: Recognition) -> bool:
    """Whether the row below a header is one too: it says `Response`, or names options where the header is blank, and no number of a row."""
    if len(raw.head) <= skip + 1:
        return False
    above, below = ([normal(cell) for cell in raw.head[skip + at]] for at in (0, 1))
    if any(normal(word) in below for word in rule.second_row):
        return True
    known = {normal(word) for header in rule.every for word in header.split("|")}
    is_unnumbered = all(not under for top, under in zip(above, below, strict=True) if top in known)
    return is_unnumbered and sum(bool(under) and not top for top, under in zip(above, below, strict=True)) > 1


def _headers(raw: RawExport, skip: int, rows: int) -> tuple[str, ...]:
    """Column headers over `rows` header rows: the question carried rightwards, the option behind it."""
    first = _row(raw, skip)
    if rows == 1:
        return first
    below = _row(raw, skip + 1)
    joined, question = [], ""
    for top, under in zip(first, below, strict=False):
        question = top.strip() or question
        option = under.strip()
        plain = option.casefold() in {"", "response", "open-ended response", "svar", "öppet svar"}
        joined.append(question if plain else f"{question} - {option}")
    return tuple(joined)


def _row(raw: RawExport, place: int) -> tuple[str, ...]:
    """The cells of one of the first rows, without blanks around them."""
    cells = raw.head[place] if len(raw.head) > place else ()
    return tuple(cell.strip() for cell in (*cells, *[""] * (raw.width - len(cells))))


def _likely_header(raw: RawExport) -> tuple[str, ...]:
    return raw.head[header_row(raw.head)] if raw.head else ()
