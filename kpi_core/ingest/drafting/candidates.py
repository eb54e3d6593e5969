"""What each column of a file may be: by the whole header as spreadsheets write it, by its words, or by its cells.

A candidate's score says how sure that is: 1 the header as it stands is known, 0.9 and less that its words are, about
a half that only the cells speak for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from kpi_core.config.validation import suggestion
from kpi_core.errors import MappingError
from kpi_core.ingest.cells.scores.rating_words import known_words, normal_word
from kpi_core.ingest.cells.scores.stated_scales import stated
from kpi_core.ingest.drafting.date_columns import DateColumns
from kpi_core.ingest.drafting.evidence import SPREADSHEETS, SeenColumn, SeenFile
from kpi_core.ingest.drafting.fitting import Fit, fit, listed
from kpi_core.ingest.drafting.rating import fit_question
from kpi_core.ingest.fields.field_reader import STATUS
from kpi_core.ingest.fields.words import STATES, categories, of_responses, with_promises
from kpi_core.ingest.formats import outcomes
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.outlines import outlines, whole
from kpi_core.ingest.formats.specs import AnswerSpec, ColumnSpec
from kpi_core.ingest.headers import header_units
from kpi_core.ingest.headers.header_rows import normal, without_vat
from kpi_core.ingest.headers.header_zones import without_zone
from kpi_core.ingest.headers.lookalike_questions import asks
from kpi_core.ingest.headers.vocabulary import begins_with, says, speaks_of, spoken, vocabulary
from kpi_core.ingest.questions.survey_questions import INDEX, INDEX_OTHERS, SATISFACTION
from kpi_core.ingest.tables.identity.restarting_numbers import is_counted_anew
from kpi_core.messages.message import Message
from kpi_core.model.tables import QUESTIONS, Column, Kind, Table
from kpi_core.records import dataclass

Slot = tuple[bool, str]
"""A canonical column, or a question (True), by its name."""
LOWEST = 0.55
"""A candidate below this is none."""
SURE = 0.8
"""One below this is marked as unsure."""
BY_WORDS = 0.9
BY_CELLS = 0.5
_BY_PATTERN = 0.92
_BY_SCALE = 0.6
_BY_USER = 2.0
_UNKNOWN = 0.3
REPEATED = 0.2
"""The share of rows whose number stands in another row as well, from which it is doubted that a row is one case."""
_LONG = 60
_MEAN = 0.8
_FEW = 6
_FEWEST = 2
_WORDS_COUNTED = 3
"""Headers that are words of a rating from which their columns count them."""
_BY_NAME = 0.15
_RATED = ("rating", "question", "satisfaction")
_WITH_QUESTIONS = ("tickets", "answers")


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A column of the file taken for a canonical column, or for the answers to a question.

    `reasons` say why it is unsure; it `misleads` where they say that it is something else than its header seems to say.
    """

    name: str
    column: SeenColumn
    score: float
    fit: Fit
    is_question: bool = False
    reasons: tuple[Message, ...] = ()
    time: SeenColumn | None = None
    misleads: bool = False

    @property
    def fills(self) -> Slot:
        """What it would fill: no two candidates fill one slot."""
        return self.is_question, self.name


def by_headers(file: SeenFile, table: Table, dates: DateColumns) -> Iterator[Candidate]:
    """The candidates that a header speaks for and whose cells do not speak against it."""
    for column in file.columns:
        if table.name == "tickets" and (outcome := _outcome(column, dates)) is not None:
            yield outcome
            continue
        for score, one, spec in _known(column, table):
            if not _is_region(column, one):
                is_state = one.name in STATES and table.name == "answers"
                known = spec.model_copy(update={"values": of_responses(one.name)}) if is_state else spec
                yield from _candidate(table, dates, column, one, known, score)
        for one in table.columns:
            explained = BY_WORDS * spoken_for(column.header, table, one)
            if one.name == "channel" and _is_channel(column):
                explained = min(BY_WORDS, explained + BY_CELLS)
            if explained >= LOWEST and not _is_unlikely(column, one) and not _is_region(column, one):
                yield from _candidate(table, dates, column, one, ColumnSpec(), explained)
    if table.name in _WITH_QUESTIONS:
        yield from _questions(file, table, dates)


