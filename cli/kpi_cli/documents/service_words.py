"""The sentences about the service in the days in which sales moved, and that the two coincide in time and no more."""

from collections.abc import Iterator

from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.why.answer import Why
from kpi_core.analysis.why.service import ServiceSignal
from kpi_core.messages.message import Message
from kpi_core.model.measures import Share
from kpi_core.stats.control_charts import Rule

SHOWN = 4
"""Signals with their weeks; the others are counted."""


class ServiceWords:
    """The sentences on the service; none where what moved is no figure of sales."""

    def __init__(self, found: Why, wording: Wording) -> None:
        self.found, self.wording, self.service = found, wording, found.service

    def headline(self) -> Iterator[str]:
        """Whether the service moved in the same time, and on how many leads a conversion rests."""
        service, result = self.service, self.found.result
        if service is None or result is None:
            return
        if self.found.asked.table == "leads" and isinstance(result.kpi.measure, Share) and result.baseline is not None:
            yield self._say(Message("why-leads", now=result.estimate.n, then=result.baseline.n))
        kpis = [*(one.kpi for one in self.found.meanwhile), *(one.kpi for one in service.signals)]
        if not service.looked_at and not self.found.looked_at:
            yield self._say(Message("why-service-unknown"))
        elif kpis:
            names = [*dict.fromkeys(self.wording.short(one) for one in kpis)]
            yield self._say(Message("why-service-moved", kpis=names, first=service.first, last=service.last))
        else:
            yield self._say(Message("why-service-still", first=service.first, last=service.last))

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """The signals with their weeks, or that there is none."""
        service = self.service
        if service is None or not service.looked_at:
            return
        count = self.wording.number(service.expected_false, 1)
        if service.signals:
            parts = [self._signal(one) for one in service.signals[:SHOWN]]
            more = len(service.signals) - SHOWN
            message = Message("why-signals-more", parts=parts, more=more, expected=count) if more > 0 else Message("why-signals", parts=parts, expected=count)  # fmt: skip
        else:
            message = Message("why-no-signals", kpis=[self.wording.short(one) for one in service.looked_at])
        names = [one.name for one in dict.fromkeys(one.kpi for one in service.signals)] or [one.name for one in service.looked_at[:1]]  # fmt: skip
        yield (
            self.wording.word("why_service"),
            self._say(message),
            f"kundpuls trend {','.join(names[:2])} {self.wording.files()} --grain week",
        )

    def _signal(self, one: ServiceSignal) -> Message:
        like = scale_of(one.kpi, one.value)
        value, low, high = (self.wording.value(each, one.kpi.unit, like) for each in (one.value, one.low, one.high))
        weeks = self._weeks(one)
        kpi = self.wording.short(one.kpi)
        if one.rule is Rule.BEYOND:
            if one.is_above:
                return Message("why-signal-above", kpi=kpi, weeks=weeks, value=value, limit=high)
            return Message("why-signal-below", kpi=kpi, weeks=weeks, value=value, limit=low)
        if one.is_above:
            return Message("why-signal-long-above", kpi=kpi, weeks=weeks)
        return Message("why-signal-long-below", kpi=kpi, weeks=weeks)

    def _weeks(self, one: ServiceSignal) -> str:
        first, last = (self.wording.period(each, short=True) for each in (one.first, one.last))
        return first if one.first == one.last else f"{first}–{last}"

    def _say(self, message: Message) -> str:
        return self.wording.render(message)
