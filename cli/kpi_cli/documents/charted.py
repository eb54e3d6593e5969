"""KPIs over time as one picture for a slide: the finding as its title, a chart a KPI, and what must be known to trust them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kpi_cli.documents.blocks import Line, Mark, Panel, Slide, Tone
from kpi_cli.documents.trend_notes import NAMED, not_known
from kpi_cli.documents.trends import TrendsDocument
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.trend import FEWEST, Trend, Trends, is_unlimited
from kpi_core.errors import KpiError
from kpi_core.messages.sentences import listed
from kpi_core.model.events import Event
from kpi_core.model.kpi import Unit
from kpi_core.model.measures import Stock, StockAge
from kpi_core.stats.control_charts import Rules

MOST = 6
"""KPIs on a slide: the letters of more could not be read."""
NOTED = 4
"""Sentences below the charts."""
SAYS_ITS_UNIT = (Unit.SHARE, Unit.SECONDS)
"""Units that stand behind each value."""


class ChartDocument(TrendsDocument):
    """The trends of up to six KPIs, as one picture."""

    def __init__(
        self, found: Trends, wording: Wording, events: Sequence[Event] = (), *, order: Sequence[str] = (), width: int = Slide.width, is_dark: bool = False,
    ) -> None:  # fmt: skip
        """`order` is that of the KPIs by name, where it is not the catalogue's."""
        super().__init__(found, wording, events)
        self.order, self.width, self.is_dark = order, width, is_dark

    def slide(self) -> Slide:
        """All of its charts.

        Raises:
            KpiError: no KPI is known for any period, or there are too many.
        """
        shown = sorted((one for one in self.found.trends if one.periods), key=self._place)
        if not shown:
            why = next(not_known(self.found, (), self.wording), self.wording.word("trend_none"))
            raise KpiError("there is nothing to draw", hint=why)
        if len(shown) > MOST:
            names = listed([one.kpi.name for one in shown[:MOST]])
            raise KpiError(
                f"a picture holds {MOST} KPIs at most, and {len(shown)} are asked for", hint=f"draw {names} first"
            )
        return Slide(
            title=self._finding(shown), subtitle=self._subtitle(shown), panels=tuple(self._panel(one, is_alone=len(shown) == 1) for one in shown),
            foot=tuple(self._foot(shown)), width=self.width, is_dark=self.is_dark,
        )  # fmt: skip

    def _place(self, one: Trend) -> int:
        return self.order.index(one.kpi.name) if one.kpi.name in self.order else len(self.order)

    def _finding(self, shown: Sequence[Trend]) -> Line:
        """The newest that is worth a look, by the name of its KPI; else that there is none."""
        loud = self._by_age([one for one in shown if one.signals])
        if loud:
            return next(self._signalled(loud[0], with_name=True))
        if len(shown) == 1:
            return self._shown(shown[0], with_name=True)
        steady = sum(one.chart is not None for one in shown)
        if steady == len(shown):
            return Line(self.wording.word("trend_all_quiet", count=steady), sign="≈")
        return Line(self._title(shown))

    def _shown(self, one: Trend, *, with_name: bool) -> Line:
        """What a chart shows: the newest that is worth a look, else where its newest value is."""
        if one.signals:
            return next(self._signalled(one, with_name=with_name))
        value = self._value(one, one.estimates[-1].value)
        if one.chart is None:
            if with_name:
                newest = self.wording.period(one.periods[-1])
                return Line(
                    self.wording.word("chart_value", kpi=self.wording.short(one.kpi), value=value, period=newest)
                )
            return Line(self._without_limits(one), Tone.QUIET)
        if with_name:
            return Line(self.wording.word("chart_quiet", kpi=self.wording.short(one.kpi), value=value), sign="≈")
        return Line(self.wording.word("chart_calm"), Tone.QUIET, "≈")

    def _without_limits(self, one: Trend) -> str:
        """Why it has none, without the options of another command."""
        word = self.wording.word
        if isinstance(one.kpi.measure, Stock | StockAge):
            return word("chart_stock")
        if one.scales:
            return word("chart_scales", count=one.scales)
        if len(one.periods) < FEWEST and not is_unlimited(one.result):
            return word("chart_few", count=len(one.periods), fewest=FEWEST)
        return self._unlimited(one)

    def _subtitle(self, shown: Sequence[Trend]) -> str:
        """Which KPIs in which steps from when to when, and the value of the newest period where there is one KPI."""
        if len(shown) > 1:
            names = listed([self.wording.short(one.kpi) for one in shown])
            return names if self._finding(shown).text == self._title(shown) else self._title(shown)
        [one] = shown
        if one.chart is None:
            return self._title(shown)
        newest, value = self.wording.period(one.periods[-1]), self._value(one, one.estimates[-1].value)
        return f"{self._title(shown)} · {self.wording.word('chart_newest', period=newest, value=value)}"

    def _panel(self, one: Trend, *, is_alone: bool) -> Panel:
        unit = "" if one.kpi.unit in SAYS_ITS_UNIT else self.wording.word(f"unit_{one.kpi.unit}")
        lead = None if is_alone else self._shown(one, with_name=False)
        return Panel(chart=self.chart(one), lead=lead, unit=one.kpi.currency or unit)

    def _reading(self, *, has_beyond: bool) -> Iterator[str]:
        """What the band is, and by which rules where they are not the usual ones."""
        word = self.wording.word
        yield word("chart_reading_beyond" if has_beyond else "chart_reading")
        if self.found.rules is not Rules.USUAL:
            yield word(f"trend_rules_{self.found.rules.value}")
        if self.found.screened:
            yield f"({word('trend_screened')})"

    def _foot(self, shown: Sequence[Trend]) -> Iterator[Line]:
        """How it is read, what is serious, what is not known, and the files; as much of it as leaves the charts their room."""
        lines = [Line(one, Tone.WARNING, "!") for one in self._warned(shown)]
        lines += [Line(self._without_limits(one), sign="?") for one in shown if one.chart is None and len(shown) == 1]
        layers = [layer for one in shown for layer in self.chart(one).layers]
        if any(layer.mark is Mark.BAND for layer in layers):
            has_beyond = any({*layer.tones} - {Tone.PLAIN} for layer in layers)
            lines.append(Line(" ".join(self._reading(has_beyond=has_beyond))))
        lines += [Line(one) for one in not_known(self.found, shown, self.wording)]
        yield from (replace(one, text=one.text[:1].upper() + one.text[1:]) for one in lines[:NOTED])
        if len(lines) > NOTED:
            yield Line(self.wording.word("chart_more_notes", count=len(lines) - NOTED))
        names = [*dict.fromkeys(Path(one.path).name for one in self.found.report.sources)]
        more = f" {self.wording.word('and_more', count=len(names) - NAMED)}" if len(names) > NAMED else ""
        yield Line(self.wording.word("chart_source", files=", ".join(names[:NAMED]) + more))