def _outcome(column: SeenColumn, dates: DateColumns) -> Candidate | None:
    """A status or a result that says of calls whether they were answered; None where it says something else."""
    written = _spreadsheets("tickets")
    spec = written.columns.get(outcomes.ANSWERED, ColumnSpec()) if written else ColumnSpec()
    if not speaks_of(column.header, "status", "state", "result") or not outcomes.are_outcomes(column.cells, spec):
        return None
    found = fit(column, Kind.TRUTH, spec, dates)
    return None if found is None else Candidate(name=outcomes.ANSWERED, column=column, score=BY_WORDS, fit=found)


def spoken_for(header: str, table: Table, one: Column) -> float:
    """How well a header's words say that it is one column of the table; a mean of what it is, so that it can be named, less so."""
    phrases = vocabulary().columns.get(table.name, {}).get(one.name, ())
    row = vocabulary().rows.get(table.name, "")
    if _is_mean(header, one):
        return _MEAN * says(header, [f"{phrase} mean" for phrase in phrases], row)
    return says(header, phrases, row)


def _is_mean(header: str, one: Column) -> bool:
    """Whether a duration is one over several replies or cases, which no row has: calls alone are summed up so."""
    return one.kind is Kind.DURATION and one.name != "handle_time" and speaks_of(header, "mean")


def by_name(file: SeenFile, table: Table, dates: DateColumns, field: str, column: SeenColumn) -> Candidate:
    """The column that the user names for a field, whatever its header.

    Raises:
        MappingError: the table has no such field.
    """
    one, asks = table.column(field), field in QUESTIONS and table.name in _WITH_QUESTIONS
    if one is None and not asks:
        known = (*table.names, *(QUESTIONS if table.name in _WITH_QUESTIONS else ()))
        raise MappingError(f"no field `{field}` in {table.name}{suggestion(field, known)}", where="--column")
    if one is not None:
        found = fit(column, one.kind, ColumnSpec(), dates)
    else:
        found = fit_question(column, _specs(table)[field], file, dates.choices)
    reasons = () if found else (Message("cells-look-otherwise"),)
    found = found or Fit(share=1.0, shown=column.variety)
    return Candidate(name=field, column=column, score=_BY_USER, fit=found, is_question=one is None, reasons=reasons)


def known_but_empty(file: SeenFile, table: Table) -> Iterator[tuple[str, SeenColumn]]:
    """The columns whose headers are known and whose cells are all empty, with what they would fill."""
    for column in file.columns:
        if not column.filled and (known := _known(column, table)):
            yield known[0][1].name, column


def _known(column: SeenColumn, table: Table) -> list[tuple[float, Column, ColumnSpec]]:
    """The canonical columns whose spreadsheet headers include this one, with a score: the earlier in the list the surer."""
    found: list[tuple[float, Column, ColumnSpec]] = []
    plain = tuple(map(normal, (column.header, without_zone(column.header), without_vat(column.header))))
    for one, spec, listed_at in _written(table):
        is_state = one.name in STATES and table.name == "answers" and _are_states(column, one.name)
        places = {normal(STATUS): len(spec.headers) + 1, **listed_at} if is_state else listed_at
        spellings = (*plain, normal(header_units.without_unit(column.header, one.kind)))
        if written_so := next((spelling for spelling in spellings if spelling in places), None):
            found.append((1 - places[written_so] / 1000, one, spec))
    return sorted(found, key=lambda entry: -entry[0])


@cache
def _written(table: Table) -> tuple[tuple[Column, ColumnSpec, dict[str, int]], ...]:
    """How spreadsheets write each column of a table, and where each of its headers stands in that list."""
    written = _spreadsheets(table.name)
    specs = [(one, written.columns.get(one.name, ColumnSpec()) if written else ColumnSpec()) for one in table.columns]
    return tuple((one, spec, _places((*spec.headers, one.name))) for one, spec in specs)


