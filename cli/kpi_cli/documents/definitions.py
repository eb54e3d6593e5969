"""The KPIs of the catalogue in words: the list of them, and one in full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from kpi_cli.documents import benchmarks, defined
from kpi_cli.documents.blocks import Column, Page, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.missing import missing
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.changes.questions import FLOW, question_of
from kpi_core.analysis.inspection import Ability
from kpi_core.engine.plan import needs
from kpi_core.facts import INNATE, WANTS
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.kpis.benchmarks import Benchmark, benchmarks_of
from kpi_core.messages.message import Message, Text
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.measures import (
    Count,
    Difference,
    Distinct,
    Index,
    Kept,
    Mean,
    Measure,
    NetShare,
    Quantile,
    Ratio,
    Repeated,
    Share,
    StockAge,
    Sum,
)
from kpi_core.model.stocks_and_survival import SurvivalMean, SurvivalShare, SurvivalTime
from kpi_core.model.tables import TABLES
from kpi_core.records import dataclass
from kpi_core.variants.names import family_of

OLDER = {"age": "created_at", "resolved_age": "resolved_at"}
"""What ages are counted from."""

_METHODS: tuple[tuple[type[Measure], str], ...] = (
    (Share, "interval_share"),
    (Kept, "interval_share"),
    (Repeated, "interval_share"),
    (NetShare, "interval_net_share"),
    (Mean, "interval_mean"),
    (Index, "interval_mean"),
    (Quantile, "interval_quantile"),
    (StockAge, "interval_quantile"),
    (SurvivalShare, "interval_survival_share"),
    (SurvivalMean, "interval_survival_mean"),
    (SurvivalTime, "interval_survival"),
)

_CHANGES: tuple[tuple[type[Measure], str], ...] = (
    (Repeated, "change_by_repeated"),
    (Kept, "change_by_kept"),
    (Share, "change_by_share"),
    (Mean, "change_by_mean"),
    (NetShare, "change_by_mean"),
    (Index, "change_by_mean"),
    (Quantile, "change_by_time"),
    (Count, "change_by_count"),
    (Sum, "change_by_count"),
    (Difference, "change_by_count"),
    (Ratio, "change_by_ratio"),
)


def variants(kpi: Kpi, known: Sequence[Kpi] = CATALOGUE) -> tuple[Kpi, ...]:
    """The other definitions of the same thing among the known ones, the main one first."""
    by_name = {other.name: other for other in known}
    main = _main(kpi, by_name)
    return tuple(other for other in known if _main(other, by_name) == main and other.name != kpi.name)


def _main(kpi: Kpi, by_name: Mapping[str, Kpi]) -> str:
    """The KPI that it is, at one remove or more, a variant of."""
    return _main(by_name[kpi.variant_of], by_name) if kpi.variant_of else kpi.name


def requirements(kpi: Kpi) -> tuple[Text, ...]:
    """What files must hold for it, in words: columns of the canonical tables, or what they are derived from."""
    found: dict[Text, None] = {}
    for table, column in sorted(needs(kpi)):
        is_header = kpi.own is not None and column in kpi.own.columns.get(table, {})
        found |= {column: None} if is_header else dict.fromkeys(_requirement(table, OLDER.get(column, column)))
    return tuple(found) or (kpi.table,)


def _requirement(table: str, column: str) -> tuple[Text, ...]:
    if column.startswith("question:"):
        return (Message("answers-to-question", question=column.removeprefix("question:")),)
    if column in WANTS:
        return WANTS[column]
    return (column,) if column not in INNATE and TABLES[table].column(column) is not None else ()


def interval(kpi: Kpi) -> str:
    """The key of the words for how its interval is found."""
    measure = kpi.measure
    if isinstance(measure, Mean) and kpi.unit is Unit.SECONDS:
        return "interval_times"
    if isinstance(measure, Ratio) and measure.is_by_day:
        return "interval_days"
    return next((key for kind, key in _METHODS if isinstance(measure, kind)), "interval_none")


def _interval(kpi: Kpi, wording: Wording) -> str:
    """How its interval is found, and that it allows for days that vary together where it does."""
    found = interval(kpi)
    if found == "interval_none" or isinstance(kpi.measure, Kept | Repeated | StockAge):
        return wording.word(found)
    return wording.word("interval_by_days", method=wording.word(found))


def judged_by(kpi: Kpi) -> str:
    """The key of the words for how a change of it is judged, by the KPI that answers its question."""
    question = question_of(kpi)
    if question.name == FLOW:
        return "change_by_flow"
    measure = (kpi if question.lead == kpi.name else BY_NAME[question.lead]).measure
    if isinstance(measure, Ratio) and isinstance(measure.first.measure, Distinct):
        return "change_by_none"
    if isinstance(measure, Ratio) and isinstance(measure.second.measure, Distinct):
        return "change_by_heads" if isinstance(measure.first.measure, Count) else "change_by_none"
    return next((key for kind, key in _CHANGES if isinstance(measure, kind)), "change_by_none")


class CatalogueDocument(Document):
    """KPIs by subject, each under the one it is a variant of; mean and p90 of a time stand next to its median."""

    def __init__(self, kpis: Sequence[Kpi], wording: Wording, known: Sequence[Kpi] = CATALOGUE) -> None:
        self.kpis, self.wording, self.known = kpis, wording, known

    def record(self) -> Record:
        """Each in full."""
        return {"kpis": [record(kpi, self.wording, self.known) for kpi in self.kpis]}

    def page(self) -> Page:
        """A table by subject, and how to go on."""
        wording, page = self.wording, PageBuilder()
        columns = [
            Column(key="subject", head=wording.word("subject")),
            text_column(wording.word("kpi")),
            text_column(wording.word("description"), folds=True),
            text_column(wording.word("unit"), priority=1),
            text_column(wording.word("better_is"), priority=2),
        ]
        rows = [
            (wording.name(subject), *_row(entry, wording))
            for subject in dict.fromkeys(kpi.subject for kpi in self.kpis)
            for entry in families([kpi for kpi in self.kpis if kpi.subject == subject])
        ]
        page.table(columns, rows, section="subject", sheet=wording.word("sheet_definitions"))
        page.say(wording.word("kpis_hint"), Tone.QUIET)
        return page.page()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A KPI of a list, how deep it stands under what it is a variant of, and its other forms: `_mean`, `_p90`."""

    kpi: Kpi
    depth: int
    forms: tuple[str, ...]

    @property
    def forms_text(self) -> str:
        """` (+ _mean, _p90)`, or nothing."""
        return f" (+ {', '.join(self.forms)})" if self.forms else ""


