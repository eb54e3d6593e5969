"""From what was typed to what the core is asked: choices about reading, and the request."""

import difflib
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kpi_cli import amounts, arguments, terminal
from kpi_cli.boundary import UsageError
from kpi_core.goal import Goal
from kpi_core.periods import Grain

if TYPE_CHECKING:
    from kpi_core.analysis.request import Request
    from kpi_core.calendars import Calendar
    from kpi_core.columns import Kind
    from kpi_core.ingest.export import Choices
    from kpi_core.kpi import Kpi
    from kpi_core.promise import Promise

Answer = TypeVar("Answer")
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
DATE_ORDERS = ("dmy", "mdy")
BASELINES = ("previous", "year-ago", "none")
"""What a period may be compared with, beside a period that is named."""
_WRITTEN_SO = {
    "share": "it is a share: write 85% or 0.85; the mean of marks is a KPI of its own, such as csat_mean=4.5/5",
    "points": "it is counted in points: write 30 or -5",
    "seconds": "it is a time: write 4h, 30 min or 2 days",
    "days": "it is a time: write 5 days",
    "score": "it is a mark: write 4.5/5",
    "money": "it is money: write 100 EUR",
    "count": "it is counted: write a number, such as 500",
    "ratio": "write a number, such as 1.5",
}
"""How a target is written, by the unit of its KPI."""


def catalogue(kpis_file: Sequence[Path], hashed: Sequence[str] = ()) -> "tuple[Kpi, ...]":
    """Every KPI there is, those of users' own files among them.

    Loading them leaves a core idle: on it the checksums of the files `hashed` are begun.

    Raises:
        DefinitionError: a file defines none, or one that means nothing.
    """
    from kpi_core.ingest.checksums import begin

    begin(hashed)
    from kpi_core.kpis import CATALOGUE

    if not kpis_file:
        return CATALOGUE
    from kpi_core.definitions import with_packs

    return with_packs(kpis_file)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files are read, as typed; `known` are the KPIs there are, of which users' own say what a header holds."""

    mapping: str | Sequence[str] = ()
    source: str | None = None
    column: Sequence[arguments.Heading] = ()
    scale: Sequence[arguments.Scale] = ()
    direction: Sequence[arguments.Direction] = ()
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    date_format: str | None = None
    null_value: Sequence[str] = ()
    skip_lines: int | None = None
    sheet: str | None = None
    zone: str | None = None
    bound: Sequence[arguments.Bound] = ()
    known: "tuple[Kpi, ...]" = ()

    def choices(self) -> "Choices":
        """The same for the core."""
        from kpi_core.ingest.export import Choices
        from kpi_core.ingest.files import ReadOptions
        from kpi_core.ingest.limits import Limits
        from kpi_core.ingest.sample_cells import ReadingChoices

        ordered = self.date_format in DATE_ORDERS
        return Choices(
            options=ReadOptions(encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet, skip_lines=self.skip_lines or 0,
                                limits=Limits(**{bound.name: bound.value for bound in self.bound})),
            cells=ReadingChoices(
                decimal=self.decimal,
                date_order=self.date_format if ordered else None,
                date_formats=(self.date_format,) if self.date_format and not ordered else (),
                null_values=tuple(self.null_value),
                zone=self.zone,
            ),
            mapping=self.mapping or None,
            source=self.source,
            columns=_once("--column", ((heading.column, heading.header) for heading in self.column)),
            scales=_once("--scale", ((scale.question, scale.ends) for scale in self.scale)),
            directions=_once("--direction", ((one.question, one.better) for one in self.direction)),
            own=self._own_columns(),
        )  # fmt: skip

    def _own_columns(self) -> "dict[str, dict[str, Kind]]":
        if not any(kpi.own for kpi in self.known):
            return {}
        from kpi_core.definitions import columns_read

        return columns_read(self.known)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which figures are asked for and how they are judged, as typed; `known` are the KPIs there are, if not the catalogue."""

    period: str | None = None
    grain: Grain | None = None
    by: Sequence[str] = ()
    kpi: Sequence[str] = ()
    where: str | None = None
    compare: str = "previous"
    as_of: date | None = None
    tz: str | None = None
    confidence: float = 0.95
    min_n: int | None = None
    target: Sequence[arguments.Target] = ()
    sla: Sequence[arguments.Promise] = ()
    calendar: str | None = None
    nki_weights: amounts.Weights | None = None
    answers: str = "all"
    is_long: bool = False
    title: str = field(default="")
    known: "tuple[Kpi, ...]" = ()

    def request(self) -> "Request":
        """The same for the core.

        Raises:
            UsageError: a KPI, period or target means nothing.
        """
        from kpi_core.analysis.request import Request
        from kpi_core.facts import Rules
        from kpi_core.kpis import CATALOGUE, select

        _check_period(self.period)
        _check_baseline(self.compare)
        known = self.known or CATALOGUE
        kpis = _usage(lambda: select(self.kpi, known)) if self.kpi else tuple(kpi for kpi in known if kpi.is_default)
        rules = Rules(
            first_reply_targets=self._promised("first_reply"), resolution_targets=self._promised("resolution"),
            calendar=self._hours(), nki_weights=self.nki_weights.parts if self.nki_weights else None,
        )  # fmt: skip
        return Request(
            kpis=kpis, title=self.title, period=self.period, grain=self.grain, by=tuple(dict.fromkeys(self.by)), where=self.where,
            compare=self.compare, as_of=self.as_of, time_zone=self.tz, confidence=self.confidence, min_n=self.min_n,
            targets=self._goals(known), rules=rules, answers=self.answers, is_long=self.is_long,
        )  # fmt: skip

    def _goals(self, known: "tuple[Kpi, ...]") -> "dict[str, tuple[Goal, ...]]":
        """The targets by KPI, one in each currency."""
        goals = [(target.kpi, _target(target, known)) for target in self.target]
        once = _once("--target", (((kpi, goal.currency), goal) for kpi, goal in goals))
        found: dict[str, tuple[Goal, ...]] = {}
        for (kpi, _), goal in once.items():
            found[kpi] = (*found.get(kpi, ()), goal)
        return found

    def _hours(self) -> "Calendar | None":
        if self.calendar is None:
            return None
        from kpi_core.calendars import find_calendar

        return find_calendar(self.calendar)

    def _promised(self, what: str) -> "tuple[Promise, ...]":
        """The promises about one thing, one to the same tickets."""
        from kpi_core.promise import Promise

        same = (
            ((what, *(f"{name}={word}" for name, word in sorted(one.among))), one.within)
            for one in self.sla
            if one.of == what
        )
        _once("--sla", same)
        distinct = {frozenset(one.among): one for one in self.sla if one.of == what}
        return tuple(Promise(within=one.within, among=dict(one.among)) for one in distinct.values())


def _once(option: str, pairs: "Iterable[tuple[Key, Value]]") -> "dict[Key, Value]":
    """What an option that repeats says of each thing.

    Raises:
        UsageError: it says two things of one.
    """
    found: dict[Key, Value] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            name = " ".join(part for part in key if part) if isinstance(key, tuple) else key
            raise UsageError(f"`{option}` says two things of `{name}`", hint="leave one of them out")
        found[key] = value
    return found


def _target(goal: arguments.Target, known: "tuple[Kpi, ...]") -> Goal:
    try:
        return _usage(lambda: aim(goal.kpi, goal.value, known))
    except ValueError as error:
        unit = next((each.unit.value for each in known if each.name == goal.kpi), "")
        raise UsageError(f"target of `{goal.kpi}`: {error}", hint=_WRITTEN_SO.get(unit)) from None


def aim(kpi: str, value: str, known: "tuple[Kpi, ...]") -> Goal:
    """The value of a target inside the program (see `amounts.amount`).

    Raises:
        DefinitionError: there is no such KPI.
        ValueError: it is no value of the KPI's unit.
    """
    from kpi_core.errors import DefinitionError
    from kpi_core.faults import suggestion

    units = {one.name: one.unit.value for one in known}
    if kpi not in units:
        raise DefinitionError(f"no KPI `{kpi}`{suggestion(kpi, units)}", hint="`kundpuls kpis` lists them")
    return amounts.amount(value, units[kpi])


def _check_baseline(text: str) -> None:
    from kpi_core.errors import DefinitionError
    from kpi_core.periods import parse_period, several

    if text in BASELINES or several(text) is not None:
        return
    try:
        parse_period(text, date(2000, 1, 31))
    except DefinitionError as error:
        near = difflib.get_close_matches(text.lower(), BASELINES, n=1)
        listed = f"write {', '.join(BASELINES)}, previous:3 or a period such as 2026-09"
        hint = f"did you mean `{near[0]}`?\n{listed}" if near else listed
        raise UsageError(f"--compare: {error.message}, and no other baseline", hint=hint) from None


def _check_period(text: str | None) -> None:
    from kpi_core.periods import parse_period

    if text is not None:
        _usage(lambda: parse_period(text, date(2000, 1, 31)))


def _usage(ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives; a definition it cannot make sense of is a fault of the command line."""
    from kpi_core.errors import DefinitionError

    try:
        return ask()
    except DefinitionError as error:
        raise UsageError(error.message, hint=error.hint) from None