def _places(headers: Sequence[str]) -> dict[str, int]:
    """The headers in one spelling with the first place at which each stands."""
    return {normal(header): place for place, header in reversed([*enumerate(headers)])}


def _are_states(column: SeenColumn, name: str) -> bool:
    """Whether all words of a column say how far a response has come."""
    known = {word.lower() for word in of_responses(name)}
    return bool(column.words) and all(word.lower() in known for word in column.words)


def _spreadsheets(table: str) -> Mapping | None:
    """How spreadsheets of a table are written."""
    return next((whole(one.path) for one in outlines() if one.path.stem == f"{SPREADSHEETS}{table}"), None)


def _candidate(
    table: Table, dates: DateColumns, column: SeenColumn, one: Column, spec: ColumnSpec, score: float
) -> Iterator[Candidate]:
    found = fit(column, one.kind, with_promises(one.name, spec), dates)
    is_other = one.kind in (Kind.KEY, Kind.TEXT) and column.place in dates.found
    if found is None or is_other or (one.name == table.key and column.is_prose) or _is_of_a_reply(column, one, spec):
        return
    if one.kind is Kind.TEXT and one.name != "agent" and column.different <= _FEW:
        found = replace(found, shown=listed(column.words))
    reasons = []
    if one.name == table.key:
        repeated = 0.0 if is_counted_anew(column.cells) else 1 - column.different / column.filled
        score *= 1 - repeated / 4
        if repeated > REPEATED:
            reasons.append(
                Message(
                    "numbers-of-lines" if table.name == "orders" else "numbers-repeated",
                    different=column.different, count=column.filled,
                )
            )  # fmt: skip
    if found.unknown:
        score *= 1 - (1 - found.share) * _UNKNOWN
    if found.doubt:
        reasons.append(found.doubt)
    if found.unknown and found.share < 0.5:
        reasons.append(Message("words-mostly-unknown"))
    if (misleads := _misleads(column.header, one, spec)) is not None:
        reasons.append(misleads)
    elif score < SURE and not found.unknown:
        reasons.append(Message("part-of-header"))
    yield Candidate(
        name=one.name, column=column, score=score, fit=found, reasons=tuple(reasons), misleads=misleads is not None
    )


def _misleads(header: str, one: Column, spec: ColumnSpec) -> Message | None:
    """Why a header may say something else than the column that its words speak for; None where it does not."""
    if _is_mean(header, one):
        return Message("mean-of-several")
    is_bare = one.name == "agent_replies" and not spec.headers and not speaks_of(header, "agent", "count")
    return Message("replies-or-answers") if is_bare else None


def _is_of_a_reply(column: SeenColumn, one: Column, spec: ColumnSpec) -> bool:
    """Whether a header that speaks of replies says more, so that it counts none: their time, the first of them."""
    is_named = bool(spec.headers) or speaks_of(column.header, "agent", "count")
    return one.name == "agent_replies" and not is_named and any(word - {"reply"} for word in spoken(column.header))


def _is_unlikely(column: SeenColumn, one: Column) -> bool:
    """Whether a text says something else in every row (nothing to split by), or a number the same in most."""
    if one.kind is Kind.KEY:
        return column.length > _LONG or column.different < 0.1 * column.filled
    return one.kind is Kind.TEXT and (column.length > _LONG or column.different > 0.8 * column.filled >= 16)


def _is_region(column: SeenColumn, one: Column) -> bool:
    """Whether a `State` holds no word of a status: it may be a part of a country."""
    if (
        one.name not in ("status", "order_status")
        or not speaks_of(column.header, "state")
        or speaks_of(column.header, "status")
    ):
        return False
    known = {*categories(Kind.STATUS), *vocabulary().order_states}
    return not any(word.lower() in known for word in column.words)


