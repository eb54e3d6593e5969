"""Where targets stand, for people: how many are met, what is short, whether it can be met, and what to do first."""

from collections import Counter
from collections.abc import Iterator, Sequence

from kpi_cli.documents import amounts, listed_actions
from kpi_cli.documents.blocks import (
    Amount,
    Block,
    Cell,
    Column,
    Interval,
    Line,
    Notes,
    Page,
    Pairs,
    Status,
    Table,
    Tone,
)
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import next_step
from kpi_cli.documents.records import targets as records
from kpi_cli.documents.trends import REACHES
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.goals.actions import Answered, Reason
from kpi_core.analysis.goals.answer import FAILED, Standing, State
from kpi_core.analysis.goals.ledger import entry, stamp_of
from kpi_core.messages.formats import SPACE
from kpi_core.model.findings import CUT
from kpi_core.model.kpi import Better, Unit
from kpi_core.model.measures import Quantile
from kpi_core.model.report import Report
from kpi_core.stats.control_charts import Assurance

PAST = {Reason.WORSE: "worse", Reason.SIGNAL: "signals"}
"""What is said of several things to do that no target asks for."""
STATES = {
    State.MET: ("✓", "met", Tone.GOOD),
    State.MISSED: ("✗", "missed", Tone.BAD),
    State.ON_PACE: ("✓", "on_pace", Tone.PLAIN),
    State.OFF_PACE: ("✗", "off_pace", Tone.BAD),
    State.CANNOT_TELL: ("?", "cannot_tell", Tone.QUIET),
    State.UNMEASURED: ("·", "not_measured", Tone.QUIET),
}
SPELT = 3
"""Targets that have a sentence of their own."""
NAMED = 3
"""Targets that are named where more are alike."""
LISTED = 5
"""Actions on the page; a list of them has all."""
EXPLAINED = (State.CANNOT_TELL, State.UNMEASURED)


