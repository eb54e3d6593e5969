"""`configs/actions.yaml`: every action is of a KPI or a chapter, in three languages, and short enough for a calendar."""

import pytest

from kpi_core.analysis.goals.actions import suggested
from kpi_core.config import resources, yaml
from kpi_core.kpis import CATALOGUE
from kpi_core.messages.labels import LANGUAGES
from kpi_core.model.kpi import Better

TABLE = yaml.load(resources.configs() / "actions.yaml").data["actions"]
NAMES = {kpi.name for kpi in CATALOGUE} | {kpi.subject for kpi in CATALOGUE} | {"otherwise"}


@pytest.mark.parametrize("name", TABLE)
def test_an_action_is_of_something_there_is_and_reported_in_every_language(name):
    assert name in NAMES
    assert tuple(TABLE[name]) == LANGUAGES
    assert all(0 < len(messages) <= 70 and not messages.endswith(".") for messages in TABLE[name].values())


@pytest.mark.parametrize(
    "kpi", [one for one in CATALOGUE if one.better is not Better.NEITHER], ids=lambda kpi: kpi.name
)
def test_every_kpi_with_a_good_side_has_something_to_do(kpi):
    assert suggested(kpi, {}) != TABLE["otherwise"]
    assert suggested(kpi, {kpi.variant_of or kpi.name: {"en": "Mine"}}) == {"en": "Mine"}
