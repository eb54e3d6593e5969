"""What a figure goes with: the answer in a sentence, a row a variable, the words of the first ones, and where to begin."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import (
    Across,
    Amount,
    Block,
    Cell,
    Chart,
    Column,
    Interval,
    Layer,
    Line,
    Mark,
    Notes,
    Page,
    Rule,
    Status,
    Table,
    Tone,
)
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import next_step
from kpi_cli.documents.records import report as records
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.drivers.candidates import CATEGORIES, COUNTS, OTHERS, QUESTIONS, TIMES, Kind
from kpi_core.analysis.drivers.drivers import Driver, Drivers, Level
from kpi_core.analysis.drivers.opportunities import Opportunity
from kpi_core.messages.sentences import listed
from kpi_core.model.kpi import Unit
from kpi_core.model.report import Report

NAMED, PLACES = 3, 3
"""Variables that the sentence names, and segments on a page of where to begin."""
FEWEST_RATED = 2
"""Things that customers rate from which on there is a picture of them."""
WELL = 70.0
"""The mark of 100 from which customers rate a thing well."""


class DriversDocument(Document):
    """The drivers of a KPI."""

    def __init__(self, found: Drivers, wording: Wording) -> None:
        self.found, self.wording = found, wording.knowing([found.kpi])

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    # For programs

    def record(self) -> Record:
        """Every variable with what it accounts for, and what could be gained by segment."""
        found = self.found
        return {
            **records.of_one(found.report, found.result),
            "rows": found.rows,
            "rows_used": found.used,
            "r2": found.r2,
            "method": "lmg",
            "columns_looked_at": found.columns,
            "may_matter_by_chance": found.maybe_by_chance,
            "drivers": [self._driver(one) for one in found.drivers],
            "opportunities": [self._opportunity(one) for one in found.opportunities],
            "without": [{"column": name, "reason": str(why)} for name, why in found.without.items()],
            "findings": records.findings(found.report),
        }

    def _driver(self, one: Driver) -> Record:
        unit = self.found.kpi.unit
        return {
            "column": one.name, "kind": one.kind.value, "share": one.share, "low": one.low, "high": one.high, "chance": one.chance,
            "may_matter_from": one.maybe, "named": one.is_named, "may_matter": one.may_matter, "rises": one.rises, "performance": one.performance,
            "levels": [{"word": each.word, "n": each.n, "value": records.number(each.value, unit)} for each in one.levels],
        }  # fmt: skip

    def _opportunity(self, one: Opportunity) -> Record:
        unit = self.found.kpi.unit
        values = {
            name: records.number(getattr(one, name), unit)
            for name in ("value", "shrunk", "median", "gain", "low", "high")
        }
        return {"column": one.dimension, "segment": one.segment, "n": one.n, **values}

    def rows(self) -> Rows:
        """A row a variable."""
        return as_rows(
            [{key: value for key, value in one.items() if key != "levels"} for one in self.record()["drivers"]]
        )

    # For people

    def page(self) -> Page:
        """The answer, the variables, and where to begin."""
        blocks: list[Block] = [self._variables()]
        if places := self._places():
            blocks.append(places)
        if drawn := self._rated():
            blocks.insert(1, drawn)
        blocks.append(Notes(key="notes", title="", lines=tuple(Line(note, Tone.QUIET) for note in self._notes())))
        blocks.append(next_step(self.wording, f"compare {self.found.kpi.name}", f"--by {self._first_words()}"))
        title = self.wording.word(
            "drivers_title",
            kpi=self.wording.label(self.found.kpi.name),
            period=self.wording.period(self.found.report.query.period),
        )
        return Page(title=title, headline=tuple(self._headline()), blocks=tuple(blocks))

    def _first_words(self) -> str:
        """The dimension that is compared next."""
        return next((one.name for one in self.found.drivers if one.kind is Kind.WORDS and one.levels), "group")

    def _headline(self) -> Iterator[Line]:
        word, kpi = self.wording.word, self.wording.short(self.found.kpi)
        named = [one for one in self.found.drivers if one.is_named]
        if named:
            share = self.wording.percent(sum(one.share for one in named), 0)
            first = [self._amid(one) for one in named[:NAMED]]
            is_whole = len(first) == len(named) > 1 and not any(", " in name for name in first)
            names = f"{', '.join(first[:-1])} {word('and')} {first[-1]}" if is_whole else listed(first)
            rest = f" {word('and_more', count=len(named) - NAMED)}" if len(named) > NAMED else ""
            yield Line(word("drivers_found", kpi=kpi, drivers=names + rest, share=share), Tone.STRONG)
            yield from self._how(named[0])
        else:
            yield Line(word("drivers_none", kpi=kpi, count=self.found.used), Tone.QUIET, "≈")
        if maybe := [self._name(one) for one in self.found.drivers if one.may_matter]:
            by_chance = self.wording.percent(self.found.maybe_by_chance, 0)
            yield Line(
                word("drivers_maybe", drivers=listed(maybe), share=by_chance, count=self.found.columns), Tone.QUIET, "?"
            )
        sure = next((one for one in self.found.opportunities if one.low * one.high > 0), None)
        if sure is not None:
            yield Line(self._opening(sure), indent=2)

    def _how(self, one: Driver) -> Iterator[Line]:
        """In which way the figure goes with its first variable."""
        kpi = self.wording.short(self.found.kpi)
        if one.rises is not None:
            kind = "longer" if one.name in TIMES else "easier" if one.name == "ces" else "higher"
            yield Line(
                self.wording.word(f"drivers_{'up' if one.rises else 'down'}_{kind}", kpi=kpi, driver=self._name(one)),
                indent=2,
            )
        elif len(one.levels) > 1:
            ordered = sorted(one.levels, key=lambda each: each.value)
            low, high = ordered[0], ordered[-1]
            yield Line(
                self.wording.word(
                    "drivers_range",
                    kpi=kpi,
                    low=self._value(low.value),
                    low_word=self._word(low),
                    high=self._value(high.value),
                    high_word=self._word(high),
                ),
                indent=2,
            )

    def _opening(self, one: Opportunity) -> str:
        kpi = self.found.kpi
        gain, interval = (
            self.wording.change(one.gain, kpi.unit),
            self.wording.change_interval(one.low, one.high, kpi.unit),
        )
        return self.wording.word("drivers_begin", segment=one.segment or self.wording.word("no_group"), value=self._value(one.value),
                                 median=self._value(one.median), gain=gain, kpi=self.wording.short(kpi), interval=interval)  # fmt: skip

    def _variables(self) -> Table:
        word = self.wording.word
        has_marks = any(one.performance is not None for one in self.found.drivers)
        columns = (
            Column(key="driver", head=word("goes_with")),
            Column(key="share", head=word("share_of_variance"), is_right=True),
            Column(key="interval", head=word("interval", confidence=self.wording.percent(0.95, 0)), is_right=True, priority=2),
            Column(key="chance", head=word("by_chance"), is_right=True, priority=1),
            Column(key="verdict", head=word("verdict")),
            *((Column(key="quadrant", head=word("rated")),) if has_marks else ()),
        )  # fmt: skip
        return Table(
            key="drivers",
            columns=columns,
            rows=tuple(self._row(one, has_marks=has_marks) for one in self.found.drivers),
        )

    def _row(self, one: Driver, *, has_marks: bool) -> tuple[Cell, ...]:
        word = self.wording.word
        status = (
            Status("●", word("drivers_named"), Tone.STRONG) if one.is_named
            else Status("?", word("drivers_may_matter"), Tone.QUIET) if one.may_matter
            else Status("≈", word("drivers_chance"), Tone.QUIET)
        )  # fmt: skip
        cells: tuple[Cell, ...] = (
            self._name(one), Amount(one.share, Unit.SHARE), Interval(one.low, one.high, Unit.SHARE), Amount(one.chance, Unit.SHARE), status,
        )  # fmt: skip
        return (*cells, self._quadrant(one)) if has_marks else cells

    def _quadrant(self, one: Driver) -> Cell:
        """Importance against how well customers rate it."""
        if one.performance is None or not one.is_named:
            return ""
        is_well = one.performance >= WELL
        key = "drivers_keep" if is_well else "drivers_improve"
        return Status(
            "✓" if is_well else "✗",
            self.wording.word(key, mark=self.wording.number(one.performance)),
            Tone.GOOD if is_well else Tone.BAD,
        )

    def _rated(self) -> Chart | None:
        """How much goes with each thing that customers rate, by how well they do; what is rated badly and goes with much comes first."""
        word = self.wording.word
        rated = [(one, one.performance) for one in self.found.drivers if one.performance is not None]
        if len(rated) < FEWEST_RATED:
            return None
        tones = tuple(
            Tone.QUIET if not one.is_named else Tone.GOOD if mark >= WELL else Tone.BAD for one, mark in rated
        )
        return Chart(
            key="rated", title=word("drivers_rated_title"), unit=Unit.SHARE, axis=word("goes_with"), is_over_time=False,
            places=tuple(self._name(one) for one, _ in rated),
            layers=(
                Layer(mark=Mark.POINT, name=word("share_of_variance"), values=tuple(one.share for one, _ in rated), tones=tones),
            ),
            rules=(Rule(word("by_chance").lower(), max(one.chance for one, _ in rated), Tone.QUIET),),
            across=Across(name=word("drivers_rated_axis"), values=tuple(mark for _, mark in rated), edge=WELL),
        )  # fmt: skip

    def _places(self) -> Table | None:
        """Where most could be gained, in what the figure goes with beyond chance."""
        word, unit = self.wording.word, self.found.kpi.unit
        shown = self.found.opportunities[:PLACES]
        if not shown:
            return None
        columns = (
            Column(key="segment", head=word("drivers_segment")), Column(key="n", head=word("n"), is_right=True),
            Column(key="value", head=word("value"), is_right=True), Column(key="median", head=word("drivers_median"), is_right=True),
            Column(key="gain", head=word("drivers_gain"), is_right=True),
            Column(key="interval", head=word("interval", confidence=self.wording.percent(0.95, 0)), is_right=True, priority=1),
        )  # fmt: skip
        rows = tuple(
            (f"{self._called(one.dimension)}: {one.segment or word('no_group')}", one.n, Amount(one.value, unit), Amount(one.median, unit),
             Amount(one.gain, unit, is_change=True), Interval(one.low, one.high, unit, is_change=True))
            for one in shown
        )  # fmt: skip
        return Table(key="opportunities", title=word("drivers_where"), columns=columns, rows=rows)

    def _notes(self) -> Iterator[str]:
        word, found = self.wording.word, self.found
        yield word("drivers_association")
        yield word(
            "drivers_method", rows=found.used, of=self.wording.number(found.rows), r2=self.wording.percent(found.r2, 0)
        )
        if found.without:
            listed = "; ".join(
                f"{self._called(name)}: {self.wording.render(why)}" for name, why in found.without.items()
            )
            yield word("drivers_without", columns=listed)
        yield from (
            self.wording.render(one.message)
            for one in found.report.findings
            if one.is_weighty and one.concerns(found.kpi)
        )

    def _name(self, one: Driver) -> str:
        return self._called(one.name)

    def _amid(self, one: Driver) -> str:
        """Its name inside of a sentence: without a capital, unless it is a header of the files or letters such as CSAT."""
        name = self._name(one)
        return name if name == one.name or name[1:2].isupper() else name[:1].lower() + name[1:]

    def _called(self, name: str) -> str:
        if name in QUESTIONS:
            return self.wording.word(f"asked_{name}")
        if name in TIMES:
            return self.wording.word(f"time_{name}")
        return self.wording.name(name) if name in (*CATEGORIES, *COUNTS) else name

    def _word(self, level: Level) -> str:
        if level.word is None:
            return self.wording.word("no_group")
        return self.wording.word("drivers_others") if level.word == OTHERS else level.word

    def _value(self, value: float) -> str:
        return self.wording.value(value, self.found.kpi.unit)