def format_for(name: str | None, output: Path | None) -> str:
    """The output asked for: by name, else by the file's extension, else the table.

    Raises:
        UsageError: the extension is no output's, or a workbook is to go to stdout.
    """
    from kpi_cli import outputs

    output = None if output is None or str(output) == "-" else output
    said = None if output is None else outputs.by_extension(output.suffix)
    if name is None and output is not None and said is None:
        message = (
            f"`{output.suffix}` is no format" if output.suffix else f"`{output}` has no ending that says its format"
        )
        raise UsageError(message, hint=f"end it in {', '.join(outputs.ENDINGS[:-1])} or {outputs.ENDINGS[-1]}\n"
                         f"pass --format with one of {', '.join(outputs.NAMES)}")  # fmt: skip
    if name is not None and said not in (None, name) and (said != "table" or name in outputs.BINARY):
        raise UsageError(
            f"`{output}` is a name for {said}, not for {name}", hint="leave out --format, or rename the file"
        )
    name = name or said or "table"
    if name in outputs.BINARY and output is None:
        raise UsageError(f"{name} cannot go to stdout", hint=f"name a file: -o report.{name}")
    return name


@contextmanager
def progress(*, is_quiet: bool) -> Iterator[Callable[[str], None]]:
    """Tells on stderr which file is being read, on a terminal only."""
    import sys

    if is_quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    console = terminal.console(sys.stderr)
    with console.status("reading") as status:
        yield lambda name: status.update(f"reading {terminal.clean(name)}")
