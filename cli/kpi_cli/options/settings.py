"""What a project file may say, and what that means: thresholds for the core, defaults for the options.

Every value is read as the option of its name is, so that a file is refused like a command line, with the line number.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from kpi_cli.documents.brand import KINDS, Brand
from kpi_cli.options import amounts, arguments, completion, targets
from kpi_cli.options.delivery import LANGUAGES, LanguageName
from kpi_cli.options.job import Job
from kpi_cli.options.own_figures import OwnFigure
from kpi_cli.options.sections import (
    Comparison,
    Known,
    KpiName,
    MappingName,
    Section,
    is_file,
    known_kpis,
    listed,
)
from kpi_core.config.validation import suggestion
from kpi_core.errors import DefinitionError
from kpi_core.model.events import Event
from kpi_core.model.findings import BLANK
from kpi_core.model.goal import Goal
from kpi_core.model.kpi import Kpi
from kpi_core.quality.gate import CODES, REASONS, TOLERATED, Thresholds, is_reason

if TYPE_CHECKING:
    from kpi_core.analysis.agents.answer import Consent
    from kpi_core.kpis.benchmarks import Benchmark


def _share(value: Any) -> float:
    if not isinstance(value, str):
        raise ValueError("a share is written as 5% or 0.05")  # noqa: TRY004 (pydantic listens to this one)
    share = amounts.amount(value, "share").value
    if not 0 <= share <= 1:
        raise ValueError(f"`{value}` is no share, write 0% to 100%")
    return share


def _code(value: str) -> str:
    if value not in CODES:
        raise ValueError(f"no finding `{value}`{suggestion(value, CODES) or '; there are ' + ', '.join(CODES)}")
    return value


def _promises(value: Any) -> Any:
    """The targets as `--sla` names them, from what is written under `first_reply:` and `resolution:`.

    There stand `otherwise`, tickets as `--sla` names them (`urgent`, `group=Billing`), and the words of a dimension.
    """
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for what, value_of in value.items():
        for tickets, within in value_of.items() if isinstance(value_of, dict) else [("otherwise", value_of)]:
            if isinstance(within, dict):
                found |= {f'{what}:{tickets}="{word}"': time for word, time in within.items()}
            else:
                found[what if tickets == "otherwise" else f"{what}:{tickets}"] = within
    if strange := [name for name, time in found.items() if not isinstance(time, str)]:
        raise ValueError(f"`{strange[0]}` is promised in no time, write for example 4h")
    return found


def _filled(value: Any) -> Any:
    return {} if value is None else value


def _weights(value: Any) -> str:
    """The weights of the index as an option has them, whether they stand by name or in a row."""
    if isinstance(value, dict):
        if set(value) != set(amounts.WEIGHED):
            raise ValueError(f"one weight each of {', '.join(amounts.WEIGHED)}")
        value = [value[name] for name in amounts.WEIGHED]
    text = ",".join(str(part) for part in value) if isinstance(value, list) else str(value)
    amounts.weights(text)
    return text


def _aimed(one: arguments.Target, known: tuple[Kpi, ...]) -> Goal:
    """What is meant by a target; what it cannot mean is reported with its KPI and the way to write it."""
    try:
        return targets.aim(one, known)
    except DefinitionError as error:
        raise ValueError(error.message) from None
    except ValueError as error:
        raise ValueError(f"{error} (target of `{one.kpi}`)") from None


def _aims(value: Any) -> Any:
    """A target's value, its keys, or a list of several, as a list of keys."""
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise ValueError("there is no target, write for example 85%, or leave the KPI out")
    for one in listed:
        if not isinstance(one, dict):
            _written(one)
    return [{"target": one} if isinstance(one, str) else one for one in listed]


