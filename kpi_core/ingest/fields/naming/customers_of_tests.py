"""Customers whose name says that they are tests (`Test Testsson`, `test@test.se`), and groups called `Test`: a desk's own trials, which count and are reported."""

from collections.abc import Callable, Iterator

import polars as pl

from kpi_core.ingest.cells.few import all_are
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import counted
from kpi_core.model.findings import Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.model.report import MARKED

CODE = "test-customers"
TABLES = ("tickets", "orders", "leads", "customers")
_TEST = (
    r"(?i)^(?:test|testing|testare?|testperson|testkund|testkunde|testbruker|testanvändare|testuser|testcustomer|testasiakas|testi|dummy)(?:[\s._-]*\d+)?$|"
    r"^test[\s._-]+(?:test\w*|kund|kunde|kunden|customer|user|person|bruker|användare|account|konto|order|asiakas)(?:\s*\d+)?$|"
    r"^test\w*son,? test\w*$|^test(?:[._+-]?\w*)?@|^[\w.]*[._+-]test(?:\d*)@|^[^@]+\+test\d*@|^\S+@test\.\w{2,}$|^dummy@|^[\w.+-]*testkund\w*@"
)
"""A customer who is a test by name or address; not `Testa AB`, nor `Contest`."""


_HINTS = ("test", "dummy", "sandbox")
"""What each of these has in it."""
_TEST_GROUP = r"(?i)^(?:test(?:[ -]?(?:grupp|gruppe|group|kö|queue|team|ryhmä))?|sandbox)$"


def of_test_groups(
    seen: pl.Series, whole: Callable[[], pl.Series], header: str, table: str, file: str
) -> Iterator[Finding]:
    """The finding on a column of groups of which one is called `Test`; the arguments are those of `of_tests`."""
    if table != "tickets" or _names_no_test(seen) or not seen.str.contains(_TEST_GROUP).any():
        return
    cells = whole()
    tests = cells.filter(cells.str.contains(_TEST_GROUP))
    if len(tests) == len(cells):
        return
    share, example = len(tests) / len(cells), tests.value_counts(sort=True)[0, 0]
    rows = counted(table, len(tests))
    message = Message("group-is-test", file=file, header=header, rows=rows, share=share, example=example)
    yield Finding(code=CODE, message=message, kpis=OF[table], is_serious=share > MARKED)


def _names_no_test(seen: pl.Series) -> bool:
    """Whether none of few cells has a word for a test in it, which is found before a pattern is compiled."""
    return bool(all_are(seen, lambda cell: not any(word in cell.lower() for word in _HINTS)))


def of_tests(seen: pl.Series, whole: Callable[[], pl.Series], header: str, table: str, file: str) -> Iterator[Finding]:
    """The finding on a column of customers that names tests.

    Args:
        seen: the filled clean cells of the sample.
        whole: those of all rows, looked at only where the sample names a test.
        header: the column's.
        table: what the rows are.
        file: its name.
    """
    if table not in TABLES or _names_no_test(seen) or not seen.str.contains(_TEST).any():
        return
    cells = whole()
    tests = cells.filter(cells.str.contains(_TEST))
    share = len(tests) / max(len(cells), 1)
    serious = share > MARKED
    message = Message(
        "customers-are-tests", file=file, header=header, rows=counted(table, len(tests)), share=share,
        example=tests.value_counts(sort=True)[0, 0],
    )  # fmt: skip
    yield Finding(code=CODE, message=message, kpis=OF.get(table, ()), is_serious=serious)
