"""Results as a table of typed cells: what the summary and the sheets by dimension have in common."""

from collections.abc import Sequence

from kpi_cli.documents import amounts
from kpi_cli.documents.blocks import Amount, Cell, Column, Status, Tone, Toned
from kpi_cli.documents.phrases import shown, suppressed
from kpi_cli.documents.readout import Readout
from kpi_cli.documents.wording import Wording
from kpi_core.model.report import KpiResult

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
        number("value", word("value"), 13.5, Tone.STRONG),
        number("low", word("low"), 13.5, Tone.QUIET),
        number("high", word("high"), 13.5, Tone.QUIET),
        number("n", word("n"), 9),
        number("baseline", word("baseline"), 13.5, Tone.QUIET),
        number("change", readout.change_head(), 13.5),
        Column(key="verdict", head=word("verdict"), width=24),
        number("target", word("target"), 13.5),
        Column(key="target_status", head=word("target_status"), width=14),
        number("understood", word("understood"), 12, Tone.QUIET),
        Column(key="notes", head=word("notes"), width=14, tone=Tone.QUIET),
    ]


def _row(result: KpiResult, readout: Readout) -> list[Cell]:
    """The cells of one result. A suppressed one says so and has no numbers."""
    wording, unit, estimate = readout.wording, result.kpi.unit, result.estimate
    notes = ", ".join(map(str, readout.note_numbers(result))) or None
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
        Amount(estimate.ends[0], unit, like),
        Amount(estimate.ends[1], unit, like),
        estimate.n,
        Amount(base.value, unit, like) if base else None,
        Amount(moved.value, unit, like, is_change=True) if moved else None,
        amounts.verdict(result, readout.report, wording, with_least=True) or None,
        goal,
        _standing(result, wording),
        f"{wording.percent(doubted.share)} (!)" if doubted else None,
        notes,
    ]


def _standing(result: KpiResult, wording: Wording) -> Status | None:
    """Whether the target is met; of what is not final yet nothing."""
    if result.target is None:
        return None
    if result.immature is not None:
        return Status("…", "", Tone.QUIET)
    sign, tone = amounts.STANDING[result.target.status]
    return Status(sign, wording.word(result.target.status.value), tone)