def _written(value: Any) -> Any:
    """A text; what is left empty is reported, for it would pass for nothing agreed."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("nothing is written there, leave the key out or say what it is")
    return value


def _segment(value: Any) -> Any:
    """`group=Billing`, or the same as a key with its word."""
    if isinstance(value, dict) and len(value) == 1:
        [(name, word)] = value.items()
        return f"{name}={word}"
    return _written(value)


def _in_all(value: Any) -> Any:
    """Words by language; where none is named they stand in all of them."""
    return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value


LARGEST_LOGO = 200_000
"""Bytes of a picture that pages carry."""

Written = Annotated[str, BeforeValidator(_written)]
Share = Annotated[float, BeforeValidator(_share)]
Zone = Annotated[str, AfterValidator(arguments.zone)]


class Quality(Section):
    """`quality:`, what the data-quality gate lets pass."""

    refused: Share = TOLERATED
    reasons: dict[str, Share] = Field(default={})
    unread: Share = TOLERATED
    unknown_words: Share | None = None
    match_rate: Share | None = None
    findings: Annotated[tuple[Annotated[str, AfterValidator(_code)], ...], BeforeValidator(listed)] | None = None

    @field_validator("reasons")
    @classmethod
    def _no_blanks(cls, reasons: dict[str, float]) -> dict[str, float]:
        if str(BLANK) in reasons:
            raise ValueError(f"`{BLANK}` never counts")
        return reasons

    @field_validator("reasons")
    @classmethod
    def _are_reasons(cls, reasons: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        if all(is_reason(name, ()) for name in reasons):
            return reasons
        of_mappings = info.context.reasons() if isinstance(info.context, Known) else ()
        for name in reasons:
            if not is_reason(name, of_mappings):
                known = (*REASONS, *of_mappings)
                ways = (
                    suggestion(name, known)
                    or f"; there are {', '.join(known)}, and `unreadable` or `no` before a header"
                )
                raise ValueError(f"no reason `{name}`{ways}")
        return reasons

    def thresholds(self) -> Thresholds:
        """The same for the core."""
        return Thresholds(
            refused=self.refused, reasons=self.reasons, unread=self.unread, unknown_words=self.unknown_words, match_rate=self.match_rate,
            findings=None if self.findings is None else frozenset(self.findings),
        )  # fmt: skip


class Aim(Section):
    """One target of `targets:`: a value, or what is agreed about it too."""

    target: Annotated[str, BeforeValidator(_written)]
    deadline: Annotated[str | None, BeforeValidator(_written)] = None
    owner: Annotated[str | None, BeforeValidator(_written)] = None
    segment: Annotated[str | None, BeforeValidator(_segment)] = None
    start: Annotated[str | None, BeforeValidator(_written)] = None
    since: Annotated[str | None, BeforeValidator(_written)] = None

    def typed(self, kpi: str) -> arguments.Target:
        """The same of a KPI, as it stands in the file."""
        return arguments.Target(
            kpi=kpi, value=self.target, deadline=self.deadline, owner=self.owner, segment=self.segment, start=self.start,
            since=self.since,
        )  # fmt: skip


class Defaults(Section):
    """`defaults:`, what options are where neither the command line nor the environment says."""

    zone: Zone | None = None
    tz: Zone | None = None
    lang: LanguageName | None = None
    mapping: Annotated[tuple[MappingName, ...], BeforeValidator(listed)] = ()
    source: Annotated[str, AfterValidator(arguments.text)] | None = None
    store: Annotated[str, AfterValidator(arguments.text)] | None = None
    by: Annotated[tuple[Annotated[str, AfterValidator(arguments.text)], ...], BeforeValidator(listed)] = ()
    kpis_files: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    kpis: Annotated[tuple[KpiName, ...], BeforeValidator(listed)] = ()
    compare: Comparison | None = None
    min_n: int | None = Field(default=None, ge=1)
    confidence: float | None = Field(default=None, ge=0.5, le=0.999)
    targets: dict[str, Annotated[tuple[Aim, ...], BeforeValidator(_aims)]] = Field(default={})
    sla: Annotated[dict[str, str], BeforeValidator(_promises)] = Field(default={})
    calendar: str | None = None
    nki_weights: Annotated[str, BeforeValidator(_weights)] | None = None
    bounds: dict[str, str | int] = Field(default={})

    @field_validator("bounds")
    @classmethod
    def _known_bounds(cls, bounds: dict[str, str | int]) -> dict[str, str | int]:
        for name, value in bounds.items():
            arguments.bound(f"{name}={value}")
        return bounds

    @field_validator("mapping", "kpis_files", "calendar")
    @classmethod
    def _there(cls, value: Any, info: ValidationInfo) -> Any:
        folder = info.context.folder if isinstance(info.context, Known) else Path()
        for name in (value,) if isinstance(value, str) else value or ():
            is_path = is_file(name) or name.endswith("/") or info.field_name == "kpis_files"
            if is_path and not (folder / name).exists():
                raise ValueError(f"there is no file `{name}`")
            if info.field_name == "calendar" and not is_file(name) and name not in (known := completion.calendars()):
                raise ValueError(f"no calendar `{name}`{suggestion(name, known) or '; there are ' + ', '.join(known)}")
        return value

    @field_validator("targets")
    @classmethod
    def _reachable(cls, aims: dict[str, tuple[Aim, ...]], info: ValidationInfo) -> dict[str, tuple[Aim, ...]]:
        typed = [one.typed(kpi) for kpi, each in aims.items() for one in each]
        seen: set[tuple[str, str | None, str]] = set()
        for one in typed:
            goal = _aimed(one, known_kpis(info))
            if (what := (one.kpi, goal.currency, (one.segment or "").casefold())) in seen:
                raise ValueError(f"`{one.kpi}` has two targets for the same rows, leave one of them out")
            seen.add(what)
        return aims

    @field_validator("sla")
    @classmethod
    def _promised(cls, sla: dict[str, str]) -> dict[str, str]:
        for promise in _pairs(sla):
            arguments.promise(promise)
        return sla

    def options(self, folder: Path) -> dict[str, Any]:
        """The same by the parameters of the commands, as typed; files that it names are looked for in `folder`."""
        given = self.model_dump(exclude_none=True, exclude_unset=True)
        renamed = {"kpis": "kpi", "targets": "target", "bounds": "bound"}
        found = {renamed.get(name, name): value for name, value in given.items()}
        if self.targets:
            aims = [one.typed(kpi) for kpi, each in self.targets.items() for one in each]
            found["target"] = [one.typed if one.is_plain else one for one in aims]
        if self.mapping:
            names = completion.mappings()
            found["mapping"] = [name if name in names else str(folder / name) for name in self.mapping]
        if self.calendar is not None and is_file(self.calendar):
            found["calendar"] = str(folder / self.calendar)
        if self.store is not None:
            found["store"] = str(folder / self.store)
        if files := found.pop("kpis_files", None):
            found["kpis_file"] = [str(folder / file) for file in files]
        return {name: _pairs(value) if isinstance(value, dict) else value for name, value in found.items()}


def _pairs(values: Mapping[str, str | int]) -> list[str]:
    return [f"{name}={value}" for name, value in values.items()]


class Individual(Section):
    """`privacy.agents:`, what allows results of single agents: what they are for, with whom that was discussed, who knows, until when."""

    purpose: Annotated[str, AfterValidator(arguments.text)]
    discussed_with: Annotated[str, AfterValidator(arguments.text)]
    informed: Annotated[str, AfterValidator(arguments.text)]
    review_by: date

    @field_validator("informed", mode="before")
    @classmethod
    def _may_be_a_day(cls, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class Privacy(Section):
    """`privacy:`, the rules on figures about people."""

    agents: Individual | None = None

    def consent(self) -> "Consent | None":
        """The same for the core."""
        from kpi_core.analysis.agents.answer import Consent

        return None if self.agents is None else Consent(**self.agents.model_dump())


class Branding(Section):
    """`branding:`, whose reports they are."""

    name: Annotated[str, AfterValidator(arguments.text)] = ""
    colour: str = ""
    logo: str = ""

    @field_validator("colour")
    @classmethod
    def _is_colour(cls, colour: str) -> str:
        if not re.fullmatch(r"#?[0-9A-Fa-f]{6}", colour):
            raise ValueError(f"`{colour}` is no colour, write six hexadecimal digits as #0a5fa8")
        return colour.removeprefix("#").upper()

    @field_validator("logo")
    @classmethod
    def _is_picture(cls, logo: str, info: ValidationInfo) -> str:
        path = (info.context.folder if isinstance(info.context, Known) else Path()) / logo
        if path.suffix.lower() not in KINDS:
            raise ValueError(f"`{logo}` is no picture: end it in {', '.join(KINDS)}")
        if not path.is_file():
            raise ValueError(f"there is no file `{logo}`")
        if path.stat().st_size > LARGEST_LOGO:
            raise ValueError(f"`{logo}` is larger than {LARGEST_LOGO // 1000} kB, and every page would carry it")
        return logo

    def brand(self, folder: Path) -> Brand:
        """The same for outputs; the picture is looked for in `folder`."""
        path = folder / self.logo
        logo, kind = (path.read_bytes(), KINDS[path.suffix.lower()]) if self.logo else (b"", "")
        return Brand(name=self.name, colour=self.colour, logo=logo, kind=kind)


class ProjectFile(Section):
    """The whole file. A section without anything in it is as good as none."""

    quality: Annotated[Quality, BeforeValidator(_filled)] = Quality()
    headlines: Annotated[tuple[KpiName, ...], BeforeValidator(listed)] = ()
    events: Annotated[dict[str, str], BeforeValidator(_filled)] = Field(default={})
    privacy: Annotated[Privacy, BeforeValidator(_filled)] = Privacy()
    actions: Annotated[
        dict[KpiName, Annotated[dict[LanguageName, Written], BeforeValidator(_in_all)]],
        BeforeValidator(_filled),
    ] = Field(default={})
    benchmarks: Annotated[
        dict[KpiName, Annotated[tuple[OwnFigure, ...], BeforeValidator(listed)]],
        BeforeValidator(_filled),
    ] = Field(default={})
    branding: Annotated[Branding, BeforeValidator(_filled)] = Branding()
    jobs: Annotated[dict[Annotated[str, AfterValidator(arguments.text)], Job], BeforeValidator(_filled)] = Field(
        default={}
    )
    defaults: Annotated[Defaults, BeforeValidator(_filled)] = Defaults()

    @field_validator("jobs")
    @classmethod
    def _apart(cls, jobs: dict[str, Job]) -> dict[str, Job]:
        places: dict[Path, str] = {}
        for name, job in jobs.items():
            for path in job.places(Path()):
                if places.setdefault(path, name) != name:
                    raise ValueError(f"jobs `{places[path]}` and `{name}` both write `{path}`, name two files")
        return jobs

    @field_validator("benchmarks")
    @classmethod
    def _of_their_kpis(
        cls, figures: dict[str, tuple[OwnFigure, ...]], info: ValidationInfo
    ) -> dict[str, tuple[OwnFigure, ...]]:
        for kpi, each in figures.items():
            for one in each:
                one.benchmark(kpi, known_kpis(info))
        return figures

    def figures(self, known: tuple[Kpi, ...]) -> "tuple[Benchmark, ...]":
        """Benchmarks, shown next to KPIs."""
        return tuple(one.benchmark(kpi, known) for kpi, each in self.benchmarks.items() for one in each)

    @field_validator("events")
    @classmethod
    def _on_days(cls, events: dict[str, str]) -> dict[str, str]:
        for event in _pairs(events):
            arguments.event(event)
        return events

    def happened(self) -> tuple[Event, ...]:
        """What happened on some days."""
        return tuple(map(arguments.event, _pairs(self.events)))

    def options(self, folder: Path) -> dict[str, Any]:
        """What options are where nothing else says, by the parameters of the commands, as typed."""
        events = {"event": [*_pairs(self.events)]} if self.events else {}
        return {**self.defaults.options(folder), **events}
