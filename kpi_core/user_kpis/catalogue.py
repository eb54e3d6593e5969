"""The catalogue with users' own KPIs in it: next to the built-in ones, or in the place of one that is named as replaced."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.model.columns import Kind
from kpi_core.model.kpi import Kpi
from kpi_core.user_kpis.reading import read_pack


def with_packs(paths: Sequence[Path]) -> tuple[Kpi, ...]:
    """The catalogue with the KPIs of these files: one that overrides stands where the built-in one stood, the rest last.

    Raises:
        DefinitionError: a file cannot be read, or two KPIs do not go together.
    """
    own: dict[str, Kpi] = {}
    for kpi in (kpi for path in paths for kpi in read_pack(path)):
        _check_name(kpi, own)
        own[kpi.name] = kpi
    found = tuple({**BY_NAME, **own}.values()) if own else CATALOGUE
    _check_variants(found, own)
    columns_read(found)
    return found


def columns_read(kpis: Iterable[Kpi]) -> dict[str, dict[str, Kind]]:
    """By table the headers of the files that KPIs read, and what they hold.

    Raises:
        DefinitionError: two KPIs read one header as different things.
    """
    read: dict[str, dict[str, Kind]] = {}
    first: dict[tuple[str, str], str] = {}
    for own in (kpi.own for kpi in kpis if kpi.own):
        for table, columns in own.columns.items():
            for header, kind in columns.items():
                known = read.setdefault(table, {}).setdefault(header, kind)
                place = first.setdefault((table, header), own.place)
                if known is not kind:
                    conflict = f"`{header}` is read as {kind.value} here and as {known.value} in {place}"
                    hint = f"declare it alike wherever it is used: `columns: {{{header}: {known.value}}}`"
                    raise DefinitionError(conflict, where=own.place, hint=hint)
    return read


def _check_name(kpi: Kpi, others: Mapping[str, Kpi]) -> None:
    if kpi.own is None:
        return
    where, name = kpi.own.place, kpi.name
    if (other := others.get(name)) is not None and other.own is not None:
        raise DefinitionError(f"`{name}` is there twice", where=where, hint=f"the first one is in {other.own.place}")
    if name in BY_NAME and not kpi.own.overrides:
        hint = "give it a name of its own, or say `override: true` to have it in the place of that one"
        raise DefinitionError(f"`{name}` is a KPI of the catalogue", where=where, hint=hint)
    if kpi.own.overrides and name not in BY_NAME:
        near = suggestion(name, BY_NAME)
        raise DefinitionError(f"`{name}` overrides nothing: no such KPI in the catalogue{near}", where=where)


def _check_variants(kpis: Sequence[Kpi], own: Mapping[str, Kpi]) -> None:
    by_name = {kpi.name: kpi for kpi in kpis}
    for kpi in own.values():
        where, seen = kpi.own.place if kpi.own else None, [kpi.name]
        while (above := by_name[seen[-1]].variant_of) is not None:
            if above not in by_name:
                near = suggestion(above, by_name)
                raise DefinitionError(f"`{kpi.name}` is a variant of `{above}`, which is no KPI{near}", where=where)
            if above in seen:
                raise DefinitionError(f"`{kpi.name}` is a variant of itself", where=where)
            seen.append(above)
