"""An export against its own timestamps, for people: the columns, the opening hours found, the promises, what does not fit."""

from collections.abc import Iterator

import polars as pl

from kpi_cli.documents.page import Page, text_column
from kpi_core.analysis.reconcile import Reconciliation
from kpi_core.analysis.reconcile.implied_targets import Promise
from kpi_core.analysis.reconcile.measured import Agreement
from kpi_core.analysis.reconcile.search import LEAST_SHARE, LEAST_TICKETS, Inference

SHOWN = 20
"""Misfits in the table; the other forms have all."""

NAMED_TIED = 3
STEPS = {3600: "hours", 360: "tenths of an hour", 60: "minutes", 36: "hundredths of an hour", 6: "tenths of a minute"}


def draw(page: Page, found: Reconciliation) -> None:
    """Puts it all on the page."""
    if found.agreements:
        _columns(page, found.agreements)
    if found.inference is not None:
        _hours(page, found.inference)
    if found.calendar is not None:
        for line in found.calendar.splitlines():
            page.say(line.lstrip(), indent=len(line) - len(line.lstrip()) + 2)
    if told := [one for one in found.promises if one.judged or one.unjudged]:
        _promises(page, told)
    _misfits(page, found)


def _columns(page: Page, agreements: tuple[Agreement, ...]) -> None:
    page.title("Durations against the clock")
    heads = [text_column("Column", folds=True), text_column("Rounded to", folds=True)]
    heads += [text_column(head, is_right=True) for head in ("n", "Equal", "Shorter", "Longer", "Zero", "Negative")]
    page.table(heads, [_agreement(one) for one in agreements])
    for one in agreements:
        if one.undated:
            zeros = "all of them zeros" if one.undated_zeros == one.undated else f"{one.undated_zeros} of them zeros"
            page.say(f"{one.header}: {one.undated} more lack {one.end}, {zeros}")


def _agreement(one: Agreement) -> list[str]:
    parts = (one.equal, one.shorter, one.longer, one.zero, one.negative)
    return [
        one.header,
        STEPS.get(one.step, "seconds"),
        str(one.compared),
        *(_share(part, one.compared) for part in parts),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}".replace("%", " %") if whole else ""


def _hours(page: Page, found: Inference) -> None:
    page.title("Opening hours that explain the business columns")
    if not found.is_found:
        page.say(
            f"No calendar explains them. {_so_far(found)} It takes {LEAST_TICKETS} tickets and {LEAST_SHARE:.0%} of the times.".replace(
                "%", " %"
            )
        )
        return
    page.say(
        f"{found.best.hours.words}: {found.best.explained} of {found.compared} times ({_share(found.best.explained, found.compared)})."
    )
    for line in sureness(found):
        page.say(line)


def _so_far(found: Inference) -> str:
    return f"The best, {found.best.hours.words}, explains {found.best.explained} of {found.compared} times, in {found.tickets} tickets."


def sureness(found: Inference) -> Iterator[str]:
    """How sure the hours are, a sentence each."""
    if found.tied:
        named = "; ".join(hours.words for hours in found.tied[:NAMED_TIED])
        more = len(found.tied) - NAMED_TIED
        yield f"As many are explained by {named}{f'; and {more} more' if more > 0 else ''}: what assumes least was taken."
    if found.second is not None:
        of = f"of {found.sampled} " if found.sampled == found.compared else f"of {found.sampled} looked at "
        yield (
            f"Next: {found.second.hours.words}, {found.second.explained} {of}times; "
            f"{found.deciding} {'time decides' if found.deciding == 1 else 'times decide'} between the two."
        )


def _promises(page: Page, told: list[Promise]) -> None:
    page.title("Promises judged again")
    heads = [text_column("Column", folds=True), text_column("Priority"), text_column("Judged by", folds=True)]
    heads += [text_column(head, is_right=True) for head in ("n", "Agree", "Not judged")]
    page.table(heads, [_promise(one) for one in told])


def _promise(one: Promise) -> list[str]:
    if one.by == "due_at":
        by = "the due time"
    elif one.target is None:
        by = "no target: too few, or all alike"
    else:
        by = f"target implied: at least {one.target / 3600:.1f} h"
    return [one.header, one.priority, by, str(one.judged), _share(one.agreeing, one.judged), str(one.unjudged)]


def _misfits(page: Page, found: Reconciliation) -> None:
    page.title("What does not fit")
    if found.misfits.is_empty():
        page.say("Nothing: every column is what its timestamps give.")
        return
    page.table(
        [text_column("Likely reason", folds=True), text_column("Cells", is_right=True)],
        [[reason, str(count)] for reason, count in found.reasons.items()],
    )
    heads = [text_column("Ticket", folds=True), text_column("Row", is_right=True), text_column("Column", folds=True)]
    heads += [text_column(head, is_right=True) for head in ("Written", "Recomputed", "Difference")]
    page.table([*heads, text_column("Likely reason", folds=True)], [_line(row) for row in _first(found.misfits)])
    if (more := found.misfits.height - SHOWN) > 0:
        page.say(f"{more} more: -o misfits.csv writes them all")


def _first(misfits: pl.DataFrame) -> Iterator[dict[str, object]]:
    return misfits.head(SHOWN).iter_rows(named=True)


def _line(row: dict[str, object]) -> list[str]:
    difference = row["difference"]
    off = "" if not isinstance(difference, int) else f"{'-' if difference < 0 else '+'}{_clock(abs(difference))}"
    return [str(row["key"] or ""), str(row["row"]), str(row["header"]), str(row["written"] or ""), str(row["recomputed"] or ""),
            off, str(row["reason"])]  # fmt: skip


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
