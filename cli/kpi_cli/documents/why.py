"""Why a KPI moved, for people: the answer first, then the segments of the dimension that explains most."""

from collections.abc import Iterator, Sequence

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import Amount, Block, Cell, Column, Line, Page, Pairs, Status, Table, Tone, Toned
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.phrases import refusal
from kpi_cli.documents.records import why as records
from kpi_cli.documents.service_words import ServiceWords
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.changes.scaled_changes import OF_SCALES
from kpi_core.analysis.why.answer import Bounds, Dimension, Segment, Why
from kpi_core.messages.message import Message
from kpi_core.messages.sentences import listed
from kpi_core.model.kpi import Unit
from kpi_core.model.measures import Share
from kpi_core.model.report import KpiResult, Report, Verdict
from kpi_core.stats.mix_and_rate import Part

SHOWN = 6
"""Segments with a row of their own; the others are added up."""


NEARLY = 0.1
"""The share of what a segment adds, up to which one of its two parts is not worth a word."""


class WhyDocument(Document):
    """Why a KPI moved, or differs between two segments."""

    def __init__(self, found: Why, wording: Wording) -> None:
        self.found = found
        self.wording = wording if found.result is None else wording.knowing([found.result.kpi])
        self.service = ServiceWords(found, self.wording)

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    def record(self) -> Record:
        """All there is."""
        return records.document(self.found)

    def rows(self) -> Rows:
        """A row for each segment of each dimension; where there is no answer one that says why."""
        record = self.record()
        rows_of = [
            {"dimension": one["dimension"], **segment} for one in record["dimensions"] for segment in one["segments"]
        ]
        return as_rows(rows_of or [{"kpi": record["kpi"], "refused": record["refused"]}])

    def page(self) -> Page:
        """The answer, the segments, and what else is known."""
        return Page(title=self._title(), headline=tuple(self._headline()), blocks=tuple(self._blocks()))

    def _say(self, message: Message) -> str:
        return self.wording.render(message)

    def _title(self) -> str:
        found, query = self.found, self.found.query
        kpi, period = self.wording.short(found.asked), self.wording.period(query.period)
        if found.sides is not None:
            return self._say(
                Message("why-title-sides", kpi=kpi, first=found.sides[0], second=found.sides[1], period=period)
            )
        baseline = "" if query.baseline is None else self.wording.period(query.baseline)
        return self._say(Message("why-title", kpi=kpi, baseline=baseline, period=period))

    def reason(self) -> str | None:
        """The segment that adds most, in a sentence, where the change is real and segments explain it beyond chance; else None."""
        found = self.found
        if found.result is None or not found.is_real or not found.dimensions:
            return None
        first = found.dimensions[0]
        return self._contributors(first) if first.stands and not first.is_of_people else None

    # The answer

    def _headline(self) -> Iterator[Line]:
        found = self.found
        if found.refused is not None or found.result is None:
            yield Line(refusal(found.refused, self.wording), Tone.WARNING, "!")
            return
        judged = found.quantile or found.result
        yield self._change(judged)
        note = judged.change.note if judged.change is not None else None
        if note is not None and (judged.verdict is Verdict.NOT_TESTED or note.key == OF_SCALES):
            yield Line(self.wording.render(note), indent=2)
        if found.quantile is not None and found.limit is not None:
            yield Line(self._say(self._share_within(found.result, found.limit)), indent=2)
        yield from (Line(line, indent=2) for line in self.service.headline())
        if not found.dimensions:
            yield Line(self._say(Message("why-none-split" if found.skipped else "why-no-dimension")), indent=2)
            return
        first = found.dimensions[0]
        yield Line(self._say(Message("why-people")) if first.is_of_people else self._contributors(first), indent=2)
        for sentence in self._stands(first):
            yield Line(sentence, indent=2)

    def _change(self, judged: KpiResult) -> Line:
        value = judged.change.value if judged.change is not None and judged.change.value is not None else 0.0
        kpi, change = self.wording.short(judged.kpi), self._moved(judged)
        level = amounts.in_a_sentence(judged, self.wording)
        sign, tone = amounts.SIGNS.get(judged.verdict or Verdict.NOT_TESTED, ("", Tone.PLAIN))
        if self.found.sides is not None:
            first, second = self.found.sides
            key = Message("why-side-higher", kpi=kpi, first=first, second=second, change=change, value=level) if value > 0 else Message("why-side-lower", kpi=kpi, first=first, second=second, change=change, value=level)  # fmt: skip
        else:
            key = Message("why-rose", kpi=kpi, change=change, value=level) if value > 0 else Message("why-fell", kpi=kpi, change=change, value=level)  # fmt: skip
        return Line(f"{self._say(key)} {self._say(self._sureness(judged))}", tone, sign)

    def _share_within(self, judged: KpiResult, limit: float) -> Message:
        """Which share stands for a time, and how that one changed."""
        change, value = self._moved(judged), amounts.in_a_sentence(judged, self.wording)
        if judged.change is not None and (judged.change.value or 0.0) > 0:
            return Message("why-quantile-rose", limit=limit, change=change, value=value)
        return Message("why-quantile-fell", limit=limit, change=change, value=value)

    def _sureness(self, judged: KpiResult) -> Message:
        match judged.verdict:
            case Verdict.BETTER | Verdict.WORSE | Verdict.HIGHER | Verdict.LOWER:
                return Message("why-real") if self.found.sides is None else Message("why-real-sides")
            case Verdict.NO_CHANGE:
                return Message("why-small") if self.found.sides is None else Message("why-small-sides")
            case Verdict.CANNOT_TELL if (first := self.found.dimensions[:1]) and (
                first[0].stands or self._marked(first[0])
            ):
                return Message("why-chance-in-all")
            case Verdict.CANNOT_TELL if judged.change and judged.change.note and judged.change.note.key == OF_SCALES:
                return Message("why-chance-within-scales")
            case Verdict.CANNOT_TELL:
                return Message("why-chance")
        return Message("why-untested")

    def _moved(self, result: KpiResult) -> str:
        """By how much, without a sign."""
        return amounts.moved(result, self.wording) if result.change is not None else ""

    def _contributors(self, first: Dimension) -> str:
        """The segment that adds most, by what, and the next."""
        most, *others = [one for one in first.segments if one.part.sum] or first.segments
        values = {
            "name": self._name(most),
            "dimension": self.wording.name(first.name).lower(),
            "sum": self._points(most.part.sum),
        }
        how = self._how(most)
        if not others:
            return self._say(Message("why-one-contributor", how=how, **values))
        return self._say(Message("why-contributors", how=how, next=self._name(others[0]), rest=self._points(others[0].part.sum), **values))  # fmt: skip

    def _how(self, one: Segment) -> Message:
        """By what a segment adds: its own change, its weight, or both."""
        part = one.part
        old, new = (self.wording.percent(share, 0) for share in one.weights)
        if self.found.sides is not None:
            return self._how_apart(part, old, new, *self.found.sides)
        if not self.found.has_mix:
            return Message("why-by-share", old=old, new=new)
        if abs(part.mix) <= NEARLY * abs(part.sum):
            return Message("why-by-own")
        if abs(part.rate) <= NEARLY * abs(part.sum):
            return Message("why-by-weight", old=old, new=new)
        return Message("why-by-both", rate=self._points(part.rate), mix=self._points(part.mix), old=old, new=new)

    def _how_apart(self, part: Part, old: str, new: str, first: str, second: str) -> Message:
        """The same of two segments side by side, of which none was before the other."""
        if not self.found.has_mix:
            return Message("why-by-share-sides", old=old, new=new, first=first, second=second)
        if abs(part.mix) <= NEARLY * abs(part.sum):
            return Message("why-by-own-sides")
        if abs(part.rate) <= NEARLY * abs(part.sum):
            return Message("why-by-weight-sides", old=old, new=new, first=first, second=second)
        rate, mix = self._points(part.rate), self._points(part.mix)
        return Message("why-by-both-sides", rate=rate, mix=mix, old=old, new=new, first=first, second=second)

    def _reversed(self, *, rises: bool, against: int, of: int, dimension: str) -> Message:
        """That most segments went the other way, or are the other way round."""
        if self.found.sides is not None:
            return Message("why-reversed-up-sides", against=against, of=of, dimension=dimension) if rises else Message("why-reversed-down-sides", against=against, of=of, dimension=dimension)  # fmt: skip
        return Message("why-reversed-up", against=against, of=of, dimension=dimension) if rises else Message("why-reversed-down", against=against, of=of, dimension=dimension)  # fmt: skip

    def _marked(self, first: Dimension) -> list[str]:
        """The segments whose own change is a verdict, as their rows show it; of people none is named."""
        if first.is_of_people:
            return []
        return [self._name(one) for one in first.segments[:SHOWN] if one.moved and one.verdict is not None]

    def _stands(self, first: Dimension) -> Iterator[str]:
        """What there is to add beyond the arithmetic."""
        found = self.found
        if first.against is not None and found.result is not None and found.result.change is not None:
            rises = (found.result.change.value or 0.0) > 0
            against, of = first.against
            dimension = self.wording.name(first.name).lower()
            yield self._say(self._reversed(rises=rises, against=against, of=of, dimension=dimension))
        if first.mix_stands and abs(first.mix) > abs(first.rate):
            yield self._say(self._mostly_mix(first))
        if first.stands:
            return
        if not any(one.unlike for one in first.segments):
            yield self._say(Message("why-alike-untested"))
        elif marked := self._marked(first):
            yield self._say(Message("why-alike-marked", names=listed(marked)))
        else:
            yield self._say(Message("why-all-alike") if found.is_real else Message("why-alike"))

    def _mostly_mix(self, first: Dimension) -> Message:
        """That most of it is mix, with what the segments' own changes come to: little, or not known well, is not the same as none."""
        mix, rate = self._points(first.mix), self._points(first.rate)
        if first.rate_bounds is None:
            return Message("why-mostly-mix", mix=mix, rate=rate) if self.found.sides is None else Message("why-mostly-mix-sides", mix=mix, rate=rate)  # fmt: skip
        span = self._span(first.rate_bounds)
        return Message("why-mostly-mix-within", mix=mix, rate=rate, span=span) if self.found.sides is None else Message("why-mostly-mix-within-sides", mix=mix, rate=rate, span=span)  # fmt: skip

    # The segments

    def _blocks(self) -> Iterator[Block]:
        if self.found.dimensions:
            yield self._table(self.found.dimensions[0])
        if self.found.factors:
            yield self._factors()
        yield Pairs(key="pairs", pairs=tuple(self._pairs()))

    @property
    def _unit(self) -> Unit:
        assert self.found.result is not None
        return self.found.result.kpi.unit

    @property
    def _like(self) -> float | None:
        """The duration whose unit of time all values take."""
        assert self.found.result is not None
        return scale_of(self.found.result.kpi, self.found.result.estimate.value)

    def _amount(self, value: float | None) -> Cell:
        return "" if value is None else Amount(value, self._unit, self._like)

    def _part(self, value: float) -> Cell:
        return Amount(value, self._unit, self._like, is_change=True)

    def _points(self, value: float) -> str:
        return self.wording.change(value, self._unit, self._like)

    def _columns(self, dimension: Dimension) -> tuple[Column, ...]:
        word, query = self.wording.word, self.found.query
        if self.found.sides is not None:
            new, old = self.found.sides
        else:
            new = self.wording.period(query.period, short=True, near=query.baseline)
            old = "" if query.baseline is None else self.wording.period(query.baseline, short=True, near=query.period)
        heads = [("segment", self.wording.name(dimension.name)), ("n", word("n")), ("before", old), ("after", new)]
        heads += [("rate", word("why_rate")), ("mix", word("why_mix"))] if self.found.has_mix else []
        heads += [("sum", word("why_sum")), ("verdict", word("verdict"))]
        return tuple(
            Column(
                key=key,
                head=head,
                is_right=key not in ("segment", "verdict"),
                folds=key == "segment",
                priority={"n": 2, "sum": 1 if self.found.has_mix else 0}.get(key, 0),
            )
            for key, head in heads
        )

    def _table(self, dimension: Dimension) -> Table:
        rows = [self._row(one) for one in dimension.segments[:SHOWN]]
        if rest := dimension.segments[SHOWN:]:
            rows.append(self._others(rest))
        rows.append(self._whole(dimension))
        if self.found.has_mix and (dimension.mix_bounds or dimension.rate_bounds):
            rows.append(self._intervals(dimension))
        return Table(
            key="segments",
            columns=self._columns(dimension),
            rows=tuple(rows),
            sheet=self.wording.name(dimension.name),
        )

    def _row(self, one: Segment) -> tuple[Cell, ...]:
        if one.is_rest:
            return (self._name(one), "", "", "", *self._parts(one.part.rate, one.part.mix), "")
        verdict: Cell = ""
        if one.moved and one.verdict is not None:
            sign, tone = amounts.SIGNS[one.verdict]
            verdict = Status(sign, self.wording.word(one.verdict.value), tone)
        elif one.unlike is not None and one.unlike.stands:
            verdict = Status("!", self.wording.word("why_unlike"), Tone.STRONG)
        return (
            self._name(one), one.new.n, self._amount(one.old.value), self._amount(one.new.value),
            *self._parts(one.part.rate, one.part.mix), verdict,
        )  # fmt: skip

    def _parts(self, rate: float, mix: float) -> tuple[Cell, ...]:
        if not self.found.has_mix:
            return (self._part(rate + mix),)
        return self._part(rate), self._part(mix), self._part(rate + mix)

    def _others(self, rest: Sequence[Segment]) -> tuple[Cell, ...]:
        name = self._say(Message("why-others", count=len(rest)))
        rate, mix = sum(one.part.rate for one in rest), sum(one.part.mix for one in rest)
        return (Toned(name, Tone.QUIET), "", "", "", *self._parts(rate, mix), "")

    def _whole(self, dimension: Dimension) -> tuple[Cell, ...]:
        result = self.found.result
        assert result is not None
        assert result.baseline is not None
        sign, tone = amounts.SIGNS.get(result.verdict or Verdict.NOT_TESTED, ("", Tone.PLAIN))
        key = {Verdict.NO_CHANGE: "verdict_no_change", Verdict.CANNOT_TELL: "verdict_cannot_tell"}
        verdict: Cell = "" if result.verdict is None else Status(sign, self.wording.word(key.get(result.verdict, result.verdict.value)), tone)  # fmt: skip
        return (
            Toned(self.wording.word("why_all"), Tone.STRONG), result.estimate.n, self._amount(result.baseline.value),
            self._amount(result.estimate.value), *self._parts(dimension.rate, dimension.mix), verdict,
        )  # fmt: skip

    def _intervals(self, dimension: Dimension) -> tuple[Cell, ...]:
        """Between which values both parts lie."""

        def bounds_cell(bounds: Bounds | None) -> Cell:
            return "" if bounds is None else Toned(self._span(bounds), Tone.QUIET)

        confidence = self.wording.percent(self.found.query.confidence, 0)
        name = Toned(self.wording.word("interval", confidence=confidence), Tone.QUIET)
        return (name, "", "", "", bounds_cell(dimension.rate_bounds), bounds_cell(dimension.mix_bounds), "", "")

    def _span(self, bounds: Bounds) -> str:
        """`−9.9…−0.9`: both ends without their unit, which stands above."""
        if self._unit in (Unit.SHARE, Unit.POINTS):
            decimals = 1 if self._unit is Unit.SHARE else 0
            low, high = (self.wording.number(100 * one, decimals, signed=True) for one in (bounds.low, bounds.high))
        else:
            low, high = self._points(bounds.low), self._points(bounds.high)
        return f"{low}…{high}"

    def _factors(self) -> Table:
        word = self.wording.word
        query = self.found.query
        heads = [("factor", word("why_factor")), ("before", "" if query.baseline is None else self.wording.period(query.baseline, short=True, near=query.period)),
                 ("after", self.wording.period(query.period, short=True, near=query.baseline)), ("part", word("why_sum"))]  # fmt: skip
        columns = tuple(Column(key=key, head=head, is_right=key != "factor") for key, head in heads)
        rows = tuple(
            (self.wording.short(one.kpi), Amount(one.old, one.kpi.unit), Amount(one.new, one.kpi.unit), self._part(one.part))
            for one in self.found.factors
        )  # fmt: skip
        return Table(key="factors", columns=columns, rows=rows, title=word("why_product"))

    # What else is known

    def _pairs(self) -> Iterator[tuple[str, str, str]]:
        found, word = self.found, self.wording.word
        if found.dimensions:
            first = found.dimensions[0]
            unlike = [self._unlike(one) for one in first.segments if one.unlike is not None and one.unlike.stands]
            if unlike and not first.is_of_people:
                yield word("why_unlike_others"), " ".join(unlike), ""
            if found.looked_at and found.sides is None:
                yield word("why_meanwhile"), self._meanwhile(), ""
            yield from self.service.pairs()
            yield from self._load()
            also = [self.wording.name(one.name).lower() for one in found.dimensions[1:] if one.stands]
            rest = [self.wording.name(one.name).lower() for one in found.dimensions[1:] if not one.stands]
            if also:
                yield word("why_also"), ", ".join(also), f"--by {found.dimensions[1].name}"
            if rest and any(one.unlike is not None for one in first.segments):
                yield word("why_checked"), ", ".join(rest), ""
        baseline = found.query.baseline
        if (
            found.dimensions
            and found.sides is None
            and baseline is not None
            and baseline.end != found.query.period.start
        ):
            yield word("why_note"), self._say(Message("why-steps")), ""
        for name, reason in found.skipped.items():
            yield word("why_skipped"), f"{self.wording.name(name).lower()}: {self.wording.render(reason)}", ""
        yield word("foot_next"), f"kundpuls rows {self._asked} {self.wording.files()}", ""

    @property
    def _asked(self) -> str:
        return self.found.asked.name

    def _unlike(self, one: Segment) -> str:
        assert one.unlike is not None
        bounds = one.unlike.bounds
        like = self._points(one.unlike.value)
        return self._say(Message("why-unlike", name=self._name(one), change=like, low=self._points(bounds.low), high=self._points(bounds.high)))  # fmt: skip

    def _load(self) -> Iterator[tuple[str, str, str]]:
        """How many tickets there were for each agent, and the command that sets them against the outcome of teams."""
        load = self.found.load
        if load is None or load.estimate.value is None or load.baseline is None or load.baseline.value is None:
            return
        old, new = (self._value(load, is_old=is_old) for is_old in (True, False))
        kpi = f" --kpi {self._asked}" if isinstance(self.found.asked.measure, Share) else ""
        command = f"kundpuls agents {self.wording.files()}{kpi}"
        yield self.wording.word("why_load"), self._say(Message("why-load", old=old, new=new)), command

    def _meanwhile(self) -> str:
        found = self.found
        if not found.meanwhile:
            names = [self.wording.short(one) for one in found.looked_at]
            return self._say(Message("why-nothing-meanwhile", kpis=names))
        lines = [
            Message(
                "why-moved-too", kpi=self.wording.short(one.kpi),
                old=self._value(one, is_old=True), new=self._value(one, is_old=False),
            )
            for one in found.meanwhile
        ]  # fmt: skip
        return self._say(Message("why-meanwhile", parts=lines))

    def _value(self, one: KpiResult, *, is_old: bool) -> str:
        estimate = one.baseline if is_old else one.estimate
        return self.wording.value(None if estimate is None else estimate.value, one.kpi.unit, amounts.scale(one))

    def _name(self, one: Segment) -> str:
        if one.is_rest:
            return self.wording.word("why_too_few")
        return self.wording.word("no_group") if one.name is None else one.name
