"""What the shell offers on TAB. Nothing heavy is imported and nothing ever fails: a TAB must not hang or shout."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kpi_core import resources
from kpi_core.errors import KpiError

DIMENSIONS = ("agent", "group", "channel", "product", "priority", "type", "status", "organisation", "survey")
"""What results are split by."""


def kpis() -> dict[str, str]:
    """Each KPI's name and English label, in catalogue order; from the labels, for the catalogue imports polars."""
    from kpi_core import yaml

    try:
        names: dict[str, str] = yaml.load(resources.configs() / "labels" / "en.yaml").data["kpis"]
    except KpiError:
        return {}
    return names


def formats() -> tuple[str, ...]:
    """The names `--format` takes: one module of `outputs` each."""
    modules = (Path(__file__).parent / "outputs").glob("[!_]*.py")
    return tuple(sorted(module.stem for module in modules))


def mappings() -> tuple[str, ...]:
    """The names `--mapping` and `formats` take: the built-in export formats."""
    try:
        files = (resources.configs() / "mappings").glob("*.yaml")
    except KpiError:
        return ()
    return tuple(sorted(file.stem for file in files))


def offer(names: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """The completion of an option whose values are `names()`, as typer wants it."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return complete


def kpi(incomplete: str) -> list[tuple[str, str]]:
    """The KPIs beginning so, with their labels beside them."""
    return [(name, label) for name, label in kpis().items() if name.startswith(incomplete)]
