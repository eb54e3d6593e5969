"""Load or some teams' outcome: the answer in a sentence, a row a team in the order of their names, and the weeks."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import (
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
    Pairs,
    Rule,
    Series,
    Status,
    Table,
    Tone,
)
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import next_step
from kpi_cli.documents.records import agents as records
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.agents.answer import FUNNEL, INNER, OUTER, Agents, Level, Likeness, Standing, UnitOutcome
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Unit
from kpi_core.model.report import Report


class AgentsDocument(Document):
    """Load against outcome, and teams or agents against what their rows were to bring."""

    def __init__(self, found: Agents, wording: Wording) -> None:
        self.found, self.wording = found, wording.knowing([found.kpi])

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    # For programs

    def record(self) -> Record:
        """All there is."""
        return records.document(self.found)

    def rows(self) -> Rows:
        """A row a team or agent; where none is shown one that says why."""
        record = self.record()
        return as_rows(record["units"] or [{"kpi": record["kpi"], "refused": record["units_refused"]}])

    # For people

    def page(self) -> Page:
        """The answer, the teams or agents, the weeks, and how it was looked at."""
        units, load = self.found.units, self.found.load
        blocks: list[Block] = []
        if units.shown:
            blocks.append(self._table())
        if len(units.shown) >= FUNNEL:
            blocks.append(self._funnel())
        if load.weeks:
            blocks.append(self._weeks())
        if self.found.consent is not None:
            blocks.append(
                Pairs(key="consent", pairs=tuple(self._consent()), title=self._say(Message("agents-consent")))
            )
        blocks.append(Notes(key="notes", title="", lines=tuple(Line(note, Tone.QUIET) for note in self._notes())))
        blocks.append(next_step(self.wording, f"why {self.found.kpi.name}"))
        title = self._say(
            Message(
                "agents-title", units=self._units, kpi=self._kpi, period=self.wording.period(self.found.query.period)
            )
        )
        return Page(title=title, headline=tuple(self._headline()), blocks=tuple(blocks))

    def _say(self, message: Message) -> str:
        return self.wording.render(message)

    @property
    def _kpi(self) -> str:
        return self.wording.short(self.found.kpi)

    @property
    def _units(self) -> str:
        return self.wording.word("agents_teams" if self.found.level is Level.TEAMS else "agents_agents")

    @property
    def _unit(self) -> str:
        return self.wording.word("agents_team" if self.found.level is Level.TEAMS else "agents_agent")

    # The answer

    def _headline(self) -> Iterator[Line]:
        found = self.found
        yield self._answer()
        yield Line(self._of_load(), indent=2)
        yield Line(" ".join(self._of_units()), indent=2)
        if found.is_overdue and found.consent is not None:
            yield Line(self._say(Message("agents-overdue", day=found.consent.review_by)), Tone.WARNING, "!")

    def _answer(self) -> Line:
        """Load, some units, both or neither; what is unknown is left to the lines below."""
        linked = None if self.found.load.together is None else self.found.load.is_linked
        likeness = self.found.units.likeness
        apart = None if likeness is Likeness.TOO_FEW else likeness is not Likeness.ALIKE
        values: dict[str, str] = {"kpi": self._kpi, "units": self._units, "unit": self._unit}
        if linked and not self.found.load.makes_worse(self.found.kpi.better):
            return self._easier(values, is_apart=apart)
        match linked, apart:
            case True, True:
                return Line(self._say(Message("agents-both", **values)), Tone.STRONG, "●")
            case True, False:
                return Line(self._say(Message("agents-load", **values)), Tone.STRONG, "●")
            case True, None:
                return Line(self._say(Message("agents-load-alone", **values)), Tone.STRONG, "●")
            case False, True:
                return Line(self._say(Message("agents-units", **values)), Tone.STRONG, "●")
            case None, True:
                return Line(self._say(Message("agents-units-alone", **values)), Tone.STRONG, "●")
            case False, False:
                return Line(self._say(Message("agents-neither", **values)), Tone.QUIET, "≈")
            case False, None:
                return Line(self._say(Message("agents-not-load", **values)), Tone.QUIET, "≈")
            case None, False:
                return Line(self._say(Message("agents-not-units", **values)), Tone.QUIET, "≈")
        return Line(self._say(Message("agents-cannot-tell", **values)), Tone.QUIET, "?")

    def _easier(self, values: dict[str, str], *, is_apart: bool | None) -> Line:
        """More work goes with a better outcome, so that load is no reason."""
        if is_apart:
            return Line(self._say(Message("agents-easier-apart", **values)), Tone.STRONG, "●")
        key = Message("agents-easier", **values) if is_apart is False else Message("agents-easier-alone", **values)
        return Line(self._say(key), Tone.QUIET, "≈")

    def _of_load(self) -> str:
        load = self.found.load
        if load.together is None:
            return "" if load.reason is None else self.wording.render(load.reason)
        linked, loads = load.together, [one.load for one in load.weeks]
        values: dict[str, str | int] = {
            "change": self.wording.change(linked.slope, Unit.SHARE),
            "interval": self.wording.change_interval(linked.low, linked.high, Unit.SHARE),
            "count": linked.n,
            "low": self.wording.number(min(loads), 1),
            "high": self.wording.number(max(loads), 1),
        }
        return self._say(
            Message("agents-load-linked", **values) if load.is_linked else Message("agents-load-unlinked", **values)
        )

    def _of_units(self) -> Iterator[str]:
        """Who lies beyond the outer limits, then how many beyond the inner ones."""
        units = self.found.units
        yield self._beyond_outer()
        if units.likeness is not Likeness.TOO_FEW:
            of, count = len(units.shown), len(units.beyond)
            expected = (1 - INNER) * of
            yield self._say(
                Message("agents-beyond", count=count, of=of, expected=expected) if count
                else Message("agents-beyond-none", of=of, expected=expected)
            )  # fmt: skip

    def _beyond_outer(self) -> str:
        units = self.found.units
        values: dict[str, str | int] = {"units": self._units, "unit": self._unit, "of": len(units.shown)}
        match units.likeness:
            case Likeness.TOO_FEW:
                reason = units.reason or Message("agents-few-rows")
                return self.wording.render(reason)
            case Likeness.OUTSIDE if self.found.level is Level.TEAMS:
                names = [one.name for one in units.outside if one.stands]
                return self._say(Message("agents-outside-teams", count=len(names), names=names, **values))
            case Likeness.OUTSIDE:
                count = sum(one.stands for one in units.outside)
                return self._say(Message("agents-outside-agents", count=count, **values))
            case Likeness.ALIKE if units.outside:
                return self._say(Message("agents-outside-by-chance", count=len(units.outside), **values))
            case Likeness.UNEVEN if units.outside:
                return self._say(Message("agents-uneven-outside", count=len(units.outside), **values))
            case Likeness.UNEVEN:
                return self._say(Message("agents-uneven", **values))
        return self._say(Message("agents-alike", **values))

    # The units

    def _table(self) -> Table:
        word = self.wording.word
        confidence = self.wording.percent
        columns = (
            Column(key="unit", head=self.wording.name(self.found.level.value), folds=True),
            Column(key="n", head=word("n"), is_right=True),
            Column(key="observed", head=word("value"), is_right=True),
            Column(key="expected", head=word("agents_expected"), is_right=True),
            Column(key="limits", head=word("agents_limits", confidence=confidence(OUTER, 1)), is_right=True),
            Column(key="inner", head=word("agents_limits", confidence=confidence(INNER, 0)), is_right=True),
            Column(key="adjusted", head=word("agents_adjusted"), is_right=True, priority=1),
            Column(key="standing", head=word("agents_standing")),
        )
        return Table(key="units", columns=columns, rows=tuple(self._row(one) for one in self.found.units.shown),
                     sheet=self.wording.name(self.found.level.value))  # fmt: skip

    def _row(self, one: UnitOutcome) -> tuple[Cell, ...]:
        unit = Unit.SHARE
        return (
            one.name, one.n, Amount(one.observed, unit), Amount(one.expected, unit), Interval(*one.outer, unit), Interval(*one.inner, unit),
            Amount(one.shrunken, unit), self._standing(one),
        )  # fmt: skip

    def _standing(self, one: UnitOutcome) -> Status:
        """Beyond which limits it lies, if any; the arrow says on which side."""
        word, percent = self.wording.word, self.wording.percent
        if one.standing is Standing.INSIDE:
            return Status("≈", word("agents_inside"), Tone.QUIET)
        beyond = percent(OUTER, 1) if one.standing is Standing.OUTSIDE else percent(INNER, 0)
        return Status("↑" if one.is_above else "↓", word("agents_beyond", confidence=beyond), self._tone(one))

    @staticmethod
    def _tone(one: UnitOutcome) -> Tone:
        """What lies beyond its limits stands out, and is neither good nor bad: it is something to look at."""
        return Tone.STRONG if one.stands else Tone.PLAIN

    def _funnel(self) -> Chart:
        """How far each is from what was to expect, by how many rows it has: names stand nowhere."""
        ordered = sorted(self.found.units.shown, key=lambda one: (one.n, one.observed))
        word = self.wording.word
        apart = tuple(one.observed - one.expected for one in ordered)
        lows, highs = (tuple(one.outer[end] - one.expected for one in ordered) for end in (0, 1))
        return Chart(
            key="funnel", title=word("agents_funnel"), unit=Unit.SHARE, is_of_changes=True, is_over_time=False, axis=word("n"),
            places=tuple(self.wording.number(one.n, 0) for one in ordered),
            layers=(
                Layer(mark=Mark.POINT, name=self._kpi, values=apart, tones=tuple(self._tone(one) for one in ordered)),
                Layer(mark=Mark.BAND, name=word("limit"), values=highs, low=lows),
            ),
            rules=(Rule(word("agents_expected").lower(), 0.0, Tone.QUIET),),
        )  # fmt: skip

    def _weeks(self) -> Table:
        """Load and outcome over the same weeks."""
        word, weeks = self.wording.word, self.found.load.weeks
        columns = (
            Column(key="series", head=word("agents_by_week")), Column(key="low", head=word("agents_lowest"), is_right=True),
            Column(key="high", head=word("agents_highest"), is_right=True), Column(key="trend", head=word("trend")),
        )  # fmt: skip
        loads, shares = [one.load for one in weeks], [one.outcome for one in weeks]
        rows: tuple[tuple[Cell, ...], ...] = (
            (self.wording.label("tickets_per_agent"), Amount(min(loads), Unit.RATIO), Amount(max(loads), Unit.RATIO), Series(tuple(loads))),
            (self._kpi, Amount(min(shares), Unit.SHARE), Amount(max(shares), Unit.SHARE), Series(tuple(shares))),
        )  # fmt: skip
        return Table(key="weeks", columns=columns, rows=rows, sheet=word("agents_by_week"))

    # What else is known

    def _consent(self) -> Iterator[tuple[str, str, str]]:
        consent, word = self.found.consent, self.wording.word
        assert consent is not None
        yield word("agents_purpose"), consent.purpose, ""
        yield word("agents_discussed_with"), consent.discussed_with, ""
        yield word("agents_informed"), consent.informed, ""
        yield word("agents_review_by"), self.wording.date(consent.review_by), ""

    def _allowance(self) -> Iterator[str]:
        """What the limits allow for besides chance."""
        units = self.found.units
        usual, whole = units.spread, units.whole_spread
        if not units.has_allowance or usual is None or whole is None:
            yield self._say(Message("agents-no-allowance", units=self._units))
        elif usual.between:
            yield self._say(Message("agents-allowance", phi=usual.phi, units=self._units))
        elif whole.between:
            yield self._say(Message("agents-allowance-outer", phi=usual.phi))

    def _notes(self) -> Iterator[str]:
        found, units = self.found, self.found.units
        if units.shown:
            yield self._say(Message("agents-look"))
            mix = [self.wording.name(name).lower() for name in units.mix]
            yield self._say(Message("agents-expected-by", mix=mix) if mix else Message("agents-expected-of-all"))
            yield from self._allowance()
            yield self._say(
                Message(
                    "agents-by-chance", expected=(1 - OUTER) * len(units.shown), of=len(units.shown), units=self._units
                )
            )
        of_shown = sum(one.rows for one in units.shown)
        if units.comparable < of_shown:
            share = units.comparable / of_shown
            yield self._say(Message("agents-comparable", share=share, units=self._units, unit=self._unit))
        if units.hidden:
            values: dict[str, str | int] = {
                "count": units.hidden,
                "of": units.of,
                "units": self._units,
                "rows": units.hidden_rows,
            }
            yield self._say(
                Message("agents-hidden-few", least=units.least, **values) if units.few == units.hidden
                else Message("agents-hidden", **values)
            )  # fmt: skip
        if units.alone:
            yield self._say(Message("agents-alone", count=units.alone, of=units.of, units=self._units))
        if units.unassigned:
            yield self._say(Message("agents-unassigned", count=units.unassigned, unit=self._unit))
        if found.automatic:
            names = () if found.is_pseudonymous else found.automatic
            yield self._say(
                Message("agents-automatic-named", count=len(names), names=names) if names
                else Message("agents-automatic", count=len(found.automatic))
            )  # fmt: skip
        if found.level is Level.AGENTS:
            yield self._say(Message("agents-law"))
        yield from (
            self.wording.render(one.message)
            for one in found.report.findings
            if one.is_weighty and one.concerns(found.kpi)
        )
