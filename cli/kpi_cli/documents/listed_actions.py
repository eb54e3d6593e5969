"""An action in words: what to do, and why."""

from kpi_cli.documents.wording import Wording
from kpi_core.analysis.goals.actions import Reason
from kpi_core.analysis.goals.ledger import Entry
from kpi_core.messages import nouns
from kpi_core.model.kpi import Unit


def what(one: Entry, wording: Wording) -> str:
    """`Billing: read the dissatisfied answers`: what to do, and where to begin."""
    suggestion = one.suggestion.get(wording.lang) or next(iter(one.suggestion.values()))
    where = one.driver or one.segment
    return suggestion if where is None else wording.word("todo_in", segment=where[1], action=_amid(suggestion))


def _amid(sentence: str) -> str:
    """A sentence that goes on from a colon; one that begins with letters such as CSAT keeps them."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def why(one: Entry, wording: Wording) -> str:
    """`Customer satisfaction (CSAT) 71.3%, target 80%: 8.7 pts to go, 54 answers`."""
    kpi, value = wording.label(one.kpi), wording.value(one.value, one.unit)
    if one.currency:
        kpi = f"{kpi}, {one.currency}"
    if one.segment is not None:
        kpi = f"{kpi}, {one.segment[1]}"
    if one.reason == Reason.WORSE and one.was is not None:
        return wording.word("todo_worse", kpi=kpi, value=value, was=wording.value(one.was, one.unit))
    if one.reason == Reason.SIGNAL or one.target is None:
        return wording.word("todo_signal", kpi=kpi, value=value, signal=_signal(one.signal, wording))
    target = wording.aim(one.target, one.unit)
    if one.gap is None:
        return wording.word("todo_because_bare", kpi=kpi, value=value, target=target)
    gap = wording.gap(one.gap, one.unit)
    if one.rows is None:
        return wording.word("todo_because", kpi=kpi, value=value, target=target, gap=gap)
    rows = wording.render(nouns.counted(one.table, one.rows))
    if one.unit is Unit.COUNT:
        return wording.word("todo_because", kpi=kpi, value=value, target=target, gap=rows)
    return wording.word("todo_because_rows", kpi=kpi, value=value, target=target, gap=gap, rows=rows)


def _signal(signal: str | None, wording: Wording) -> str:
    """What a chart says: `above its limits`, `a long run below its mean`."""
    rule, _, side = (signal or "").rpartition(" ")
    mean = wording.word("above_mean" if side == "above" else "below_mean")
    match rule:
        case "beyond":
            return wording.word("todo_above_limits" if side == "above" else "todo_below_limits")
        case "run" | "side":
            return wording.word("todo_run", side=mean)
        case "trend":
            return wording.word("todo_trend", side=mean)
        case "two of three":
            return wording.word("todo_two_of_three", side=mean)
    return wording.word("todo_some_signal")
