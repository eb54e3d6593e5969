"""Results as a table of typed cells: what the summary and the sheets by dimension have in common."""

from collections.abc import Sequence

from kpi_cli.documents.blocks import Amount, Cell, Column, Status, Tone, Toned
from kpi_cli.documents.phrases import remarks, shown, suppressed, verdict
from kpi_cli.documents.readout import Readout
from kpi_core.model.report import KpiResult, Verdict
from kpi_core.model.report import Status as Standing

_TONES: dict[Verdict | Standing, Tone] = {
    Verdict.BETTER: Tone.GOOD,
    Verdict.WORSE: Tone.BAD,
    Verdict.CANNOT_TELL: Tone.QUIET,
    Verdict.NOT_TESTED: Tone.QUIET,
    Verdict.NO_CHANGE: Tone.QUIET,
    Standing.MET: Tone.GOOD,
    Standing.MISSED: Tone.BAD,
    Standing.CANNOT_TELL: Tone.QUIET,
}
_ALWAYS = 4
"""Columns that stand however empty they are: value, interval and n."""


def columns(found: Sequence[KpiResult], readout: Readout) -> tuple[list[Column], list[list[Cell]]]:
    """Columns and rows of the results, without the columns that nobody fills."""
    rows = [_row(result, readout) for result in found]
    all_columns = _columns(readout)
    kept = [
        place for place in range(len(all_columns)) if place < _ALWAYS or any(row[place] is not None for row in rows)
    ]
    return [all_columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _columns(readout: Readout) -> list[Column]:
    word = readout.wording.word

    def number(key: str, head: str, width: float, tone: Tone = Tone.PLAIN) -> Column:
        return Column(key=key, head=head, width=width, is_right=True, tone=tone)

    return [
        number("value", word("value"), 11, Tone.STRONG),
        number("low", word("low"), 10, Tone.QUIET),
        number("high", word("high"), 10, Tone.QUIET),
        number("n", word("n"), 9),
        number("baseline", word("baseline"), 13.5, Tone.QUIET),
        number("change", readout.change_head(), 13.5),
        Column(key="verdict", head=word("verdict"), width=23, folds=True),
        number("target", word("target"), 10),
        Column(key="target_status", head=word("target_status"), width=15.5, folds=True),
        number("understood", word("understood"), 12, Tone.QUIET),
        Column(key="notes", head=word("notes"), width=40, tone=Tone.QUIET, folds=True),
    ]


def _row(result: KpiResult, readout: Readout) -> list[Cell]:
    """The cells of one result. A suppressed one says so and has no numbers."""
    wording, unit, estimate = readout.wording, result.kpi.unit, result.estimate
    notes = "\n".join(remarks(result, wording, of_groups=True)) or None
    like = estimate.value
    goal = Amount(result.target.value, unit, like) if result.target else None
    if result.suppressed:
        return [Toned(suppressed(result, wording), Tone.QUIET), *[None] * 6, goal, None, None, notes]
    base, moved = result.baseline, result.change
    doubted = result.trust if result.trust is not None and result.trust.is_marked else None
    is_beyond = estimate.value is None and estimate.parts.beyond is not None
    tone = Tone.BAD if doubted else Tone.STRONG
    return [
        Toned(shown(result, wording), tone) if is_beyond else Amount(estimate.value, unit, tone=tone),
        Amount(estimate.low, unit, like),
        Amount(estimate.high, unit, like),
        estimate.n,
        Amount(base.value, unit, like) if base else None,
        Amount(moved.value, unit, like, is_change=True) if moved else None,
        _status(verdict(result, wording), Verdict.CANNOT_TELL if result.immature else result.verdict),
        goal,
        _status(wording.word(result.target.status.value), result.target.status) if result.target else None,
        f"{wording.percent(doubted.share)} (!)" if doubted else None,
        notes,
    ]


def _status(words: str, judgement: Verdict | Standing | None) -> Status | None:
    """A verdict as a workbook has it: the arrow that it may have says the direction, its tone whether that is good."""
    tone = Tone.PLAIN if judgement is None else _TONES.get(judgement, Tone.PLAIN)
    return Status("", words, tone) if words else None
