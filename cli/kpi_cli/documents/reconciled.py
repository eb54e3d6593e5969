"""An export against its own timestamps, for people: the columns, the opening hours found, the promises, what does not fit."""

from collections.abc import Iterator

from kpi_cli.documents.blocks import Amount, Cell, Page, Sheet
from kpi_cli.documents.document import Document, Record, Rows, as_sheets
from kpi_cli.documents.page import PageBuilder, text_column
from kpi_cli.documents.records import reconciled as records
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.reconcile import Hours, Reconciliation
from kpi_core.analysis.reconcile.implied_targets import Promise
from kpi_core.analysis.reconcile.measured import Agreement
from kpi_core.analysis.reconcile.misfits import REASONS
from kpi_core.analysis.reconcile.search import LEAST_SHARE, LEAST_TICKETS, Inference
from kpi_core.model.kpi import Unit

SHOWN = 20
"""Misfits in the table; the other forms have all."""

NAMED_TIED = 3
STEPS = {3600: "hours", 360: "tenths_of_an_hour", 60: "minutes", 36: "hundredths_of_an_hour", 6: "tenths_of_a_minute"}
"""The words for what a column is rounded to, by its seconds."""


class ReconciledDocument(Document):
    """An export against its own timestamps."""

    def __init__(self, found: Reconciliation, wording: Wording) -> None:
        self.found, self.wording = found, wording

    def record(self) -> Record:
        """All there is."""
        return records.document(self.found)

    def rows(self) -> Rows:
        """What does not fit."""
        return Rows(tuple(self.found.misfits.columns), self.found.misfits.iter_rows())

    def page(self) -> Page:
        """The columns, the opening hours found, the promises, and the first of what does not fit."""
        return self._page(SHOWN)

    def sheets(self) -> tuple[Sheet, ...]:
        """The same with all that does not fit, each table on a sheet of its own."""
        return as_sheets(self._page(self.found.misfits.height), self.wording)

    def _page(self, most: int) -> Page:
        page, found, wording = PageBuilder(), self.found, self.wording
        if found.agreements:
            _columns(page, found.agreements, wording)
        if found.inference is not None:
            _hours(page, found.inference, wording)
        if (calendar := calendar_of(found, wording)) is not None:
            for line in calendar.splitlines():
                page.say(line.lstrip(), indent=len(line) - len(line.lstrip()) + 2)
        if judged := [one for one in found.promises if one.judged or one.unjudged]:
            _promises(page, judged, wording)
        _misfits(page, found, wording, most)
        return page.page()


def _columns(page: PageBuilder, agreements: tuple[Agreement, ...], wording: Wording) -> None:
    word = wording.word
    page.title(word("against_the_clock"))
    heads = [text_column(word("column"), folds=True), text_column(word("rounded_to"), folds=True)]
    heads += [text_column(word(key), is_right=True) for key in ("n", "equal", "shorter", "longer", "zero", "negative")]
    page.table(heads, [_agreement(one, wording) for one in agreements], sheet=word("against_the_clock"))
    for one in agreements:
        if one.undated:
            key = "undated_zeros" if one.undated_zeros == one.undated else "undated"
            page.say(word(key, header=one.header, count=one.undated, end=one.end, zeros=one.undated_zeros))


def _agreement(one: Agreement, wording: Wording) -> list[Cell]:
    parts = (one.equal, one.shorter, one.longer, one.zero, one.negative)
    return [
        one.header,
        wording.word(STEPS.get(one.step, "seconds")),
        one.compared,
        *(_share(part, one.compared) for part in parts),
    ]


def _share(part: int, whole: int) -> Cell:
    return Amount(part / whole, Unit.SHARE, decimals=0) if whole else ""


def _hours(page: PageBuilder, found: Inference, wording: Wording) -> None:
    page.title(wording.word("hours_title"))
    explained = {"hours": hours_text(found.best.hours, wording), "explained": found.best.explained, "compared": found.compared}  # fmt: skip
    if not found.is_found:
        least = wording.percent(LEAST_SHARE, 0)
        page.say(wording.word("hours_none", tickets=found.tickets, least=LEAST_TICKETS, share=least, **explained))
        return
    share = wording.percent(found.best.explained / found.compared, 0)
    page.say(wording.word("hours_found", share=share, **explained))
    for line in sureness(found, wording):
        page.say(line)


