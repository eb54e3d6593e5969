"""Calendars by name, from `configs/calendars`, or from a file of one's own."""

from functools import cache
from pathlib import Path
from typing import Any

from kpi_core.calendars.calendar import Calendar
from kpi_core.calendars.calendar_file import CalendarFile
from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import ConfigError

_ENDINGS = (".yaml", ".yml")


def built_in() -> tuple[str, ...]:
    """The names of the calendars shipped with the tool."""
    return tuple(sorted(path.stem for path in (configs() / "calendars").glob("*.yaml")))


def find_calendar(name: str) -> Calendar:
    """A calendar by its name, or from a file when `name` is a path to YAML.

    Raises:
        ConfigError: there is no such calendar, or its file has faults, named with `file:line`.
    """
    return _found(Path(name)) if name.endswith(_ENDINGS) else _built_in(name)


@cache
def _built_in(name: str) -> Calendar:
    return _found(_file_of(name))


def _found(path: Path) -> Calendar:
    document, written = _read(path)
    calendar = _calendar(written)
    groups = {group: _of_group(calendar, document, group) for group in written.groups}
    return Calendar(name=calendar.name, label=calendar.label, zone=calendar.zone, written=written, groups=groups)


def _of_group(calendar: Calendar, document: yaml.Document, group: str) -> Calendar:
    """Another calendar, whose own groups are nobody's here, or this one with the group's week."""
    own = calendar.written.groups[group]
    if isinstance(own, str):
        return _calendar(_read(_file_of(own, document.where(("groups", group))))[1])
    label = f"{calendar.label}, {group}"
    return _calendar(calendar.written.model_copy(update={"label": label, "week": own, "groups": {}}))


def _calendar(written: CalendarFile) -> Calendar:
    return Calendar(name=written.name, label=written.label, zone=written.zone, written=written)


def _read(path: Path, above: tuple[Path, ...] = ()) -> tuple[yaml.Document, CalendarFile]:
    """A file with the keys of what it extends under its own; `above` are the files that lead here."""
    document = yaml.load(path, ConfigError)
    if not isinstance(document.data, dict):
        return document, yaml.validate(document, CalendarFile, ConfigError)
    merged = _relative_to(document.data, path.parent)
    if isinstance(extends := merged.get("extends"), str):
        base = _file_of(extends, document.where(("extends",)))
        if base.resolve() in (place.resolve() for place in (*above, path)):
            raise ConfigError(f"`{path.name}` extends itself", where=document.where(("extends",)))
        merged = {**_read(base, (*above, path))[0].data, **merged}
    document = yaml.Document(path=document.path, data=merged, marks=document.marks)
    return document, yaml.validate(document, CalendarFile, ConfigError)


def _relative_to(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The data with the files it names taken relative to its own folder, wherever the tool is started."""

    def placed(name: Any) -> Any:
        return str(folder / name) if isinstance(name, str) and name.endswith(_ENDINGS) else name

    found = {key: placed(value) if key == "extends" else value for key, value in data.items()}
    if isinstance(groups := data.get("groups"), dict):
        found["groups"] = {group: placed(own) for group, own in groups.items()}
    return found


def _file_of(name: str, where: str | None = None) -> Path:
    if name.endswith(_ENDINGS):
        return Path(name)
    names = built_in()
    if name not in names:
        hint = f"there are {', '.join(names)}; a file of your own ends in .yaml"
        raise ConfigError(f"no calendar `{name}`{yaml.suggestion(name, names)}", where=where, hint=hint)
    return configs() / "calendars" / f"{name}.yaml"
