"""What the shell offers on TAB. Nothing heavy is imported and nothing ever fails: a TAB must not hang or shout."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kpi_core.config import resources
from kpi_core.errors import KpiError
from kpi_core.variants.names import FAMILIES, OWNERS, family_of

DIMENSIONS = ("agent", "group", "channel", "product", "priority", "type", "status", "organisation", "survey")
"""What results are split by."""


def kpis() -> dict[str, str]:
    """Each KPI's name and English label, in catalogue order; from the labels, for the catalogue imports polars."""
    from kpi_core.config import yaml

    try:
        names: dict[str, str] = yaml.load(resources.configs() / "labels" / "en.yaml").data["kpis"]
    except KpiError:
        return {}
    return names


def mappings() -> tuple[str, ...]:
    """The names `--mapping` and `formats` take: the built-in export formats."""
    try:
        files = (resources.configs() / "mappings").glob("*.yaml")
    except KpiError:
        return ()
    return tuple(sorted(file.stem for file in files))


def calendars() -> tuple[str, ...]:
    """The calendars that come with the tool."""
    try:
        files = (resources.configs() / "calendars").glob("*.yaml")
    except KpiError:
        return ()
    return tuple(sorted(file.stem for file in files))


def offer(names: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """The completion of an option whose values are `names()`, as typer wants it."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return complete


def kpi(incomplete: str, ctx: Any = None) -> list[tuple[str, str]]:
    """The KPIs beginning so, with their labels; those of files named before on the line among them."""
    files = ctx.params.get("kpis_file") if ctx is not None else ()
    names = {**kpis(), **dict(entry for file in files or _project_files() for entry in own_kpis(file))}
    return [(name, label) for name, label in names.items() if name.startswith(incomplete)]


def own_kpis(file: str | Path) -> Iterator[tuple[str, str]]:
    """The KPIs that a file defines, by name, with a label; none of a file that cannot be read."""
    from kpi_core.config import yaml

    try:
        entries = yaml.load(file).data["kpis"]
        for entry in entries:
            label = entry.get("label")
            yield entry["name"], next(iter(label.values())) if isinstance(label, dict) else str(label)
    except (KpiError, AttributeError, KeyError, StopIteration, TypeError):
        return


def _project_files() -> list[Path]:
    """The files of KPIs that the project file names."""
    from kpi_cli.options import project
    from kpi_core.config import yaml

    try:
        path = project.found()
        named = yaml.load(path).data["defaults"]["kpis_files"] if path else []
        return [path.parent / name for name in ([named] if isinstance(named, str) else named)] if path else []
    except (KpiError, KeyError, TypeError):
        return []


def jobs(incomplete: str) -> list[str]:
    """The jobs of the project file beginning so."""
    from kpi_cli.options import project
    from kpi_core.config import yaml

    try:
        path = project.found()
        names = [*yaml.load(path).data["jobs"]] if path else []
    except (KpiError, KeyError, TypeError):
        return []
    return [name for name in names if isinstance(name, str) and name.startswith(incomplete)]


def rivalled(incomplete: str) -> list[tuple[str, str]]:
    """The KPIs that have competing definitions beginning so: the families first, then the members they are known by."""
    members = [(name, label) for name, label in kpis().items() if family_of(name)]
    return [(name, label) for name, label in (*FAMILIES.items(), *members) if name.startswith(incomplete)]


def owner(incomplete: str) -> list[tuple[str, str]]:
    """Whose definitions there are; after a comma the next one."""
    given, comma, begun = incomplete.rpartition(",")
    taken = given.split(",")
    return [
        (f"{given}{comma}{name}", label)
        for name, label in OWNERS.items()
        if name.startswith(begun) and name not in taken
    ]