class TargetsDocument(Document):
    """The targets of one run, and what to do about them."""

    def __init__(self, found: Answered, wording: Wording) -> None:
        self.found, self.judged = found.targets, found.judged
        self.wording = wording.knowing([one.kpi for one in self.found.standings])
        stamp = stamp_of(self.found.query)
        self.entries = tuple(entry(one, stamp) for one in self.judged.actions)

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    def record(self) -> Record:
        """All there is."""
        return records.document(self.found, self.entries, self.wording.lang)

    def rows(self) -> Rows:
        """A row a target."""
        return as_rows([records.flat(one) for one in self.record()["targets"]])

    def page(self) -> Page:
        """The answer, a row a target, what to do, and what is not agreed."""
        title = self.wording.word("targets_title", period=self.wording.period(self.found.query.period))
        return Page(title=title, headline=tuple(self._headline()), blocks=tuple(self._blocks()))

    # The answer

    def _headline(self) -> Iterator[Line]:
        yield self._counted()
        short = [
            (one, one.gap.part_of(one.goal.value))
            for one in self.found.standings
            if one.state in FAILED and one.gap is not None
        ]
        for one, _ in sorted(short, key=lambda each: -each[1])[:SPELT]:
            yield Line(self._gap(one), indent=2)
        never = [
            self._name(one)
            for one in self.found.standings
            if one.assurance is Assurance.MISSED and one.state not in (State.MET, State.ON_PACE)
        ]
        if never:
            yield Line(self.wording.word("targets_never", kpis=self._listed(never), count=len(never)), Tone.STRONG, "!")
        for contradiction in self.found.contradictions:
            yield Line(self.wording.render(contradiction), Tone.WARNING, "!")

    def _counted(self) -> Line:
        """`4 of 7 targets are met; 1 missed, 1 on pace, 1 cannot tell.`."""
        counts, word = self.found.counts, self.wording.word
        of = len(self.found.standings)
        rest = [
            word(f"targets_n_{STATES[one][1]}", count=counts[one])
            for one in State
            if one in counts and one is not State.MET
        ]
        of_periods = Counter(one.reason for one in self.judged.actions if one.reason in PAST)
        rest += [word(f"targets_n_{PAST[reason]}", count=count) for reason, count in of_periods.items()]
        met = counts.get(State.MET, 0)
        parts = (
            word("targets_met_rest", met=met, count=of, rest=", ".join(rest))
            if rest
            else word("targets_met", met=met, count=of)
        )
        if self.found.is_failed:
            return Line(parts, Tone.BAD, "✗")
        if of_periods:
            return Line(parts, Tone.STRONG, "!")
        is_well = met + counts.get(State.ON_PACE, 0) == of
        return Line(parts, Tone.GOOD, "✓") if is_well else Line(parts, Tone.PLAIN, "?")

    def _gap(self, one: Standing) -> str:
        """`CSAT: 8.7 pts to go; 54 of 620 answers would have had to go the other way.`."""
        assert one.gap is not None
        assert one.result is not None
        like = scale_of(one.kpi, one.result.estimate.value)
        short = self.wording.gap(one.gap.value, one.kpi.unit, like)
        values = {"kpi": self._name(one), "short": short}
        if one.gap.message is None:
            return self.wording.word("targets_short", **values)
        if one.kpi.unit is Unit.COUNT:
            return self.wording.word("targets_rows", kpi=values["kpi"], rows=self.wording.render(one.gap.message))
        return self.wording.word("targets_short_rows", **values, rows=self.wording.render(one.gap.message))

    def _name(self, one: Standing) -> str:
        name = self.wording.short(one.kpi)
        return name if one.goal.segment is None else f"{name}, {one.goal.segment[1]}"

    def _listed(self, names: Sequence[str]) -> str:
        unique = list(dict.fromkeys(names))
        if len(unique) > NAMED + 1:
            return self.wording.word("targets_some", names="; ".join(unique[:NAMED]), count=len(unique) - NAMED)
        if any(", " in name for name in unique):
            return "; ".join(unique)
        return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} {self.wording.word('and')} {unique[-1]}"

    # The targets

    def _blocks(self) -> Iterator[Block]:
        yield self._table()
        if self.entries:
            yield self._actions()
        if pairs := tuple(self._agreed()):
            yield Pairs(key="agreed", pairs=pairs)
        if notes := tuple(Line(note, Tone.QUIET) for note in self._notes()):
            yield Notes(key="notes", title="", lines=notes)
        yield self._next()

    def _table(self) -> Table:
        word, period = self.wording.word, self.found.query.period
        has_deadlines = any(one.goal.deadline for one in self.found.standings)
        has_paces = any(one.pace is not None and one.pace.due is not None for one in self.found.standings)
        columns = (
            Column(key="kpi", head=word("kpi"), folds=True),
            Column(key="target", head=word("target"), is_right=True),
            Column(
                key="value",
                head=word("value") if period.grain is None else self.wording.period(period, short=True),
                is_right=True,
            ),
            Column(key="state", head=word("targets_now")),
            *((Column(key="by", head=word("targets_by"), is_right=True, priority=1),) if has_deadlines else ()),
            *((Column(key="line", head=word("targets_line"), is_right=True, priority=4),) if has_paces else ()),
            Column(key="usually", head=word("usually"), priority=2),
            Column(key="owner", head=word("owner"), priority=6),
            Column(key="n", head=word("n"), is_right=True, priority=5),
            Column(key="interval", head=self._interval_head(), is_right=True, priority=3),
        )
        rows = tuple(tuple(self._cell(one, column.key) for column in columns) for one in self.found.standings)
        filled = [
            place
            for place, column in enumerate(columns)
            if column.priority == 0 or any(row[place] not in ("", None) for row in rows)
        ]
        return Table(
            key="targets", columns=tuple(columns[place] for place in filled), rows=tuple(tuple(row[place] for place in filled) for row in rows),
            sheet=word("targets_sheet"),
        )  # fmt: skip

    def _interval_head(self) -> str:
        share = self.found.query.confidence
        return self.wording.word(
            "interval", confidence=self.wording.percent(share, 0 if round(share * 100, 6).is_integer() else 1)
        )

    def _cell(self, one: Standing, key: str) -> Cell:
        result, kpi = one.result, one.kpi
        estimate = None if result is None or result.suppressed else result.estimate
        like = None if estimate is None else scale_of(kpi, estimate.value)
        match key:
            case "kpi":
                return self._name(one)
            case "target":
                return self._target(one)
            case "value":
                return "" if estimate is None or result is None else amounts.value(result, self.found.report)
            case "state":
                sign, name, tone = STATES[one.state]
                return Status(sign, self.wording.word(name), tone)
            case "by":
                return "" if one.goal.deadline is None else self.wording.short_date(one.goal.deadline, with_year=True)
            case "line":
                return "" if one.pace is None or one.pace.due is None else Amount(one.pace.due, kpi.unit, like)
            case "usually":
                return "" if one.assurance is None else Status(*self._reach(one))
            case "owner":
                return one.goal.owner
            case "n":
                return "" if estimate is None or estimate.value is None else estimate.n
        return "" if estimate is None else Interval(estimate.low, estimate.high, kpi.unit, like)

    def _target(self, one: Standing) -> str:
        """`≥ 85%`, `≤ 80 EUR`."""
        kpi, value = one.kpi, one.goal.value
        side = {Better.HIGHER: "≥", Better.LOWER: "≤", Better.NEITHER: "="}[kpi.better]
        amount = self.wording.aim(value, kpi.unit, scale_of(kpi, value))
        currency = one.goal.currency if one.goal.currency and not kpi.currency else ""
        return f"{side}{SPACE}{amount}{SPACE if currency else ''}{currency}"

    def _reach(self, one: Standing) -> tuple[str, str, Tone]:
        """What its limits say; where they say never and it is reached, that is of the time before."""
        assert one.assurance is not None
        if one.assurance is Assurance.MISSED and one.state in (State.MET, State.ON_PACE):
            return "?", self.wording.word("not_until_now"), Tone.QUIET
        sign, name, tone = REACHES[one.assurance]
        return sign, self.wording.word(name), tone

    # What to do, and what is not agreed

    def _actions(self) -> Table:
        word = self.wording.word
        columns: tuple[Column, ...] = (
            Column(key="what", head=word("todo_what"), folds=True, width=60),
            Column(key="why", head=word("todo_why"), folds=True, priority=2, width=44),
            Column(key="owner", head=word("owner"), folds=True, priority=3),
            Column(key="due", head=word("due"), is_right=True),
        )
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (listed_actions.what(one, self.wording), listed_actions.why(one, self.wording), one.owner, self.wording.short_date(one.due, with_year=False))
            for one in self.entries[:LISTED]
        )  # fmt: skip
        if not any(one.owner for one in self.entries[:LISTED]):
            columns = tuple(one for one in columns if one.key != "owner")
            rows = tuple(row[:2] + row[3:] for row in rows)
        more = len(self.entries) - LISTED
        notes = (Line(word("todo_more", count=more), Tone.QUIET),) if more > 0 else ()
        return Table(key="actions", columns=columns, rows=rows, title=word("todo"), sheet=word("todo"), notes=notes)

    def _agreed(self) -> Iterator[tuple[str, str, str]]:
        """What the targets lack to be binding for somebody."""
        for lack in ("deadline", "owner", "since"):
            names = [self._name(one) for one in self.found.standings if lack in one.lacks]
            if names:
                everyone = (
                    self.wording.word("targets_all")
                    if len(names) == len(self.found.standings) > 1
                    else self._listed(names)
                )
                yield self.wording.word(f"targets_no_{lack}"), everyone, ""

    def _notes(self) -> Iterator[str]:
        word = self.wording.word
        for one in self.found.standings:
            if one.state in EXPLAINED and one.why is not None:
                yield word("targets_why", kpi=self._name(one), why=self.wording.render(one.why))
            elif one.pace is not None:
                yield from self._paced(one)
        yield from (
            self.wording.render(one.message)
            for one in self.found.report.findings
            if (one.is_weighty or one.code == CUT) and any(one.concerns(each.kpi) for each in self.found.standings)
        )

    def _paced(self, one: Standing) -> Iterator[str]:
        """Where the recent periods lead to."""
        pace = one.pace
        if pace is None or pace.ahead is None or one.goal.deadline is None:
            return
        kpi, like, ahead = one.kpi, scale_of(one.kpi, pace.ahead.value), pace.ahead
        yield self.wording.word(
            "targets_ahead", kpi=self._name(one), count=pace.recent, day=self.wording.date(one.goal.deadline),
            value=self.wording.value(ahead.value, kpi.unit, like), interval=self.wording.interval(ahead.low, ahead.high, kpi.unit, like),
        )  # fmt: skip

    def _next(self) -> Pairs:
        failed = [
            one
            for one in self.found.standings
            if one.state in FAILED and one.result is not None and not one.result.group
        ]
        explained = next((one for one in failed if _is_explained(one)), None)
        if explained is not None:
            return next_step(self.wording, f"why {explained.kpi.name}")
        if failed:
            return next_step(self.wording, f"trend {failed[0].kpi.name}")
        return (
            next_step(self.wording, "targets", "--todo todo.ics")
            if self.entries
            else next_step(self.wording, "targets", "--suggest")
        )


def _is_explained(one: Standing) -> bool:
    """Whether `why` deals out its change."""
    return one.kpi.unit.value in ("share", "points", "score") or isinstance(one.kpi.measure, Quantile)