def _is_channel(column: SeenColumn) -> bool:
    known = set(vocabulary().channels)
    return sum(count for word, count in column.words.items() if word.lower() in known) >= 0.5 * column.filled > 0


def _questions(file: SeenFile, table: Table, dates: DateColumns) -> Iterator[Candidate]:
    specs = _without_index(_specs(table), file)
    counted = _counts_of_words(file)
    for column in file.columns:
        if column.place in dates.found or column in counted:
            continue
        for question, spec in specs.items():
            phrases = vocabulary().questions.get(question, ())
            score = max(_asks(column, spec), BY_WORDS * says(column.header, phrases, "question", "survey"))
            if score >= LOWEST and (found := fit_question(column, spec, file, dates.choices)):
                yield _question(column, question, score, found)
        yield from _plain_rating(file, column, dates)


def _specs(table: Table) -> dict[str, AnswerSpec]:
    """How spreadsheets ask each question: those of the table itself first, then of surveys."""
    written = [mapping for name in ("answers", table.name) if (mapping := _spreadsheets(name))]
    known = {spec.question: spec for mapping in written for spec in mapping.answers}
    return {question: known.get(question, AnswerSpec(question=question)) for question in QUESTIONS}


def _counts_of_words(file: SeenFile) -> list[SeenColumn]:
    """The columns of a list that counts how often each word was given: their headers are those words, and they hold no mark themselves."""
    named = [column for column in file.columns if normal_word(column.header) in known_words()]
    return named if len(named) >= _WORDS_COUNTED else []


def _without_index(specs: dict[str, AnswerSpec], file: SeenFile) -> dict[str, AnswerSpec]:
    """The questions without that of the index which is satisfaction overall where the others are not asked: it is satisfaction then."""
    if any(_asks(column, specs[name]) for column in file.columns for name in INDEX_OTHERS):
        return specs
    satisfaction, index = specs[SATISFACTION], specs[INDEX]
    merged = satisfaction.model_copy(
        update={
            "headers": (*satisfaction.headers, *index.headers),
            "matching": (*satisfaction.matching, *index.matching),
        }
    )
    return {name: merged if name == SATISFACTION else spec for name, spec in specs.items() if name != INDEX}


def _asks(column: SeenColumn, spec: AnswerSpec) -> float:
    headers = [normal(header) for header in spec.headers]
    for named in (normal(column.header), normal(stated(column.header).rest)):
        if named in headers:
            return 1 - headers.index(named) / 1000
    found = any(asks(pattern, column.header) for pattern in spec.matching)
    return _BY_PATTERN if found else 0.0


def _question(column: SeenColumn, question: str, score: float, found: Fit, reason: Message | None = None) -> Candidate:
    score *= 0.5 + found.share / 2
    reasons = tuple(message for message in (reason, found.doubt) if message is not None)
    return Candidate(name=question, column=column, score=score, fit=found, is_question=True, reasons=reasons)


def _plain_rating(file: SeenFile, column: SeenColumn, dates: DateColumns) -> Iterator[Candidate]:
    """A rating whose header does not say of what (`rating`, `item1`, `How would you rate us (0-10)?`): its scale may."""
    if not speaks_of(column.header, *_RATED) or column.different < _FEWEST:
        return
    stated = "0-10" in column.header.replace(" ", "")
    plain = fit_question(column, AnswerSpec(question="nps" if stated else "csat"), file, dates.choices)
    if plain is None or plain.values is None or plain.settings.get("scale", [0])[-1] > 10:
        return
    is_nps = stated or (plain.settings.get("scale") == [0, 10] and plain.values.max() == 10)
    is_bare = all(word & set(_RATED) for word in spoken(column.header))
    score = _BY_SCALE if is_bare or stated else BY_CELLS
    question, subject = ("nps", "nps") if is_nps else ("csat", "satisfaction")
    score += _BY_NAME if begins_with(Path(file.raw.name).stem, subject) else 0.0
    reason = Message("told-by-answers-to-ten") if is_nps else Message("told-by-answers")
    yield _question(column, question, score, plain, reason)
