"""Figures that others have published about a KPI: a row each, with what keeps them from being compared."""

from collections.abc import Iterable, Iterator, Sequence

from kpi_cli.documents.blocks import Column, Line, Notes, Tone
from kpi_cli.documents.document import Record
from kpi_cli.documents.records.report import number
from kpi_cli.documents.wording import Wording
from kpi_core.kpis.benchmarks import Benchmark, benchmarks_of, in_language
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.report import Report


def record(kpi: Kpi, one: Benchmark, wording: Wording) -> Record:
    """One for programs: values in the unit of the KPI's own, words in the language asked for."""
    return {
        "kpi": kpi.name, "low": number(one.low, kpi.unit), "high": number(one.high, kpi.unit), "of": one.of, "year": one.year,
        **{name: in_language(getattr(one, name), wording.lang) or None for name in ("whose", "source", "formula", "not_comparable")},
        "own": one.is_own,
    }  # fmt: skip


def records(kpis: Iterable[Kpi], own: Sequence[Benchmark], wording: Wording) -> list[Record]:
    """The benchmarks of some KPIs."""
    return [record(kpi, one, wording) for kpi in kpis for one in benchmarks_of(kpi, own)]


def of_report(report: Report, own: Sequence[Benchmark]) -> Record:
    """The benchmarks of the KPIs of a report, in English as programs read it."""
    kpis = {one.kpi.name: one.kpi for one in report.totals}.values()
    return {"benchmarks": records(kpis, own, Wording())}


def columns(wording: Wording) -> tuple[Column, ...]:
    """What a table of them has."""
    word = wording.word
    return (
        Column(key="whose", head=word("benchmark_whose")), Column(key="value", head=word("value"), is_right=True),
        Column(key="year", head=word("benchmark_year")), Column(key="source", head=word("benchmark_source"), folds=True),
        Column(key="formula", head=word("formula"), folds=True, priority=1),
        Column(key="not", head=word("benchmark_not_comparable"), folds=True),
    )  # fmt: skip


def row(kpi: Kpi, one: Benchmark, wording: Wording) -> tuple[str, ...]:
    """One as a row of it."""
    lang = wording.lang
    year = str(one.year) if one.year else wording.word("benchmark_undated")
    return (
        in_language(one.whose, lang), value(kpi, one, wording), year, in_language(one.source, lang), in_language(one.formula, lang), in_language(one.not_comparable, lang),
    )  # fmt: skip


def value(kpi: Kpi, one: Benchmark, wording: Wording) -> str:
    """`+62`, `70–75%`, `83.8 of 100`."""
    figures = [
        wording.number(each, 1 if each % 1 else 0)
        if one.of or kpi.unit is Unit.SCORE
        else wording.value(each, kpi.unit)
        for each in dict.fromkeys((one.low, one.high))
    ]
    if kpi.unit is Unit.SHARE:
        figures = [
            wording.percent(each, 1 if round(each * 100, 4) % 1 else 0) for each in dict.fromkeys((one.low, one.high))
        ]
        figures = [figures[0].removesuffix(wording.percent_sign) if len(figures) > 1 else figures[0], *figures[1:]]
    shown = "–".join(figures)
    return wording.word("benchmark_of", value=shown, of=wording.number(one.of)) if one.of else shown


def notes(kpis: Iterable[Kpi], own: Sequence[Benchmark], wording: Wording) -> Iterator[Notes]:
    """A line each under the notes of a report; nothing where its KPIs have none."""
    lines = tuple(Line(_line(kpi, one, wording)) for kpi in kpis for one in benchmarks_of(kpi, own))
    if lines:
        closing = Line(wording.word("benchmarks_no_target"), Tone.QUIET)
        yield Notes(key="benchmarks", title=wording.word("benchmarks_title"), lines=(*lines, closing))


def _line(kpi: Kpi, one: Benchmark, wording: Wording) -> str:
    lang = wording.lang
    year = str(one.year) if one.year else wording.word("benchmark_undated")
    key = "benchmark_line" if one.not_comparable else "benchmark_line_alike"
    whose, source = in_language(one.whose, lang), in_language(one.source, lang)
    details = "; ".join(filter(None, (year, "" if source == whose else source, in_language(one.formula, lang))))
    return wording.word(
        key, kpi=wording.short(kpi), whose=whose, value=value(kpi, one, wording), details=details,
        why=in_language(one.not_comparable, lang),
    )  # fmt: skip
