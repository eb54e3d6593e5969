"""What every test can rely on: no colours, no settings of the machine, a fixed width."""

import pytest
from desk import written
from examples import settings

from kpi_core.calendars import Calendar

settings.load_profile("repeat")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that workers end at the same time."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Calendar:
    """A desk with opening hours: see `desk.open_seconds`."""
    return written(tmp_path_factory.mktemp("desk"))


@pytest.fixture(autouse=True)
def _plain_machine(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "PY_COLORS",
        "GITHUB_ACTIONS",
        "KUNDPULS_TZ",
        "KUNDPULS_LANG",
        "KUNDPULS_CONFIG",
    ):
        monkeypatch.delenv(name, raising=False)
    # Where a user's own project file would be found.
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / "nobody"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERMINAL_WIDTH", "100")
