"""The export formats in words: the list of them, and one in full."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Any

from kpi_cli.documents import defined
from kpi_cli.documents.blocks import Page, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.wording import Wording
from kpi_core.ingest.formats.built_in_texts import as_message
from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.specs import AnswerSpec, ColumnSpec

CLOCKS = {"clock": "h:mm:ss", "m:ss": "m:ss", "d:hh:mm": "d:hh:mm"}
"""How times are written that are no number of anything, by the unit of a mapping."""
ENGLISH = Wording()
"""The words for programs."""


def recognition(mapping: Mapping, wording: Wording = ENGLISH) -> str:
    """How the format is recognised, in a sentence."""
    rule, word = mapping.recognised_by, wording.word

    def names(headers: Sequence[str]) -> tuple[str, ...]:
        return tuple(spellings(header, wording) for header in headers)

    clauses = []
    if rule.every:
        clauses.append(word("recognised_every", names=names(rule.every)))
    if rule.some:
        key = "recognised_some_too" if clauses else "recognised_some"
        clauses.append(word(key, count=rule.at_least, names=names(rule.some)))
    if rule.second_row:
        clauses.append(word("recognised_second_row", names=names(rule.second_row)))
    if rule.none:
        clauses.append(word("recognised_none", names=names(rule.none)))
    return "; ".join(clauses) or word("recognised_last")


def in_short(mapping: Mapping, wording: Wording) -> str:
    """The headers that must be there, each in its first spelling, and how many of the others."""
    rule, word = mapping.recognised_by, wording.word
    headers = ", ".join(f"`{header.partition('|')[0]}`" for header in rule.every)
    more = word("some_of_others", count=rule.at_least, of=len(rule.some)) if rule.some else ""
    return f" {word('and')} ".join(filter(None, (headers, more))) or word("common_names")


def spellings(header: str, wording: Wording) -> str:
    """`` `Timestamp` or `Tidsmerke` `` of `Timestamp|Tidsmerke`."""
    return f" {wording.word('or')} ".join(f"`{one}`" for one in header.split("|"))


class FormatsDocument(Document):
    """Every format: what it is, which table it feeds, how well it is known and how it is recognised."""

    def __init__(self, mappings: Sequence[Mapping], wording: Wording) -> None:
        self.mappings, self.wording = mappings, wording

    def record(self) -> Record:
        """A line each."""
        return {"formats": [summary(one) for one in self.mappings]}

    def page(self) -> Page:
        """A table, and how to go on."""
        page, wording, word = PageBuilder(), self.wording, self.wording.word
        columns = (text_column(word("mapping")), text_column(word("what_it_is"), folds=True), text_column(word("table"), priority=1),
                   text_column(word("known_from"), priority=3), text_column(word("recognised_by"), folds=True, priority=2))  # fmt: skip
        rows = [
            (one.name, defined.format_label(one.name, one.label, wording), one.table, word(f"evidence_{one.evidence}"), in_short(one, wording))
            for one in self.mappings
        ]  # fmt: skip
        page.table(columns, rows, sheet=word("sheet_formats"))
        page.say(word("formats_hint"), Tone.QUIET)
        return page.page()


class FormatDocument(Document):
    """One format in full: every field with the headers tried in order, and what its words mean."""

    def __init__(self, mapping: Mapping, wording: Wording) -> None:
        self.mapping, self.wording = mapping, wording

    def record(self) -> Record:
        """All that the mapping says."""
        return {"format": record(self.mapping)}

    def rows(self) -> Rows:
        """A row a column: its field, a header that is tried, and how it is read."""
        return as_rows(
            [
                {"field": name, "headers": list(spec.headers), "read": _read(spec) or None}
                for name, spec in self.mapping.columns.items()
                if spec.headers
            ]
        )

    def page(self) -> Page:
        """What it is, its columns, its questions and its notes."""
        page, mapping, wording, word = PageBuilder(), self.mapping, self.wording, self.wording.word
        page.title(f"{defined.format_label(mapping.name, mapping.label, wording)} ({mapping.name})")
        page.pairs(_facts(mapping, wording))
        page.title(word("columns_title"))
        columns = (text_column(word("field")), text_column(word("headers_in_order"), folds=True), text_column(word("how_read"), folds=True))  # fmt: skip
        constants = ((name, word("always"), value) for name, value in mapping.constants.items())
        page.table(columns, [*_columns(mapping, wording), *constants])
        if mapping.answers:
            page.title(word("survey_questions"))
            heads = (text_column(word("question")), text_column(word("headers_or_words"), folds=True), text_column(word("how_read"), folds=True))  # fmt: skip
            page.table(heads, [(spec.question, _asked(spec), _answered(spec, wording)) for spec in mapping.answers])
        if mapping.notes:
            page.title(word("notes_title"))
            for note in mapping.notes:
                page.say(wording.render(as_message(note)))
        return page.page()


def _facts(mapping: Mapping, wording: Wording) -> tuple[tuple[str, str], ...]:
    word = wording.word
    order = {"dmy": "day_first", "mdy": "month_first"}.get(mapping.date_order or "")
    return (
        (word("table"), f"{mapping.table}: {defined.row(mapping.table, wording)}"),
        (word("known_from"), word(f"evidence_{mapping.evidence}")),
        (word("recognised_by"), recognition(mapping, wording)),
        (word("header_rows"), str(mapping.header_rows) if mapping.header_rows > 1 else ""),
        (word("time_zone"), mapping.zone or word("zone_not_said")),
        (word("dates"), word(order) if order else ""),
        (word("decimal_sign"), mapping.decimal or ""),
        (word("missing_words"), ", ".join(f"`{word}`" for word in mapping.missing)),
    )


def _columns(mapping: Mapping, wording: Wording) -> list[tuple[str, str, str]]:
    return [
        (name, ", ".join(spec.headers), _read(spec, wording)) for name, spec in mapping.columns.items() if spec.headers
    ]


def _read(spec: ColumnSpec, wording: Wording = ENGLISH) -> str:
    word = wording.word
    missing = word("meaning_missing")
    parts = [word("read_time_of_day", names=tuple(spec.time))] if spec.time else []
    parts += [CLOCKS.get(spec.unit) or word(f"in_{spec.unit}")] if spec.unit else []
    parts += [word("read_as_dates", names=tuple(spec.formats))] if spec.formats else []
    parts += [f"`{written}` = {meaning or missing}" for written, meaning in spec.values.items()]
    parts += [f"/{pattern}/ = {meaning or missing}" for pattern, meaning in spec.patterns.items()]
    parts += [f"{missing}: {', '.join(f'`{written}`' for written in spec.missing)}"] if spec.missing else []
    return "; ".join(parts)


def _asked(spec: AnswerSpec) -> str:
    return ", ".join([*spec.headers, *(f"/{pattern}/" for pattern in spec.matching)])


def _answered(spec: AnswerSpec, wording: Wording) -> str:
    word = wording.word
    parts = [word("on_scale", low=spec.scale[0], high=spec.scale[1])] if spec.scale else []
    parts += [word(f"{spec.direction}_is_better")] if spec.direction else []
    parts += [f"`{written}` = {score:g}" for written, score in spec.words.items()]
    parts += [word("offered", names=tuple(spec.offered))] if spec.offered else []
    return "; ".join(parts)


def summary(mapping: Mapping) -> dict[str, Any]:
    """One format of the list, for programs."""
    return {
        "name": mapping.name,
        "label": mapping.label,
        "system": mapping.system,
        "table": mapping.table,
        "evidence": mapping.evidence,
        "is_fallback": mapping.fallback,
        "recognised_by": recognition(mapping),
    }


def record(mapping: Mapping) -> dict[str, Any]:
    """One format in full, for programs."""
    return {
        **summary(mapping),
        "header_rows": mapping.header_rows,
        "zone": mapping.zone,
        "date_order": mapping.date_order,
        "decimal": mapping.decimal,
        "missing": list(mapping.missing),
        "columns": {
            name: _without_defaults(spec.model_dump(mode="json", by_alias=True))
            for name, spec in mapping.columns.items()
        },
        "constants": dict(mapping.constants),
        "answers": [_without_defaults(spec.model_dump(mode="json", by_alias=True)) for spec in mapping.answers],
        "notes": list(mapping.notes),
    }


def _without_defaults(keys: Map[str, Any]) -> dict[str, Any]:
    """What a mapping file says, without the keys that say nothing."""
    return {name: value for name, value in keys.items() if value not in (None, [], {})}
