"""KPIs over time: in a sentence whether anything is worth a look, a row a KPI, and a chart of the first of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kpi_cli.documents.blocks import (
    Amount,
    Cell,
    Chart,
    Column,
    Interval,
    Layer,
    Line,
    Mark,
    Moment,
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
from kpi_cli.documents.records import report as records
from kpi_cli.documents.signals import is_bad, newest_first
from kpi_cli.documents.trend_notes import NAMED, not_known
from kpi_cli.documents.wording import Wording, in_hours, scale_of
from kpi_core.analysis.trend import FEWEST, Kind, Trend, Trends, is_unlimited, lies_above, now_above, since
from kpi_core.messages.formats import DAY
from kpi_core.messages.sentences import listed
from kpi_core.model.events import Event
from kpi_core.model.kpi import Better, Unit
from kpi_core.model.measures import Stock, StockAge
from kpi_core.model.periods import Period
from kpi_core.model.report import Report
from kpi_core.stats import control_charts
from kpi_core.stats.control_charts import Assurance, Signal

DRAWN = 2
"""Charts on a page; a workbook and JSON have all of them."""
METHODS = {Kind.VALUES: "trend_values", Kind.TIMES: "trend_times", Kind.MEANS: "trend_means", Kind.SHARES: "trend_shares", Kind.COUNTS: "trend_counts"}  # fmt: skip
LASTING = (control_charts.Rule.RUN, control_charts.Rule.SIDE)
"""Rules that find a stretch on one side of the mean."""
REACHES = {
    Assurance.MET: ("✓", "always_met", Tone.GOOD),
    Assurance.HIT_AND_MISS: ("?", "hit_and_miss", Tone.QUIET),
    Assurance.MISSED: ("✗", "never_met", Tone.BAD),
}


def _has_few(one: Trend) -> bool:
    return one.chart is None and not is_unlimited(one.result) and len(one.periods) < FEWEST


class TrendsDocument(Document):
    """The trends of some KPIs, with what happened on some days."""

    def __init__(self, found: Trends, wording: Wording, events: Sequence[Event] = ()) -> None:
        self.found, self.wording = found, wording.knowing([one.kpi for one in found.trends])
        self.events = events

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    # For programs

    def record(self) -> Record:
        """Every trend with its points, limits and signals."""
        return {
            **records.heading(self.found.report),
            "sources": [records.source(one) for one in self.found.report.sources],
            "rules": self.found.rules.value,
            "screened": self.found.screened,
            "expected_false_signals": round(self.found.expected_false, 3),
            "trends": [self._trend(one) for one in self.found.trends],
            "events": [{"date": one.day.isoformat(), "what": one.name} for one in self.events],
            "without": [{"kpi": kpi, "reason": str(why)} for kpi, why in self.found.without.items()],
            "unavailable": records.unavailable(self.found.report),
            "findings": records.findings(self.found.report),
        }

    def _trend(self, one: Trend) -> Record:
        return {
            "kpi": one.kpi.name, "definition": one.kpi.definition, "unit": one.kpi.unit.value,
            "chart": one.kind.value if one.chart is not None else None,
            "baseline_points": one.baseline or len(one.periods) if one.chart is not None else None,
            "target": records.number(one.target, one.kpi.unit),
            "assurance": one.assurance.value if one.assurance is not None else None,
            "points": list(self._points(one)),
            "signals": [
                {
                    "rule": each.rule.value,
                    "from": records.span(one.periods[each.first]),
                    "to": records.span(one.periods[each.last]),
                }
                for each in one.signals
            ],
            "left_out": [records.span(period) for period in one.left_out],
        }  # fmt: skip

    def _points(self, one: Trend) -> Iterator[Record]:
        for place, (period, estimate) in enumerate(zip(one.periods, one.estimates, strict=True)):
            chart = one.chart
            limits = (None,) * 3 if chart is None else (chart.lows[place], chart.centres[place], chart.highs[place])
            low, centre, high = (records.number(limit, one.kpi.unit) for limit in limits)
            yield {
                "period": records.span(period), "value": records.number(estimate.value, one.kpi.unit), "n": estimate.n,
                "low": low, "centre": centre, "high": high,
                "signals": [each.rule.value for each in one.signals if each.first <= place <= each.last],
            }  # fmt: skip

    def rows(self) -> Rows:
        """A row a KPI and period."""
        return as_rows(
            [
                {"kpi": one.kpi.name, "unit": one.kpi.unit.value, **point}
                for one in self.found.trends
                for point in self._points(one)
            ]
        )

    # For people

    def page(self) -> Page:
        """The answer in sentences, a row a KPI where there are several, and the charts."""
        shown = [one for one in self.found.trends if one.periods]
        blocks: list[Table | Chart | Notes | Pairs] = []
        if len(shown) > 1:
            blocks.append(self._table(shown))
        blocks += [self.chart(one) for one in self._first(shown)]
        warned = (Line(line, Tone.WARNING, "!") for line in self._warned(shown))
        if notes := (*warned, *(Line(line, Tone.QUIET) for line in self._notes(shown))):
            blocks.append(Notes(key="notes", title="", lines=notes))
        if shown:
            blocks.append(next_step(self.wording, f"compare {shown[0].kpi.name}"))
        return Page(title=self._title(shown), headline=tuple(self._headline(shown)), blocks=tuple(blocks))

    def _first(self, shown: Sequence[Trend]) -> list[Trend]:
        """The trends that are drawn: those with something to look at before the others, the newest first."""
        loud = self._by_age([one for one in shown if one.signals])
        return [*loud, *(one for one in shown if not one.signals)][:DRAWN]

    def _by_age(self, loud: Iterable[Trend]) -> list[Trend]:
        """Trends with signals, that of the newest period first, and a bad one before a good one of the same age."""

        def age(one: Trend) -> tuple[int, bool]:
            newest = newest_first(one)[0]
            end = one.periods[newest.last].start or date.min
            return -end.toordinal(), self._sign_of(one, newest)[1] is not Tone.BAD

        return sorted(loud, key=age)

    def _title(self, shown: Sequence[Trend]) -> str:
        word = self.wording.word
        step = word(f"by_{self.found.query.grain.value}")
        names = self.wording.short(shown[0].kpi) if len(shown) == 1 else word("trend_kpis", count=len(shown))
        if not shown:
            return f"{names} {step}"
        first = min((one.periods[0] for one in shown), key=lambda period: str(period.start))
        last = max((one.periods[-1] for one in shown), key=lambda period: str(period.start))
        return word(
            "trend_title", kpis=names, step=step, first=self.wording.period(first), last=self.wording.period(last)
        )

    def _headline(self, shown: Sequence[Trend]) -> Iterator[Line]:
        if not shown:
            yield Line(self.wording.word("trend_none"), Tone.WARNING, "!")
            return
        loud = self._by_age([one for one in shown if one.signals])
        quiet = [one for one in shown if not one.signals]
        for one in loud[:NAMED]:
            yield from self._signalled(one, with_name=len(shown) > 1)
        if len(loud) > NAMED:
            yield Line(self.wording.word("trend_more", kpis=tuple(self.wording.short(one.kpi) for one in loud[NAMED:])))
        steady = [one for one in quiet if one.chart is not None]
        if len(shown) == 1 and steady:
            yield Line(self._steady(steady[0]), Tone.QUIET, "≈")
        elif steady:
            yield Line(
                self.wording.word("trend_rest" if loud else "trend_all_quiet", count=len(steady)), Tone.QUIET, "≈"
            )
        if len(shown) > 1:
            yield from self._few([one for one in quiet if _has_few(one)], len(shown))
        for one in shown if len(shown) == 1 else ():
            if one.chart is None:
                yield Line(self._unlimited(one), Tone.QUIET, "?")
            if one.assurance is not None:
                yield Line(self._reach(one), indent=2)

    def _few(self, few: Sequence[Trend], shown: int) -> Iterator[Line]:
        """That some have too few points for limits, and the way out; by name where others have limits."""
        if few:
            names = f"{listed([self.wording.short(one.kpi) for one in few])}: " if len(few) < shown else ""
            yield Line(names + self._unlimited(max(few, key=lambda one: len(one.periods))), Tone.QUIET, "?")

    def _signalled(self, one: Trend, *, with_name: bool) -> Iterator[Line]:
        """What is worth a look: the newest outside of its limits, the others by name, and runs."""
        name = f"{self.wording.short(one.kpi)}: " if with_name else ""
        is_first, beyond = True, [each for each in newest_first(one) if each.rule is control_charts.Rule.BEYOND]
        for each in newest_first(one):
            if each in beyond[1:]:
                continue
            signal = self._beyond(one, each.last) if each in beyond else self._run(one, each)
            tone, sign = (Tone.PLAIN, "") if not is_first else self._sign_of(one, each)[::-1]
            yield Line(_begun(name if is_first else "", signal), tone, sign, indent=0 if is_first else 2)
            if each in beyond and (others := beyond[1:]):
                some = ", ".join(self._period(one, place.last) for place in others[:NAMED])
                rest = self.wording.word("and_more", count=len(others) - NAMED) if len(others) > NAMED else ""
                yield Line(self.wording.word("trend_also", periods=f"{some} {rest}".strip()), indent=2)
            is_first = False

    def _beyond(self, one: Trend, place: int) -> str:
        """A period outside of its limits, with both: `September (61 %) is below its limits (64 % to 85 %)`."""
        chart, like = one.chart, self._like(one)
        assert chart is not None
        low, high = (
            self.wording.limit(limits[place], chart.values[place], one.kpi.unit, like)
            for limits in (chart.lows, chart.highs)
        )
        key = "trend_above" if lies_above(one, place) else "trend_below"
        return self.wording.word(
            key, period=self._period(one, place), value=self._value(one, chart.values[place]), low=low, high=high
        )

    def bad_run(self, one: Trend) -> str | None:
        """A sentence on the newest stretch on the bad side of its mean that chance does not bring; None where there is none."""
        runs = [each for each in newest_first(one) if each.rule is not control_charts.Rule.BEYOND and is_bad(one, each)]
        return _begun("", self._run(one, runs[0])) if runs else None

    def _sign_of(self, one: Trend, signal: Signal) -> tuple[str, Tone]:
        """Good or bad as the KPI is now; what is over without a turn, and a level that drifts, are only worth a look."""
        is_above = now_above(one, signal)
        return ("!", Tone.STRONG) if is_above is None else self._sign(one, is_above=is_above)

    def _run(self, one: Trend, signal: Signal) -> str:
        """A stretch that chance does not bring: `from March to August above its mean`."""
        word, is_above = self.wording.word, lies_above(one, signal.last)
        sides = [word("above_mean"), word("below_mean")]
        side, other = sides if is_above else sides[::-1]
        key = f"trend_{signal.rule.value.replace(' ', '_')}"
        said = word(key, first=self._period(one, signal.first), last=self._period(one, signal.last), side=side)
        across, after = since(one, signal)
        return f"{said} {word('trend_since', count=after, across=across, side=other)}" if after else said

    def _steady(self, one: Trend) -> str:
        chart = one.chart
        assert chart is not None
        return self.wording.word(
            "trend_quiet", low=self._value(one, chart.lows[-1]), high=self._value(one, chart.highs[-1])
        )

    def _unlimited(self, one: Trend) -> str:
        if isinstance(one.kpi.measure, Stock | StockAge):
            return self.wording.word("trend_stock")
        if is_unlimited(one.result) and one.result.unjudged is not None:
            return self.wording.word("trend_chosen", why=self.wording.render(one.result.unjudged))
        if one.scales:
            return self.wording.word("trend_scales", count=one.scales)
        if one.rare is not None and len(one.periods) >= FEWEST:
            return self.wording.word("trend_rare_mean" if one.kind is Kind.MEANS else "trend_rare", count=one.rare)
        return self.wording.word(f"trend_few_{self.found.query.grain.value}", count=len(one.periods), fewest=FEWEST)

    def _reach(self, one: Trend) -> str:
        assert one.assurance is not None
        return self.wording.word(f"trend_{REACHES[one.assurance][1]}", target=self._aim(one))

    def _aim(self, one: Trend) -> str:
        return "" if one.target is None else self.wording.aim(one.target, one.kpi.unit, self._like(one))

    def _table(self, shown: Sequence[Trend]) -> Table:
        word = self.wording.word
        has_targets = any(one.target is not None for one in shown)
        columns = [
            Column(key="kpi", head=word("kpi")),
            Column(key="value", head=word("newest"), is_right=True),
            Column(key="signal", head=word("to_look_at")),
            Column(key="limits", head=word("limits"), is_right=True, priority=1),
            Column(key="trend", head=word("trend"), priority=2),
            *((Column(key="usually", head=word("usually")),) if has_targets else ()),
        ]
        return Table(
            key="trends", columns=tuple(columns), rows=tuple(self._row(one, has_targets=has_targets) for one in shown)
        )

    def _row(self, one: Trend, *, has_targets: bool) -> tuple[Cell, ...]:
        chart, like = one.chart, self._like(one)
        limits = Interval(chart.lows[-1], chart.highs[-1], one.kpi.unit, like) if chart is not None else ""
        series = Series(
            tuple(each.value for each in one.estimates),
            *((chart.lows[-1], chart.highs[-1]) if chart is not None else ()),
        )
        cells: list[Cell] = [
            self.wording.short(one.kpi),
            Amount(one.estimates[-1].value, one.kpi.unit, like),
            self._status(one),
            limits,
            series,
        ]
        if has_targets:
            reach = REACHES[one.assurance] if one.assurance is not None else None
            cells.append(Status(reach[0], self.wording.word(reach[1]), reach[2]) if reach else "")
        return tuple(cells)

    def _status(self, one: Trend) -> Status:
        """In a word whether there is something to look at."""
        word = self.wording.word
        if one.chart is None:
            return Status("·", word("no_limits"), Tone.QUIET)
        if not one.signals:
            return Status("≈", word("ordinary"), Tone.QUIET)
        newest = newest_first(one)[0]
        sign, tone = self._sign_of(one, newest)
        if newest.rule is control_charts.Rule.BEYOND:
            return Status(sign, self._period(one, newest.last), tone)
        if newest.last == len(one.periods) - 1:
            return Status(sign, word("long_run"), tone)
        if now_above(one, newest) is not None:
            return Status(sign, word("turned_since", first=self._period(one, newest.last + 1)), tone)
        return Status(sign, word("run_until", last=self._period(one, newest.last)), tone)

    @staticmethod
    def _sign(one: Trend, *, is_above: bool) -> tuple[str, Tone]:
        if one.kpi.better is Better.NEITHER:
            return ("↑" if is_above else "↓"), Tone.STRONG
        return ("✓", Tone.GOOD) if is_above is (one.kpi.better is Better.HIGHER) else ("✗", Tone.BAD)

    def chart(self, one: Trend) -> Chart:
        """Values with their limits; those outside of them have the tone of good or bad."""
        beyond = {each.first: each for each in one.signals if each.rule is control_charts.Rule.BEYOND}
        chart = one.chart
        tones = tuple(
            self._sign(one, is_above=chart.values[place] > chart.centres[place])[1]
            if chart is not None and place in beyond
            else Tone.PLAIN
            for place in range(len(one.periods))
        )
        values = tuple(each.value for each in one.estimates)
        layers, rules = [Layer(mark=Mark.POINT, name=self.wording.label(one.kpi.name), values=values, tones=tones)], []
        if chart is not None:
            layers.append(Layer(mark=Mark.BAND, name=self.wording.word("limit"), values=chart.highs, low=chart.lows))
            if len({*chart.centres}) == 1:
                rules.append(Rule(self.wording.word("mean"), chart.centres[0], Tone.QUIET))
        if one.target is not None:
            rules.append(Rule(self.wording.word("target").lower(), one.target))
        return Chart(
            key=f"trend_{one.kpi.name}", title=self.wording.heading(one.kpi) if len(self.found.trends) > 1 else "", unit=one.kpi.unit,
            places=tuple(self._short(period, one.periods[place - 1] if place else None) for place, period in enumerate(one.periods)),
            layers=tuple(layers), rules=tuple(rules), axis=self.wording.word("period"), moments=tuple(self._moments(one)),
            like=self._like(one) if one.kpi.unit is Unit.SECONDS else None,
        )  # fmt: skip

    def _short(self, period: Period, before: Period | None) -> str:
        """A period's name, with its year where that begins."""
        return self.wording.period(period, short=True, near=before)

    def _moments(self, one: Trend) -> Iterator[Moment]:
        for event in self.events:
            for place, period in enumerate(one.periods):
                if period.start is not None and period.end is not None and period.start <= event.day < period.end:
                    yield Moment(place, f"{event.name}, {self.wording.short_date(event.day, with_year=False)}")

    def _notes(self, shown: Sequence[Trend]) -> Iterator[str]:
        word = self.wording.word
        charted = [one for one in shown if one.chart is not None]
        if charted:
            frozen = next((one.baseline for one in charted if one.baseline is not None), None)
            base = word("trend_frozen", count=frozen) if frozen else word("trend_of_all")
            kinds = "; ".join(word(METHODS[kind]) for kind in dict.fromkeys(one.kind for one in charted))
            is_screened = self.found.screened and any(one.kind not in (Kind.SHARES, Kind.COUNTS) for one in charted)
            screened = f", {word('trend_screened')}" if is_screened else ""
            yield f"{kinds}{screened}; {base}. {word(f'trend_rules_{self.found.rules.value}')}"
            expected = self.found.expected_false
            yield (
                word("trend_expected_one", share=self.wording.value(expected, Unit.SHARE))
                if len(charted) == 1
                else word("trend_expected", count=self.wording.number(expected, 1), charts=len(charted))
            )
        yield from not_known(self.found, self._first(shown), self.wording)

    def _warned(self, shown: Sequence[Trend]) -> Iterator[str]:
        """The findings about KPIs on the page that are serious, or keep two of their periods from being compared."""
        for one in self.found.report.findings:
            if one.is_weighty and any(one.concerns(each.kpi) for each in shown):
                yield self.wording.render(one.message)

    def _period(self, one: Trend, place: int) -> str:
        return self.wording.period(one.periods[place], short=True)

    def _like(self, one: Trend) -> float | None:
        """The duration whose unit suits every value of a KPI on the page: days only where none is shorter than one."""
        values = [abs(each.value) for each in one.estimates if each.value]
        if not values or one.kpi.unit is not Unit.SECONDS:
            return scale_of(one.kpi, one.estimates[-1].value if one.estimates else None)
        return in_hours(max(values)) if min(values) < DAY else scale_of(one.kpi, max(values))

    def _value(self, one: Trend, value: float | None) -> str:
        return self.wording.value(value, one.kpi.unit, self._like(one))


def _begun(name: str, sentence: str) -> str:
    """A sentence behind the name of its KPI, or by itself, with a capital."""
    return f"{name}{sentence}" if name else sentence[:1].upper() + sentence[1:]
