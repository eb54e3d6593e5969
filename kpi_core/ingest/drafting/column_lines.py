"""The lines of a draft that say what each canonical column and question is read from, and what is unsure of it."""

from collections.abc import Iterator
from typing import Any

from kpi_core.ingest.drafting.candidates import SURE, Candidate, Slot
from kpi_core.ingest.drafting.matching import Reading
from kpi_core.ingest.drafting.yaml_lines import Line, scalar
from kpi_core.ingest.fields.words import CATEGORIES
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind

_MOST_HEADERS = 4
_MOST_WORDS = 30
_UNITS = ("days", "hours", "minutes", "seconds", "milliseconds", "clock (h:mm:ss)", "m:ss", "d:hh:mm")


def column_lines(reading: Reading, formats: tuple[str, ...], rows: int) -> Iterator[Line]:
    """The entries under `columns:`; those that lack what only the user can say are comments."""
    for candidate in reading.found:
        if candidate.is_question:
            continue
        one = reading.table.column(candidate.name)
        settings = dict(candidate.fit.settings)
        if one is not None and one.kind is Kind.INSTANT and formats:
            settings["format"] = formats[0] if len(formats) == 1 else list(formats)
        if candidate.fit.lacks:
            yield _lacking(candidate)
            continue
        kind = one.kind if one is not None else Kind.TEXT
        yield from _entry(candidate, settings, _choices(kind), seen(candidate, reading, rows))


def _lacking(candidate: Candidate) -> Line:
    """An entry that stays a comment until its unit, or the decimal sign of the file, is filled in."""
    header = scalar(candidate.column.header)
    if candidate.fit.lacks == "unit":
        note = Message(
            "draft-unit", entry=f"{candidate.name}: {{from: {header}, unit: }}", units=_UNITS, shown=candidate.fit.shown
        )
    else:
        note = Message("draft-decimal", field=candidate.name, header=header)
    return Line(comment=note, indent=2)


def _entry(candidate: Candidate, settings: dict[str, Any], choices: Message, note: Message) -> Iterator[Line]:
    source = "opposite" if settings.pop("opposite", False) else "from"
    unknown, values, patterns = candidate.fit.unknown, settings.pop("values", {}), settings.pop("patterns", {})
    if not unknown and not patterns and len(values) <= 3:
        spec = {source: candidate.column.header, **settings, **({"values": values} if values else {})}
        text = scalar(spec) if len(spec) > 1 or source != "from" else scalar(candidate.column.header)
        yield Line(text=f"{candidate.name}: {text}", comment=note, indent=2)
        return
    yield Line(text=f"{candidate.name}:", comment=note, indent=2)
    yield Line(text=f"{source}: {scalar(candidate.column.header)}", indent=4)
    for key, value in settings.items():
        yield Line(text=f"{key}: {scalar(value)}", indent=4)
    yield from _words("values", values, candidate, choices)
    if patterns:
        yield Line(text="patterns:", indent=4)
    for pattern, meaning in patterns.items():
        yield Line(text=f"{scalar(pattern)}: {scalar(meaning)}", indent=6)


def _words(key: str, known: dict[str, Any], candidate: Candidate, choices: Message) -> Iterator[Line]:
    """The words of a column with what they mean, and those nobody knows as comments with a blank to fill in."""
    unknown = list(candidate.fit.unknown.items())
    asks = Message("draft-unknown-words", count=len(unknown), choices=choices)
    if known:
        yield Line(text=f"{key}:", comment=asks if unknown else "", indent=4)
        for word, meaning in known.items():
            yield Line(text=f"{scalar(word)}: {scalar(meaning)}", indent=6)
    elif unknown:
        yield Line(comment=Message("draft-key-of-words", field=key, asks=asks), indent=4)
    for word, count in unknown[:_MOST_WORDS]:
        yield Line(comment=Message("draft-word", word=scalar(word), count=count), indent=4)
    if len(unknown) > _MOST_WORDS:
        yield Line(comment=Message("draft-more-words", count=len(unknown) - _MOST_WORDS), indent=4)


def _choices(kind: Kind) -> Message:
    return Message("draft-one-of", names=CATEGORIES[kind][0] if kind in CATEGORIES else ('"true"', '"false"'))


def question_lines(reading: Reading, rows: int) -> Iterator[Line]:
    """The entries under `answers:`."""
    for candidate in reading.found:
        if not candidate.is_question:
            continue
        settings = dict(candidate.fit.settings)
        words = settings.pop("words", {})
        yield Line(text=f"- question: {candidate.name}", comment=seen(candidate, reading, rows), indent=2)
        yield Line(text=f"from: {scalar(candidate.column.header)}", indent=4)
        for key, value in settings.items():
            yield Line(text=f"{key}: {scalar(value)}", indent=4)
        yield from _words("words", words, candidate, Message("draft-step"))


def is_sure(candidate: Candidate, reading: Reading) -> bool:
    """Whether nothing speaks against what a column is taken for."""
    return not candidate.reasons and not candidate.fit.lacks and candidate.fills not in _unlike(reading)


def _unlike(reading: Reading) -> set[Slot]:
    return {slot for slot, others in reading.alike.items() if others}


def seen(candidate: Candidate, reading: Reading, rows: int) -> Message:
    """What was seen in a column, with what is unsure of it first."""
    reasons = [*candidate.reasons]
    if alike := reading.alike.get(candidate.fills):
        reasons.append(Message("also-looks-like", names=alike))
    is_unsure = candidate.score < SURE or not is_sure(candidate, reading)
    parts = [Message("unsure", reasons=reasons)] if is_unsure and reasons else []
    parts.append(candidate.fit.shown)
    if empty := rows - candidate.column.filled:
        parts.append(Message("empty-in", empty=empty, rows=rows))
    if rivals := reading.rivals.get(candidate.fills):
        parts.append(Message("or-columns", headers=first_of(rivals, _MOST_HEADERS)))
    return Message("said-together", parts=parts)
