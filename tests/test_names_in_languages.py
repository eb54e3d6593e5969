"""What stands in tables in English has its words in Swedish and Norwegian: formats, calendars, reasons of rows."""

import ast
from pathlib import Path

import pytest

from kpi_cli.documents.row_reasons import misfit_reason
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.reconcile import misfits
from kpi_core.analysis.rows import reasons, roles_over_time
from kpi_core.calendars.find import find_calendar
from kpi_core.config import resources
from kpi_core.ingest.formats.mapping import built_in
from kpi_core.messages.labels import labels
from tests.english import english

OTHERS = ("sv", "nb")
ROWS = Path(reasons.__file__).parent


def literal_reasons():
    """The texts that stand in a column `reason` of rows: constants, and what polars is given as a literal."""
    yield from reasons.WORDS.values()
    for untimed, apart in reasons.APART.values():
        yield from (untimed, *(words for *_, words in apart))
    yield from (reasons.UNTOLD, reasons.NO_VALUE, roles_over_time.NO_REACH)
    yield from (*roles_over_time.BEFORE.values(), *roles_over_time.LATER.values())
    yield from (getattr(misfits, name) for name in ("UNANSWERED", "UNRESOLVED", "BEFORE", "CHANGE", "ROUNDING", "OUTSIDE", "HOLIDAY", "OPENED", "PENDING", "LONGER", "MISSED", "MET"))  # fmt: skip
    for path in sorted(ROWS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_literal = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "lit"
            if is_literal and node.args and isinstance(node.args[0], ast.Constant) and " " in str(node.args[0].value):
                yield str(node.args[0].value)


@pytest.mark.parametrize("lang", OTHERS)
def test_every_reason_of_a_row_is_said(lang):
    wording = Wording(lang)
    said = {reason: misfit_reason(reason, wording) for reason in literal_reasons() if not reason.endswith(": ")}
    assert len(said) > 80
    assert [reason for reason, words in said.items() if words == reason or english(words)] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_a_reason_that_names_something_is_said(lang):
    assert Wording(lang).word("row_refused", name="") in misfit_reason(
        "refused: unreadable Skapad, blank row", Wording(lang)
    )
    assert "Skapad" in misfit_reason("refused: unreadable Skapad", Wording(lang))
    assert english(misfit_reason("another customer_id", Wording(lang))) == []
    assert misfit_reason("never heard of it", Wording(lang)) == "never heard of it"


@pytest.mark.parametrize("lang", OTHERS)
def test_every_format_has_its_name(lang):
    known = {mapping.name: mapping.label for mapping in built_in()}
    named = labels(lang)["formats"]
    assert known.keys() == named.keys()
    products = ("Google Business", "Google Analytics", "App Store", "Explore")
    for name, said in named.items():
        plain = said
        for product in products:
            plain = plain.replace(product, "")
        assert english(plain) == [], name


@pytest.mark.parametrize("lang", OTHERS)
def test_every_calendar_has_its_name(lang):
    ours = sorted(path.stem for path in (resources.configs() / "calendars").glob("*.yaml"))
    assert {find_calendar(name).label for name in ours} == labels(lang)["calendars"].keys()
