"""A result as a row of cells: what the summary and the sheets by dimension have in common."""

from collections.abc import Sequence
from dataclasses import replace

from kpi_cli.documents.phrases import remarks, shown, suppressed, verdict
from kpi_cli.documents.readout import Readout
from kpi_cli.workbook.looks import BAD, COUNT, GOOD, MUTED, QUIET, QUIET_RIGHT, STRONG, TEXT, Look, change, value
from kpi_cli.workbook.sheets import Content, Head
from kpi_core.model.report import KpiResult, Status, Verdict

_TONES: dict[Verdict | Status, str] = {
    Verdict.BETTER: GOOD,
    Verdict.WORSE: BAD,
    Verdict.CANNOT_TELL: MUTED,
    Verdict.NOT_TESTED: MUTED,
    Verdict.NO_CHANGE: MUTED,
    Status.MET: GOOD,
    Status.MISSED: BAD,
    Status.CANNOT_TELL: MUTED,
}
_BOLD = replace(COUNT, is_bold=True)


Row = tuple[list[Content], list[Look]]
_ALWAYS = 4


def table(found: Sequence[KpiResult], readout: Readout) -> tuple[list[Head], list[Row]]:
    """Heads and rows of the results. After value, interval and n, columns that nobody fills are left out."""
    rows = [_row(result, readout) for result in found]
    kept = [
        index
        for index in range(len(_heads(readout)))
        if index < _ALWAYS or any(contents[index] is not None for contents, _ in rows)
    ]
    heads = [_heads(readout)[index] for index in kept]
    return heads, [([cells[index] for index in kept], [looks[index] for index in kept]) for cells, looks in rows]


def _heads(readout: Readout) -> list[Head]:
    word = readout.wording.word
    return [
        Head(text=word("value"), width=11, is_right=True),
        Head(text=word("low"), width=10, is_right=True),
        Head(text=word("high"), width=10, is_right=True),
        Head(text=word("n"), width=9, is_right=True),
        Head(text=word("baseline"), width=13.5, is_right=True),
        Head(text=readout.change_head(), width=13.5, is_right=True),
        Head(text=word("verdict"), width=23),
        Head(text=word("target"), width=10, is_right=True),
        Head(text=word("target_status"), width=15.5),
        Head(text=word("understood"), width=12, is_right=True),
        Head(text=word("notes"), width=40),
    ]


def _row(result: KpiResult, readout: Readout) -> Row:
    """The cells of one result and their looks. A suppressed one says so and has no numbers."""
    wording, unit, estimate = readout.wording, result.kpi.unit, result.estimate
    notes = "\n".join(remarks(result, wording, of_groups=True))
    goal = value(result.target.value, unit, estimate.value) if result.target else None
    if result.suppressed:
        words = suppressed(result, wording)
        contents: list[Content] = [words, None, None, None, None, None, None, goal, None, None, notes or None]
        return contents, [QUIET_RIGHT, *[COUNT] * 5, TEXT, COUNT, TEXT, COUNT, QUIET]
    base, moved, is_beyond = (
        result.baseline,
        result.change,
        estimate.value is None and estimate.parts.beyond is not None,
    )
    doubted = result.trust if result.trust is not None and result.trust.is_marked else None
    contents = [
        shown(result, wording) if is_beyond else value(estimate.value, unit),
        value(estimate.low, unit, estimate.value),
        value(estimate.high, unit, estimate.value),
        estimate.n,
        value(base.value, unit, estimate.value) if base else None,
        change(moved.value, unit, wording, estimate.value) if moved else None,
        verdict(result, wording) or None,
        goal,
        wording.word(result.target.status.value) if result.target else None,
        f"{wording.percent(doubted.share)} (!)" if doubted else None,
        notes or None,
    ]
    spread = replace(COUNT, color=MUTED)
    said = _toned(Verdict.CANNOT_TELL if result.immature else result.verdict)
    status = _toned(result.target.status if result.target else None)
    first = replace(_BOLD, color=BAD) if doubted else _BOLD
    return contents, [first, spread, spread, COUNT, spread, COUNT, said, COUNT, status, QUIET_RIGHT, QUIET]


def _toned(judgement: Verdict | Status | None) -> Look:
    if judgement is None:
        return TEXT
    tone = _TONES.get(judgement, TEXT.color)
    return replace(STRONG if tone in (GOOD, BAD) else TEXT, color=tone)
