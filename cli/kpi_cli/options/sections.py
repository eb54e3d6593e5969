"""What the sections of a project file are made of: values that are read as the options of their names are."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo

from kpi_cli.options import completion, question
from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.kpis import CATALOGUE, select
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import parse_period, several
from kpi_core.records import dataclass

COMPARISONS = ("previous", "year-ago", "none")


class Section(BaseModel):
    """A part of the file: no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a project file's values are checked against: the KPIs there are, those of the files that it names among them."""

    kpis: tuple[Kpi, ...] = CATALOGUE
    folder: Path = Path()
    mappings: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Any, folder: Path) -> "Known":
        """What there is for a file with these values, which lies in `folder`.

        Raises:
            DefinitionError: a file of KPIs that it names cannot be used.
        """
        defaults = data.get("defaults") if isinstance(data, dict) else None
        named = {
            key: listed(defaults.get(key)) if isinstance(defaults, dict) else None for key in ("kpis_files", "mapping")
        }
        files, mappings = (
            [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
            for names in named.values()
        )
        there = [folder / name for name in files if (folder / name).exists()]
        return cls(
            kpis=question.catalogue(there) if there else CATALOGUE, folder=folder,
            mappings=tuple(str(folder / name) for name in mappings if (folder / name).exists()),
        )  # fmt: skip

    def reasons(self) -> tuple[str, ...]:
        """What mappings call the rows that they leave out: the built-in ones, and those that the file names."""
        from kpi_core.ingest.formats.mapping import built_in, find_mappings

        mappings = (*built_in(), *find_mappings(self.mappings))
        return tuple(dict.fromkeys(rule.reason for mapping in mappings for rule in mapping.leave_out))


def known_kpis(info: ValidationInfo) -> tuple[Kpi, ...]:
    """The KPIs there are for the file that is read."""
    return info.context.kpis if isinstance(info.context, Known) else CATALOGUE


def _compared(value: str) -> str:
    if value not in COMPARISONS and several(value) is None:
        defined(lambda: parse_period(value, date(2000, 1, 31)))
    return value


def _kpi(value: str, info: ValidationInfo) -> str:
    defined(lambda: select([value], known_kpis(info)))
    return value


def _mapping(value: str) -> str:
    names = completion.mappings()
    if not is_file(value) and not value.endswith("/") and value not in names:
        raise ValueError(
            f"no mapping `{value}`{suggestion(value, names) or ', a file of your own ends in .yaml, a folder in /'}"
        )
    return value


def is_file(mapping: str) -> bool:
    """Whether a mapping or a calendar is a file of one's own and no built-in one."""
    return mapping.endswith((".yaml", ".yml"))


def defined(ask: Callable[[], object]) -> None:
    """Asks; a definition that means nothing becomes a fault of the file."""
    try:
        ask()
    except DefinitionError as error:
        raise ValueError(error.message) from None


def listed(value: Any) -> Any:
    """Several of what may stand alone."""
    return [value] if isinstance(value, str) else value


Comparison = Annotated[str, AfterValidator(_compared)]
"""`previous`, `year-ago`, `none`, several before, or a period."""
KpiName = Annotated[str, AfterValidator(_kpi)]
"""A KPI, or a pattern of some."""
MappingName = Annotated[str, AfterValidator(_mapping)]
"""A built-in format, or a file of one's own."""
