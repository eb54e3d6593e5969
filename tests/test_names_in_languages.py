"""What stands in tables in English has its words in Swedish and Norwegian: formats, calendars, reasons of rows."""

from pathlib import Path

import pytest

from kpi_core.analysis.rows import reasons
from kpi_core.calendars.find import find_calendar
from kpi_core.config import resources
from kpi_core.ingest.formats.mapping import built_in
from kpi_core.messages.labels import labels
from tests.english import english

OTHERS = ("sv", "nb")
ROWS = Path(reasons.__file__).parent


@pytest.mark.parametrize("lang", OTHERS)
def test_every_format_has_its_name(lang):
    known = {mapping.name: mapping.label for mapping in built_in()}
    named = labels(lang)["formats"]
    assert known.keys() == named.keys()
    products = ("Google Business", "Google Analytics", "App Store", "Explore")
    for name, messages in named.items():
        plain = messages
        for product in products:
            plain = plain.replace(product, "")
        assert english(plain) == [], name


@pytest.mark.parametrize("lang", OTHERS)
def test_every_calendar_has_its_name(lang):
    ours = sorted(path.stem for path in (resources.configs() / "calendars").glob("*.yaml"))
    assert {find_calendar(name).label for name in ours} == labels(lang)["calendars"].keys()