def sureness(found: Inference, wording: Wording) -> Iterator[str]:
    """How sure the hours are, a sentence each."""
    if found.tied:
        named = [hours_text(hours, wording) for hours in found.tied[:NAMED_TIED]]
        if (more := len(found.tied) - NAMED_TIED) > 0:
            named.append(wording.word("and_more", count=more))
        yield wording.word("hours_tied", hours="; ".join(named))
    if found.second is not None:
        of_all = found.sampled == found.compared
        yield wording.word(
            "hours_next" if of_all else "hours_next_looked_at", hours=hours_text(found.second.hours, wording),
            explained=found.second.explained, sampled=found.sampled, count=found.deciding,
        )  # fmt: skip


def hours_text(hours: Hours, wording: Wording) -> str:
    """`Mon–Fri 08:00–17:00, by a clock 1 h ahead of the export's, holidays of SE`: opening hours as a person writes them."""
    spans = [f"{wording.word('days_' + hours.days.replace('-', '_'))} {_at(hours.start)}–{_at(hours.end)}"]
    if hours.zone:
        spans.append(wording.word("clock_of", zone=hours.zone))
    elif hours.shift:
        spans.append(wording.word("clock_ahead" if hours.shift > 0 else "clock_behind", hours=abs(hours.shift)))
    if hours.holidays:
        spans.append(wording.word("holidays_of", country=hours.holidays))
    return ", ".join(spans)


def _at(halves: int) -> str:
    return f"{halves // 2:02d}:{halves % 2 * 30:02d}"


def calendar_of(found: Reconciliation, wording: Wording) -> str | None:
    """The calendar file of the hours found, its label and what it rests on in the language; None where none were found."""
    if found.calendar is None or found.inference is None:
        return None
    hours, word = found.inference.best.hours, wording.word
    opening = f"{word('days_' + hours.days.replace('-', '_'))} {_at(hours.start)}-{_at(hours.end)}"
    lines = [
        f"# {word('calendar_rests_on', explained=found.inference.best.explained, compared=found.inference.compared)}"
    ]
    if found.zone is None:
        lines.append(f"# {word('calendar_desk_clock' if hours.shift or hours.zone else 'calendar_no_zone')}")
    for line in found.calendar.splitlines():
        if line.startswith("label: "):
            lines.append(f"label: {word('calendar_label', opening=opening)}")
        elif not line.startswith("#"):
            lines.append(line)
    return "\n".join(lines) + "\n"


def _promises(page: PageBuilder, promises: list[Promise], wording: Wording) -> None:
    word = wording.word
    page.title(word("promises_title"))
    heads = [text_column(word("column"), folds=True), text_column(word("priority")), text_column(word("judged_by"), folds=True)]  # fmt: skip
    heads += [text_column(word(key), is_right=True) for key in ("n", "agree", "not_judged")]
    page.table(heads, [_promise(one, wording) for one in promises], sheet=word("promises_title"))


def _promise(one: Promise, wording: Wording) -> list[Cell]:
    if one.by == "due_at":
        by = wording.word("by_due_time")
    elif one.target is None:
        by = wording.word("by_no_target")
    else:
        by = wording.word("by_target", hours=wording.number(one.target / 3600, 1))
    return [one.header, one.priority, by, one.judged, _share(one.agreeing, one.judged), one.unjudged]


def _misfits(page: PageBuilder, found: Reconciliation, wording: Wording, most: int) -> None:
    word = wording.word
    page.title(word("misfits_title"))
    if found.misfits.is_empty():
        page.say(word("misfits_none"))
        return
    page.table(
        [text_column(word("likely_reason"), folds=True), text_column(word("cells"), is_right=True)],
        [[wording.render(REASONS[reason]), count] for reason, count in found.reasons.items()],
        sheet=word("likely_reason"),
    )
    heads = [text_column(word("ticket"), folds=True), text_column(word("row"), is_right=True), text_column(word("column"), folds=True)]  # fmt: skip
    heads += [text_column(word(key), is_right=True) for key in ("written", "recomputed", "difference")]
    heads.append(text_column(word("likely_reason"), folds=True))
    rows = [_line(row, wording) for row in found.misfits.head(most).iter_rows(named=True)]
    page.table(heads, rows, sheet=word("misfits_title"))
    if (more := found.misfits.height - most) > 0:
        page.say(word("more_misfits", count=more))


def _line(row: dict[str, object], wording: Wording) -> list[Cell]:
    difference = row["difference"]
    off = "" if not isinstance(difference, int) else f"{'-' if difference < 0 else '+'}{_clock(abs(difference))}"
    recomputed = str(row["recomputed"] or "")
    recomputed = wording.word(recomputed) if recomputed in ("met", "missed") else recomputed
    return [str(row["key"] or ""), _number(row["row"]), str(row["header"]), str(row["written"] or ""), recomputed, off,
            wording.render(REASONS[str(row["reason"])])]  # fmt: skip


def _number(row: object) -> Cell:
    return row if isinstance(row, int) else str(row)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
