"""What customers wrote next to a score: the answer in a sentence, who wrote, the words, the segments, and a few comments."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Amount, Block, Cell, Column, Interval, Line, Notes, Page, Status, Table, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.page import next_step
from kpi_cli.documents.records import report as records
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.voices.answers import Band
from kpi_core.analysis.voices.judgement import Word
from kpi_core.analysis.voices.masking import spelt
from kpi_core.analysis.voices.voices import Quote, Segment, Voices
from kpi_core.model.kpi import Better, Unit
from kpi_core.model.report import Report

SHOWN, SEGMENTS, MENTIONED = 10, 8, 3
"""Words and segments on a page, and further words that a sentence names; the record has them all."""
LONGEST = 240
"""Letters of a comment on a page; the record has it whole."""


class VoicesDocument(Document):
    """The comments on a KPI."""

    def __init__(self, found: Voices, wording: Wording) -> None:
        self.found, self.wording = found, wording.knowing([found.kpi])

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    # For programs

    def record(self) -> Record:
        """Every word that was looked at, the segments asked for, and the comments that may be shown."""
        found, unit = self.found, self.found.kpi.unit
        return {
            **records.of_one(found.report, found.result),
            "n": sum(one.n for one in found.heard),
            "written": found.written,
            "value_of_written": records.number(found.value, unit),
            "words": [self._record_of(one) for one in found.words],
            "words_looked_at": found.looked_at,
            "lemmatised": found.is_lemmatised,
            "languages": dict(found.languages),
            "bands": [{"band": one.band.value, "n": one.n, "written": one.written, "ask": self._ask(one.band, Wording())} for one in found.heard],
            "segments": [self._segment(name, one) for name, groups in found.segments.items() for one in groups],
            "hidden": found.is_of_few,
            "masked": found.was_masked,
            "taken_out": dict(found.taken),
            "quotes": [self._quote(one) for one in found.quotes],
            "findings": records.findings(found.report),
        }  # fmt: skip

    def _record_of(self, one: Word) -> Record:
        unit = self.found.kpi.unit
        values = {
            "value": one.value, "value_of_others": one.rest, "effect": one.effect, "low": one.bottom, "high": one.top,
        }  # fmt: skip
        return {
            "word": one.term, "forms": list(one.forms), "n": one.n, "customers": one.customers, "dissatisfied": one.low,
            **{name: records.number(value, unit) for name, value in values.items()}, "p": one.p, "named": one.is_named,
        }  # fmt: skip

    def _segment(self, name: str, one: Segment) -> Record:
        unit = self.found.kpi.unit
        words = None if one.words is None else [{"word": word, "n": n} for word, n in one.words]
        return {
            "column": name, "segment": one.group, "n": one.n, "written": one.written, "dissatisfied": one.low,
            "value": records.number(one.value, unit), "words": words,
        }  # fmt: skip

    @staticmethod
    def _quote(one: Quote) -> Record:
        day = None if one.day is None else one.day.isoformat()
        return {"band": one.band.value, "day": day, "text": spelt(one.text, str)}

    def rows(self) -> Rows:
        """A row a word."""
        return as_rows([self._record_of(one) for one in self.found.words])

    # For people

    def page(self) -> Page:
        """The answer, who wrote, their words, and some of what they wrote."""
        found, word = self.found, self.wording.word
        blocks: list[Block] = [self._bands()]
        if found.words:
            blocks.append(self._words())
        blocks += [self._groups(name, groups) for name, groups in found.segments.items() if groups]
        if found.quotes:
            blocks.append(
                Notes(key="quotes", title=word("voices_quotes"), lines=tuple(map(self._quoted, found.quotes)))
            )
        blocks.append(Notes(key="notes", title="", lines=tuple(Line(note, Tone.QUIET) for note in self._notes())))
        blocks.append(next_step(self.wording, f"drivers {found.kpi.name}"))
        period = self.wording.period(found.report.query.period)
        title = word("voices_title", kpi=self.wording.label(found.kpi.name), period=period)
        return Page(title=title, headline=tuple(self._headline()), blocks=tuple(blocks))

    def _headline(self) -> Iterator[Line]:
        found, word = self.found, self.wording.word
        if found.is_of_few:
            yield Line(word("voices_hidden"), Tone.QUIET, "·")
            return
        named = [one for one in found.words if one.is_named]
        if not found.looked_at:
            yield Line(word("voices_few", written=found.written), Tone.QUIET, "?")
        elif not named:
            counts = {"looked_at": found.looked_at, "written": found.written}
            yield Line(word("voices_none", kpi=self.wording.brief(found.kpi), **counts), Tone.QUIET, "≈")
        bad, good = [one for one in named if self._is_bad(one)], [one for one in named if not self._is_bad(one)]
        for first, tone, sign in ((bad[:1], Tone.BAD, "✗"), (good[:1], Tone.GOOD, "✓")):
            for one in first:
                yield Line(self._word_line(one), tone, sign)
        if rest := [*bad[1:], *good[1:]]:
            listed = ", ".join(one.shown for one in rest[:MENTIONED])
            more = f" {word('and_more', count=len(rest) - MENTIONED)}" if len(rest) > MENTIONED else ""
            yield Line(word("voices_more", words=listed + more), indent=2)

    def _is_bad(self, one: Word) -> bool:
        return (one.effect > 0) is (self.found.kpi.better is Better.LOWER)

    def _word_line(self, one: Word) -> str:
        value, rest = (self._value(each) for each in (one.value, one.rest))
        return self.wording.word(
            "voices_word", kpi=self.wording.brief(self.found.kpi), word=one.shown, value=value, rest=rest
        )

    def _value(self, value: float) -> str:
        """A value as a sentence says it: a share without decimals."""
        unit = self.found.kpi.unit
        return self.wording.percent(value, 0) if unit is Unit.SHARE else self.wording.value(value, unit)

    def _kind(self) -> str:
        """What the bands of the KPI are called after; empty for the usual."""
        kpi = self.found.kpi
        if kpi.table == "reviews":
            return "_rating"
        return f"_{kpi.asks}" if kpi.asks in ("nps", "ces") else ""

    def _band(self, band: Band) -> str:
        return self.wording.word(f"voices_{band.value}{self._kind()}")

    def _ask(self, band: Band, wording: Wording) -> str:
        kind = "" if self._kind() == "_rating" else self._kind()
        return wording.word(f"voices_ask_{band.value}{kind}")

    def _bands(self) -> Table:
        word = self.wording.word
        columns = (
            Column(key="band", head=word("voices_who")), Column(key="n", head=word("voices_answers"), is_right=True),
            Column(key="written", head=word("voices_written"), is_right=True), Column(key="ask", head=word("voices_ask"), folds=True, width=60),
        )  # fmt: skip
        rows = tuple(
            (self._band(one.band), one.n, one.written, self._ask(one.band, self.wording)) for one in self.found.heard
        )
        return Table(key="bands", columns=columns, rows=rows, sheet=word("voices_who"))

    def _words(self) -> Table:
        word, unit = self.wording.word, self.found.kpi.unit
        confidence = self.wording.percent(self.found.report.query.confidence, 0)
        columns = (
            Column(key="word", head=word("voices_mentions")), Column(key="n", head=word("n"), is_right=True),
            Column(key="customers", head=word("voices_customers"), is_right=True, priority=3),
            Column(key="low", head=word("voices_unhappy"), is_right=True, priority=2),
            Column(key="value", head=word("voices_mean", kpi=self.wording.brief(self.found.kpi)), is_right=True),
            Column(key="effect", head=word("voices_effect"), is_right=True),
            Column(key="interval", head=word("interval", confidence=confidence), is_right=True, priority=1),
            Column(key="verdict", head=word("verdict")),
        )  # fmt: skip
        rows = tuple(
            (one.shown, one.n, one.customers, one.low, Amount(one.value, unit), Amount(one.effect, unit, is_change=True),
             Interval(one.bottom, one.top, unit, is_change=True), self._verdict(one))
            for one in self.found.words[:SHOWN]
        )  # fmt: skip
        return Table(key="words", title="", columns=columns, rows=rows, sheet=word("voices_words"))

    def _verdict(self, one: Word) -> Status:
        if not one.is_named:
            return Status("≈", self.wording.word("voices_chance"), Tone.QUIET)
        is_bad = self._is_bad(one)
        return Status("✗" if is_bad else "✓", self.wording.word("voices_named"), Tone.BAD if is_bad else Tone.GOOD)

    def _groups(self, name: str, groups: tuple[Segment, ...]) -> Table:
        word, unit = self.wording.word, self.found.kpi.unit
        columns = (
            Column(key="segment", head=self.wording.name(name)), Column(key="n", head=word("voices_answers"), is_right=True),
            Column(key="written", head=word("voices_written"), is_right=True), Column(key="low", head=word("voices_unhappy"), is_right=True, priority=1),
            Column(key="value", head=self.wording.brief(self.found.kpi), is_right=True),
            Column(key="words", head=word("voices_of_low"), folds=True, width=50),
        )  # fmt: skip
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (one.group or word("no_group"), one.n, one.written, one.low, Amount(one.value, unit), self._most(one)) for one in groups[:SEGMENTS]
        )  # fmt: skip
        title = word("voices_segments", dimension=self.wording.name(name).lower())
        return Table(key=f"by_{name}", title=title, columns=columns, rows=rows, sheet=title)

    def _most(self, one: Segment) -> str:
        if one.words is None:
            return self.wording.word("voices_too_few")
        return ", ".join(f"{term} ({n})" for term, n in one.words)

    def _quoted(self, one: Quote) -> Line:
        text = " ".join(spelt(one.text, lambda kind: self.wording.word(f"voices_mask_{kind}")).split())
        short = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
        who = self._band(one.band).lower() if self._kind() != "_rating" else self._band(one.band)
        if one.day is None:
            return Line(self.wording.word("voices_quote_undated", text=short, who=who))
        day = self.wording.short_date(one.day, with_year=self.found.report.query.period.is_all)
        return Line(self.wording.word("voices_quote", text=short, who=who, day=day))

    def _notes(self) -> Iterator[str]:
        word, found = self.wording.word, self.found
        if found.words:
            yield word("voices_association")
        answers = sum(one.n for one in found.heard)
        yield word(
            "voices_method", looked_at=found.looked_at, answers=answers, written=self.wording.number(found.written)
        )
        if not found.was_masked:
            yield word("voices_unmasked")
        elif found.taken:
            listed = ", ".join(
                f"{word(f'voices_mask_{kind}')} {self.wording.number(n)}" for kind, n in sorted(found.taken.items())
            )
            yield word("voices_masked", taken=listed)
        else:
            yield word("voices_nothing_masked")
        if not found.is_lemmatised and found.words:
            yield word("voices_not_lemmatised")
        if len(found.languages) > 1:
            listed = ", ".join(
                f"{word(f'voices_lang_{name}')} {self.wording.number(n)}"
                for name, n in sorted(found.languages.items(), key=lambda one: -one[1])
            )
            yield word("voices_languages", languages=listed)
        yield from (
            self.wording.render(one.message)
            for one in found.report.findings
            if one.is_weighty and one.concerns(found.kpi)
        )