FORMS = ("_mean", "_p90")


def families(kpis: Sequence[Kpi]) -> list[Entry]:
    """The KPIs, each followed by its variants; other forms of a listed time are folded into it."""
    names = {kpi.name for kpi in kpis}

    def under(parent: Kpi, depth: int) -> Iterator[Entry]:
        variants = [other for other in kpis if other.variant_of == parent.name]
        folded = [other for other in variants if _is_form(other, parent)]
        yield Entry(kpi=parent, depth=depth, forms=tuple(other.name.removeprefix(parent.name) for other in folded))
        for other in variants:
            if other not in folded:
                yield from under(other, depth + 1)

    return [entry for kpi in kpis if kpi.variant_of not in names for entry in under(kpi, 0)]


def _is_form(kpi: Kpi, of: Kpi) -> bool:
    return kpi.unit is of.unit and kpi.name in {f"{of.name}{form}" for form in FORMS}


def _row(entry: Entry, wording: Wording) -> tuple[str, str, str, str]:
    kpi, label = entry.kpi, wording.label(entry.kpi.name)
    answer = (
        f"{label}{entry.forms_text}"
        if entry.depth
        else f"{label}{entry.forms_text}. {defined.description(kpi, wording)}"
    )
    return f"{'  ' * entry.depth}{kpi.name}", answer, unit(kpi, wording), wording.word(kpi.better.value)


def unit(kpi: Kpi, wording: Wording) -> str:
    """The unit in a word or two."""
    return wording.word("unit_points_short" if kpi.unit is Unit.POINTS else f"unit_{kpi.unit.value}")


