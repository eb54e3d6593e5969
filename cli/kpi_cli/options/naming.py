"""What the names that commands are given stand for, and the way out where they stand for nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpi_cli.boundary import UsageError
from kpi_cli.options import completion

if TYPE_CHECKING:
    from kpi_core.ingest.files.inputs import Input
    from kpi_core.ingest.files.limits import Limits
    from kpi_core.ingest.formats.mapping import Mapping
    from kpi_core.model.kpi import Kpi
    from kpi_core.variants.families import Family

WILDCARDS = "*?["


def is_pattern(name: str | None) -> bool:
    """Whether a name stands for several KPIs, or none is given, which stands for all."""
    return name is None or any(mark in name for mark in WILDCARDS)


def kpis_called(name: str | None, known: "tuple[Kpi, ...]") -> "tuple[Kpi, ...]":
    """The KPIs meant by a name or a pattern, all of them by None.

    Raises:
        UsageError: there is none of that name.
    """
    from kpi_core.errors import DefinitionError
    from kpi_core.kpis import select

    try:
        return select([] if name is None else [name], known)
    except DefinitionError as error:
        if name and Path(name).exists():
            hint = f"`kundpuls inspect {name}` says which KPIs it can feed; `kundpuls kpis csat {name}` asks about one"
            raise UsageError(f"`{name}` is a file, not a KPI", hint=hint) from None
        raise UsageError(error.message, hint=error.hint) from None


def kpi_called(name: str, known: "tuple[Kpi, ...]") -> str:
    """The name of one KPI.

    Raises:
        UsageError: it stands for several, or there is none of that name.
    """
    from kpi_core.config.validation import suggestion

    names = [one.name for one in known]
    if name in names:
        return name
    if Path(name).exists():
        raise UsageError(f"`{name}` is a file, not a KPI", hint=f"name the KPI first: `kundpuls rows csat {name}`")
    if is_pattern(name):
        raise UsageError(f"`{name}` is no one KPI", hint=f"`kundpuls kpis '{name}'` lists them")
    raise UsageError(f"no KPI `{name}`{suggestion(name, names)}", hint="`kundpuls kpis` lists them")


def several_called(names: str, known: "tuple[Kpi, ...]") -> tuple[str, ...]:
    """The KPIs meant by names or patterns that are divided by commas.

    Raises:
        UsageError: there is none of a name.
    """
    parts = [part.strip() for part in names.split(",") if part.strip()] or [names]
    return tuple(dict.fromkeys(kpi.name for part in parts for kpi in kpis_called(part, known)))


def family_called(
    name: str, whose: Sequence[str], of: str | None, period: str | None, known: "tuple[Kpi, ...]"
) -> "Family":
    """The competing definitions of a KPI: those of the owners named, else everyone's.

    Raises:
        UsageError: there are none of that name, or options do not go together.
    """
    from kpi_core.errors import DefinitionError
    from kpi_core.kpis import select
    from kpi_core.variants.families import family

    owners = [owner.strip() for text in whose for owner in text.split(",") if owner.strip()]
    try:
        chosen = select([of], known)[0] if of else None
        found = family(name, owners, chosen, [kpi for kpi in known if kpi.own])
    except DefinitionError as error:
        if Path(name).exists():
            hint = f"`kundpuls define first_reply {name}` for example"
            raise UsageError(f"`{name}` is a file, not a KPI", hint=hint) from None
        raise UsageError(error.message, hint=error.hint) from None
    if of and not found.has_windows:
        raise UsageError("--of belongs to last_7_days", hint=f"`kundpuls define last_7_days FILES --of {of}`")
    if period and found.has_windows:
        raise UsageError("the last 7 days bring their own period", hint="--as-of moves the day they end on")
    return found


def format_called(name: str) -> "Mapping":
    """The format called so, or in that file.

    Raises:
        UsageError: there is none of that name.
        MappingError: the file is no mapping.
    """
    from kpi_core.config.yaml import suggestion
    from kpi_core.ingest.formats.mapping import find_mapping

    known = completion.mappings()
    if name not in known and not name.endswith((".yaml", ".yml")):
        hint = f"there are {', '.join(known)}; a file of your own ends in .yaml"
        raise UsageError(f"no format `{name}`{suggestion(name, known)}", hint=hint)
    return find_mapping(name)


def only_export(file: str, limits: "Limits") -> "Input":
    """The one export that `file` means.

    Raises:
        UsageError: it means several.
    """
    from kpi_core.ingest.files.inputs import find_files

    found = find_files([file], limits)
    if len(found) > 1:
        raise UsageError(f"`{file}` holds {len(found)} exports", hint=f"name one, for example {found[0].name}")
    return found[0]
