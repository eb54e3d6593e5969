"""How many rows there are of a list that was chosen by its outcome: as many as came to it, so that neither their number nor what rests on it is judged."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from kpi_core.engine.plan import fed_by
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.measures import Count
from kpi_core.quality.chosen_by_outcome import CODE


class Rows(Enum):
    """What of a table depends on how many of its rows were chosen: all, or its numbers alone."""

    ALL = "all"
    NUMBERS = "numbers"


ANSWERS = {"answers": Rows.NUMBERS}
CONTACTS, LEADS, BUYERS, REVIEWS = ({table: Rows.ALL} for table in ("tickets", "leads", "customers", "reviews"))
WITH_ANSWERS = {"tickets": Rows.ALL, "answers": Rows.ALL}
CHOSEN: Mapping[str, Mapping[str, Rows]] = {
    "selected-reopened": WITH_ANSWERS, "selected-many-replies": WITH_ANSWERS, "selected-late-replies": WITH_ANSWERS, "selected-late": WITH_ANSWERS,
    "selected-missed": WITH_ANSWERS, "selected-rated": {"tickets": Rows.ALL, **ANSWERS},
    "selected-answered": CONTACTS, "selected-answered-perhaps": CONTACTS, "selected-won": LEADS, "selected-open-perhaps": LEADS,
    "selected-repaid": {"orders": Rows.ALL}, "selected-lost": BUYERS, "selected-kept": BUYERS, "selected-kept-perhaps": BUYERS,
    "selected-poor-reviews": REVIEWS, "selected-poor-reviews-perhaps": REVIEWS, "selected-best-reviews": REVIEWS,
    "selected-best-reviews-perhaps": REVIEWS, "selected-good-reviews": REVIEWS,
    "selected-poor-answers": {"answers": Rows.ALL}, "selected-poor-answers-perhaps": ANSWERS, "selected-best-answers": ANSWERS,
    **dict.fromkeys(("marks-taken-out", "one-mark-taken-out", "many-marks-taken-out"), ANSWERS), **dict.fromkeys(("stars-taken-out", "more-stars-taken-out"), REVIEWS),
}  # fmt: skip
"""By what is said of a list the tables whose rows were, or may have been, chosen by it. One agent reply in each ticket, or two orders of each customer, may
be the desk's way, and their times may end at a limit of its own: how many rows there are stands then."""
IN_DOUBT = frozenset(
    {
        "selected-best-answers",
        "selected-good-reviews",
        *(key for key in CHOSEN if key.endswith("-taken-out")),
        *(key for key in CHOSEN if key.endswith("-perhaps")),
    }
)


UNJUDGED = frozenset(
    {*CHOSEN, "selected-compared", "selected-rows-perhaps", "created-without-older", "snapshots-lack", "days-between", "days-in-no-export-missing"}
)  # fmt: skip
"""What is said of lists whose figures no target and no limit judges either: rows were chosen by what became of them, or more than a few are missing."""


def rows_of_chosen(found: Sequence[Finding], kpis: Sequence[Kpi]) -> Iterator[Finding]:
    """That what rests on the number of rows of lists chosen by their outcome is neither compared nor judged."""
    touched: dict[bool, dict[str, None]] = {False: {}, True: {}}
    for one in found:
        for table, rows in CHOSEN.get(one.message.key, {}).items():
            names = (kpi.name for kpi in kpis if _is_touched(kpi, table, rows))
            touched[one.message.key in IN_DOUBT] |= dict.fromkeys(names)
    surely, perhaps = touched[False], {name: None for name in touched[True] if name not in touched[False]}
    for ones, said in ((surely, Message("selected-compared")), (perhaps, Message("selected-rows-perhaps"))):
        if ones:
            yield Finding(code=CODE, message=said, kpis=tuple(ones), consequence=Consequence.NO_VERDICT)


def _is_touched(kpi: Kpi, table: str, rows: Rows) -> bool:
    """Whether a KPI rests on the rows of a table, or on how many they are."""
    if table not in fed_by(kpi):
        return False
    is_number = isinstance(kpi.measure, Count) or kpi.name.startswith("response_rate")
    return rows is Rows.ALL or is_number