class DefinitionDocument(Document):
    """One KPI in full, and which of some files can compute it: `answers`, None where no file was named."""

    def __init__(
        self, kpi: Kpi, wording: Wording, known: Sequence[Kpi] = CATALOGUE, answers: Sequence[Ability] | None = None,
        own: Sequence[Benchmark] = (),
    ) -> None:  # fmt: skip
        self.kpi, self.wording, self.known, self.answers, self.own = kpi, wording, known, answers, own

    def record(self) -> Record:
        """The definition, and an answer a file."""
        answer = (
            {}
            if self.answers is None
            else {"files": [{**asdict(one), "needs": [*map(str, one.needs)]} for one in self.answers]}
        )
        published = benchmarks.records([self.kpi], self.own, self.wording)
        return {"kpi": record(self.kpi, self.wording, self.known), **answer, "benchmarks": published}

    def rows(self) -> Rows:
        """The definition in one row, or a row a file that was asked about."""
        files = self.record().get("files")
        return as_rows(files or [record(self.kpi, self.wording, self.known)])

    def page(self) -> Page:
        """The definition, its variants, its rivals, and which files can feed it."""
        kpi, wording, word, page = self.kpi, self.wording, self.wording.word, PageBuilder()
        page.title(f"{wording.label(kpi.name)} ({kpi.name})")
        page.say(defined.description(kpi, wording))
        page.pairs(_facts(kpi, wording))
        if others := variants(kpi, self.known):
            page.title(word("variants" if kpi.variant_of is None else "variants_beside"))
            page.pairs([(other.name, defined.description(other, wording)) for other in others])
        if family := family_of(kpi.known_as):
            page.title(word("rivals_title"))
            page.say(word("define_hint", family=family), indent=2)
        if published := benchmarks_of(kpi, self.own):
            page.title(word("benchmarks_title"))
            page.table(benchmarks.columns(wording), [benchmarks.row(kpi, one, wording) for one in published])
            page.say(word("benchmarks_no_target"), Tone.QUIET)
        if self.answers:
            page.title(word("can_compute"))
            columns = (text_column(word("file"), folds=True), text_column(word("can")), text_column(word("lacks"), folds=True))  # fmt: skip
            page.table(columns, [_answer(one, wording) for one in self.answers])
        return page.page()


def _facts(kpi: Kpi, wording: Wording) -> tuple[tuple[str, str], ...]:
    word = wording.word
    return (
        (word("formula"), defined.formula(kpi, wording)),
        (word("counts_rows"), f"{kpi.table} ({defined.row(kpi.table, wording)})"),
        (word("left_out"), defined.left_out(kpi, wording)),
        (word("missing_data"), word(missing(kpi.measure))),
        (word("dated_by"), defined.dated(kpi, wording)),
        (word("unit"), word(f"unit_{kpi.unit.value}")),
        (word("better_is"), word(kpi.better.value)),
        (word("interval_method"), _interval(kpi, wording)),
        (word("change_method"), word(judged_by(kpi))),
        (word("matures_after"), f"{kpi.matures_after.days} {word('clock_day')}" if kpi.matures_after else ""),
        (word("worth_knowing"), _worth_knowing(kpi, wording)),
        (word("needs_columns"), "; ".join(map(wording.render, requirements(kpi)))),
        (word("definition"), kpi.definition),
        (word("defined_in"), kpi.own.place if kpi.own else ""),
        (word("reference"), defined.reference(kpi, wording)),
    )


def _answer(one: Ability, wording: Wording) -> tuple[str, str, str]:
    answer = wording.word("yes_from_rows", n=one.n) if one.can_compute else wording.word("no")
    return one.path, answer, one.error or "; ".join(map(wording.render, one.needs))


def _worth_knowing(kpi: Kpi, wording: Wording) -> str:
    if kpi.unit in (Unit.SHARE, Unit.POINTS):
        points = f"{wording.number(kpi.worth_knowing * 100)} {wording.word('share_points')}"
        return points if kpi.unit is Unit.POINTS else f"{points}; {wording.word('worth_near_the_ends')}"
    if kpi.unit is Unit.SCORE:
        return wording.number(kpi.worth_knowing, 1)
    return wording.word("of_the_value", share=wording.percent(kpi.worth_knowing, 0))


def record(kpi: Kpi, wording: Wording, known: Sequence[Kpi] = CATALOGUE) -> dict[str, Any]:
    """One KPI for programs; the words are those of the language asked for."""
    return {
        "name": kpi.name,
        "label": wording.label(kpi.name),
        "subject": kpi.subject,
        "description": defined.description(kpi, wording),
        "formula": defined.formula(kpi, wording),
        "left_out": defined.left_out(kpi, wording) or None,
        "missing_data": wording.word(missing(kpi.measure)),
        "table": kpi.table,
        "dated_by": kpi.dated_by,
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "interval": _interval(kpi, wording),
        "change": wording.word(judged_by(kpi)),
        "matures_after_days": kpi.matures_after.days if kpi.matures_after else None,
        "worth_knowing": kpi.unit.outside(kpi.worth_knowing),
        "needs": [*map(wording.render, requirements(kpi))],
        "variant_of": kpi.variant_of,
        "variants": [other.name for other in variants(kpi, known)],
        "rivals": family_of(kpi.known_as),
        "definition": kpi.definition,
        "defined_in": kpi.own.place if kpi.own else None,
        "reference": defined.reference(kpi, wording) or None,
    }
