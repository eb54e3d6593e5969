"""The sentences a report opens with: what is worse, what is better, what misses its target, and what stays open.

At most four. Each is about KPIs that the page shows, but for the count of the others that changed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import Line, Tone
from kpi_cli.documents.phrases import group_name
from kpi_cli.documents.readout import HARDLY, rounded
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.changes.questions import FLOW
from kpi_core.analysis.notes.steady_growth import CODE as STEADY
from kpi_core.messages.sentences import listed
from kpi_core.model.report import KpiResult, Report, Status, Verdict

MOST = 4
"""Sentences at most."""
MOST_GROUPS = 3
"""Groups named in a sentence."""
_REAL = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)
_REST = (
    ("head_rest_cannot_tell", Verdict.CANNOT_TELL),
    ("head_rest_no_change", Verdict.NO_CHANGE),
    ("head_rest_not_tested", Verdict.NOT_TESTED),
)


def headline(
    report: Report, shown: Sequence[KpiResult], wording: Wording, *, is_compared: bool = True, has_commands: bool = True
) -> tuple[Line, ...]:
    """The sentences about the totals on the page, the answer first.

    Args:
        report: what was computed.
        shown: the totals on the page.
        wording: its language.
        is_compared: unless nobody asked for a comparison.
        has_commands: whether its reader has a command line.
    """
    totals = tuple(one for one in shown if not one.suppressed)
    writer = _Headline(report, totals, wording, is_compared=is_compared, has_commands=has_commands)
    first, last = list(writer.first()), list(writer.last())
    return (*first[: max(MOST - len(last), 1)], *last[:MOST])


class _Headline:
    def __init__(
        self, report: Report, shown: tuple[KpiResult, ...], wording: Wording, *, is_compared: bool, has_commands: bool
    ) -> None:
        self.report, self.shown, self.wording, self.is_compared = report, shown, wording, is_compared
        self.longer = ": --compare previous:3" if has_commands else ""
        self.doubtful = [one for one in shown if one.trust is not None and one.trust.is_marked]
        sure = [one for one in shown if not amounts.is_doubtful(one, report) and not amounts.is_few(one)]
        self.worse = sorted(self._with(sure, Verdict.WORSE), key=lambda one: not _is_missed(one))
        self.other = [*self._with(sure, Verdict.HIGHER), *self._with(sure, Verdict.LOWER)]
        self.better = self._with(sure, Verdict.BETTER)
        self.alone = [
            *(self.worse if len(self.worse) <= 2 else self.worse[:1]),
            *(self.better if len(self.better) == 1 else ()),
        ]
        """Those that have a sentence of their own, in which their target stands too."""
        self.missed = [one for one in sure if _is_missed(one) and one not in self.alone]
        warned = [one for one in shown if one not in sure and one not in self.doubtful and not amounts.is_few(one)]
        self.warned_missed = [one for one in warned if _is_missed(one)]
        self.warned_changed = [one for verdict in _REAL for one in self._with(warned, verdict) if not _is_missed(one)]
        """Those of the KPIs whose rows were understood, though a serious finding is about them."""
        self.changed = [*self.worse, *self.other, *self.better]
        self.in_groups = self._called_groups()

    def _called_groups(self) -> list[KpiResult]:
        """The groups' results on the page that changed where the total did not, one for each question, worse ones first."""
        covered = {(_question(one), one.verdict) for one in (*self.changed, *self.warned_changed)}
        kpis = {(one.kpi.name, one.kpi.currency) for one in self.shown}
        found: dict[tuple[str, str], KpiResult] = {}
        for one in self.report.results:
            is_shown = (
                one.verdict in _REAL
                and (_question(one), one.verdict) not in covered
                and one.immature is None
                and not one.suppressed
                and not amounts.is_few(one)
            )
            if (
                one.group
                and is_shown
                and (one.kpi.name, one.kpi.currency) in kpis
                and not amounts.is_doubtful(one, self.report)
            ):
                found.setdefault((group_name(one, self.wording), _question(one)), one)
        return sorted(found.values(), key=lambda one: one.verdict is not Verdict.WORSE)

    @staticmethod
    def _with(results: Sequence[KpiResult], verdict: Verdict) -> list[KpiResult]:
        return [one for one in results if one.verdict is verdict and one.immature is None]

    def first(self) -> Iterator[Line]:
        """The findings, the worst first."""
        yield from self._warnings()
        if not any(one.estimate.value is not None for one in self.shown):
            if not self.report.results:
                yield self._line(
                    "!", Tone.WARNING, "head_nothing", period=self.wording.period(self.report.query.period)
                )
            return
        yield from self._worse()
        yield from self._missed()
        yield from self._better()
        yield from self._other()
        yield from self._with_a_warning()
        if self.report.query.baseline is None:
            yield from self._alone()
        elif not self.changed and not self._has_warned_change() and not self._not_shown():
            yield self._unchanged()
        yield from self._steady()
        yield from self._groups()

    def _steady(self) -> Iterator[Line]:
        """That the backlog has gone one way for months, where it stands on the page and no verdict says so."""
        is_covered = any(_question(one) == FLOW for one in (*self.changed, *self.warned_changed))
        found = next((one for one in self.report.findings if one.code == STEADY), None)
        if found is not None and not is_covered and any(found.concerns(one.kpi) for one in self.shown):
            note = self.wording.render(found.message)
            yield Line(f"{note[:1].upper()}{note[1:]}.", Tone.PLAIN, "")

    def _unchanged(self) -> Line:
        """That nothing changed, where that is so of all here; else that every verdict is open, or that nothing was compared."""
        assert self.report.query.baseline is not None
        baseline = self.wording.period(self.report.query.baseline)
        verdicts = Counter(one.verdict for one in self.shown if one.immature is None)
        of_totals = "_totals" if self.in_groups else ""
        if verdicts[Verdict.NO_CHANGE] and not (verdicts[Verdict.CANNOT_TELL] or verdicts[Verdict.NOT_TESTED]):
            return self._line("≈", Tone.PLAIN, f"head_noise{of_totals}")
        if verdicts[Verdict.NO_CHANGE] or verdicts[Verdict.CANNOT_TELL] or verdicts[Verdict.NOT_TESTED]:
            return self._line("?", Tone.PLAIN, f"head_cannot_tell{of_totals}", baseline=baseline)
        return self._line("?", Tone.PLAIN, "head_uncompared", baseline=baseline)

    def _groups(self) -> Iterator[Line]:
        """The groups in which something changed: `By group: Support: First reply time, median 15 h 56 min`."""
        if not self.in_groups:
            return
        verdicts = {one.verdict for one in self.in_groups}
        sign, tone = (
            ("✗", Tone.BAD)
            if Verdict.WORSE in verdicts
            else ("✓", Tone.GOOD)
            if Verdict.BETTER in verdicts
            else ("", Tone.PLAIN)
        )
        named = [
            self.wording.word(_way(one, "head_group"), group=group_name(one, self.wording), kpi=self._name(one),
                              value=amounts.in_a_sentence(one, self.wording))
            for one in self.in_groups[:MOST_GROUPS]
        ]  # fmt: skip
        more = len(self.in_groups) - len(named)
        yield self._line(
            sign, tone, "head_groups_more" if more else "head_groups", groups="; ".join(named), count=str(more)
        )

    def last(self) -> Iterator[Line]:
        """What becomes of the others."""
        counts: Counter[str] = Counter()
        for one in self.shown:
            if one in self.doubtful or amounts.is_few(one):
                continue
            if one.immature is not None:
                counts["head_rest_not_final"] += 1
                continue
            counts.update(key for key, verdict in _REST if one.verdict is verdict)
            is_alone = one.verdict is None and one.estimate.value is not None
            counts["head_rest_not_compared"] += is_alone and self.report.query.baseline is not None
        parts = [
            self.wording.word(key, count=counts[key])
            for key in (*(key for key, _ in _REST), "head_rest_not_compared", "head_rest_not_final")
            if counts[key]
        ]
        key = "head_rest" if self.changed or self.warned_changed else "head_of_these"
        sentences = [self.wording.word(key, parts=", ".join(parts))] if parts else []
        if hidden := self._not_shown():
            sentences.append(self.wording.word("head_not_shown", kpis=tuple(hidden[:3])))
        if sentences:
            yield Line(" ".join(sentences), Tone.PLAIN, "?" if counts["head_rest_cannot_tell"] else "")
        if not self.changed and not self.warned_changed:
            yield from self._would_take()

    def _warnings(self) -> Iterator[Line]:
        hardly = next((one for one in self.report.findings if one.code == HARDLY), None)
        if hardly is not None:
            yield Line(self.wording.render(hardly.message), Tone.WARNING, "!")
        if self.doubtful:
            shares = [1 - one.trust.share for one in self.doubtful if one.trust is not None]
            key = "head_untrusted" if len(self.doubtful) == 1 else "head_untrusted_several"
            count, of = self.wording.number(len(self.doubtful)), self.wording.number(len(self.shown))
            values = {"kpi": self._name(self.doubtful[0]), "share": self.wording.percent(max(shares), 0)}
            yield self._line("!", Tone.WARNING, key, **values, count=count, of=of)

    def _worse(self) -> Iterator[Line]:
        for one in self.worse:
            if one in self.alone:
                yield self._moved(one, "✗", Tone.BAD)
        if rest := [one for one in self.worse if one not in self.alone]:
            yield self._line("✗", Tone.BAD, "head_worse", kpis=self._named(rest))

    def _better(self) -> Iterator[Line]:
        if len(self.better) == 1:
            yield self._moved(self.better[0], "✓", Tone.GOOD)
        elif self.better:
            yield self._line("✓", Tone.GOOD, "head_better", kpis=self._named(self.better))

    def _moved(self, one: KpiResult, sign: str, tone: Tone) -> Line:
        """A change found real: `CSAT fell by 6 points to 71%. The fall is real, and the target of 80% is missed.`."""
        assert one.change is not None
        stands = "" if one.target is None else {Status.MISSED: "_missed", Status.MET: "_met"}.get(one.target.status, "")
        target = self._target(one) if one.target is not None else ""
        key = _way(one, "head") + stands
        values = {"kpi": self._name(one), "change": amounts.moved(one, self.wording), "value": amounts.in_a_sentence(one, self.wording)}  # fmt: skip
        return self._line(sign, tone, key, **values, target=target)

    def _missed(self) -> Iterator[Line]:
        """The targets that are missed by what has no sentence of its own, in one however many there are."""
        if len(self.missed) > 1:
            yield self._line("✗", Tone.BAD, "head_missed_several", kpis=self._named(self.missed))
        elif self.missed:
            [one] = self.missed
            value = amounts.in_a_sentence(one, self.wording)
            yield self._line("✗", Tone.BAD, "head_missed", kpi=self._name(one), value=value, target=self._target(one))

    def _other(self) -> Iterator[Line]:
        """What changed and is neither good nor bad news."""
        if len(self.other) > 1:
            yield self._line("", Tone.PLAIN, "head_other", kpis=self._named(self.other))
        elif self.other:
            [one] = self.other
            yield self._moved(one, "↑" if one.verdict is Verdict.HIGHER else "↓", Tone.PLAIN)

    def _with_a_warning(self) -> Iterator[Line]:
        """What changed or misses its target though a serious finding, which stands under the table, is about it."""
        if self.warned_missed:
            yield self._line("!", Tone.WARNING, "head_warned_missed", kpis=self._named(self.warned_missed))
        if self.warned_changed:
            yield self._line("!", Tone.WARNING, "head_warned_changed", kpis=self._named(self.warned_changed))

    def _has_warned_change(self) -> bool:
        return any(one.verdict in _REAL for one in (*self.warned_changed, *self.warned_missed))

    def _alone(self) -> Iterator[Line]:
        """The first value there is to show, rather one that no warning is about and that is final."""
        shown = [one for one in self.shown if one.estimate.value is not None and not amounts.is_few(one) and one not in self.doubtful]  # fmt: skip
        for one in sorted(shown, key=lambda one: (amounts.is_doubtful(one, self.report), one.immature is not None))[:1]:
            key = "head_is" if self.report.query.period.is_all or not self.is_compared else "head_alone"
            sign, tone = ("!", Tone.WARNING) if amounts.is_doubtful(one, self.report) else ("", Tone.PLAIN)
            yield self._line(sign, tone, key, kpi=self._name(one), value=amounts.in_a_sentence(one, self.wording))

    def _would_take(self) -> Iterator[Line]:
        """For the first open verdict: how many rows would do, or a longer baseline where there is the history for one."""
        open_ = [
            one
            for one in self.shown
            if one.verdict is Verdict.CANNOT_TELL and one.immature is None and one.change is not None
        ]
        open_ = [one for one in open_ if not amounts.is_doubtful(one, self.report)]
        for one in open_:
            if (change := one.change) is not None and change.needed:
                values = {"kpi": self._name(one), "now": self.wording.number(one.estimate.n), "needed": self.wording.number(rounded(change.needed))}  # fmt: skip
                key = "head_would_take_or_longer" if self._could_be_longer(one) else "head_would_take"
                yield self._line("", Tone.QUIET, key, **values, command=self.longer)
                return
        if any(one.change is not None and one.change.detectable and self._could_be_longer(one) for one in open_):
            yield self._line("", Tone.QUIET, "head_longer", command=self.longer)

    def _could_be_longer(self, one: KpiResult) -> bool:
        """Whether three periods before this one have rows, of which only the last is compared with."""
        query = self.report.query
        longer = query.period.before_all(3)
        if query.baseline != query.period.before() or longer is None:
            return False
        rows = dict(zip(query.trend, one.trend, strict=False))
        return all(period in rows and rows[period].n for period in longer.steps_like(query.period))

    def _not_shown(self) -> list[str]:
        """The KPIs that are not on the page and changed, one for each question that none on it answers."""
        covered = {_question(one) for one in (*self.changed, *self.warned_changed)}
        names = {(one.kpi.name, one.kpi.currency) for one in self.shown}
        found: dict[str, str] = {}
        for one in self.report.totals:
            is_real = one.verdict in _REAL and not one.suppressed and one.immature is None
            if is_real and (one.kpi.name, one.kpi.currency) not in names and _question(one) not in covered:
                found.setdefault(_question(one), self._name(one))
        return list(found.values())

    def _named(self, results: Sequence[KpiResult]) -> str:
        items = [
            self.wording.word("head_item", kpi=self._name(one), value=amounts.in_a_sentence(one, self.wording))
            for one in results
        ]
        return items[0] if len(items) == 1 else f"{listed(items[:-1])} {self.wording.word('and')} {items[-1]}"

    def _target(self, one: KpiResult) -> str:
        return amounts.goal(one, self.wording)[2:]

    def _name(self, one: KpiResult) -> str:
        return self.wording.short(one.kpi)

    def _line(self, sign: str, tone: Tone, key: str, **values: str) -> Line:
        return Line(self.wording.word(key, **values), tone, sign)


def _way(one: KpiResult, key: str) -> str:
    """The key of a sentence by which way something went."""
    has_risen = one.change is not None and (one.change.value or 0.0) > 0
    return f"{key}_rose" if has_risen else f"{key}_fell"


def _is_missed(one: KpiResult) -> bool:
    return one.target is not None and one.target.status is Status.MISSED and one.immature is None


def _question(one: KpiResult) -> str:
    """What the KPI answers, alone or with its twins."""
    return one.change.answer.question if one.change is not None and one.change.answer is not None else one.kpi.name
