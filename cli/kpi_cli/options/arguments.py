"""What is typed after an option, read: targets, promises, columns, durations, separators, zones.

Every reader takes the text and raises ValueError with the way to write it; typer names the option.
"""

import codecs
import difflib
import re
import zoneinfo
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum

from kpi_cli.options.amounts import duration
from kpi_core.model.events import Event
from kpi_core.model.periods import FIRST_YEAR, LAST_YEAR
from kpi_core.patterns import regex
from kpi_core.records import dataclass

PRIORITIES = ("low", "normal", "high", "urgent")
"""As in the canonical tables, which import polars."""

QUESTIONS = (
    "csat", "ces", "nps", "nki_satisfaction", "nki_expectation", "nki_ideal", "nki_fourth", "resolved", "first_contact", "treatment",
    "competence",
)  # fmt: skip
"""The questions that surveys ask, likewise."""

RATED = (*QUESTIONS, "rating")
"""What has a scale: those, and the ratings of reviews."""

PROMISED_BY = ("priority", "group", "type")
"""What a promise may hang on."""

LONGEST = 3650 * 86_400
"""The longest that is promised."""

PROMISES = "first_reply:urgent=2h, resolution:group=Billing=1d or resolution=3d"
_CONDITION = regex(r'(?:(\w+)\s*=\s*)?(?:"([^"]+)"|([^",=]+))\s*(?:,\s*|$)')
_CONDITIONS = regex(rf"(?:{_CONDITION.pattern})*")

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "space": " "}


class Gate(StrEnum):
    """What `--fail-on` watches."""

    QUALITY = "quality"
    TARGET = "target"
    TARGET_POINT = "target-point"


@dataclass(frozen=True, kw_only=True)
class Target:
    """`csat=85%`: what a KPI should reach. All is as typed, for its unit is the KPI's; what follows the value only a project file says."""

    kpi: str
    value: str
    deadline: str | None = None
    owner: str | None = None
    segment: str | None = None
    start: str | None = None
    since: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is a value and nothing else."""
        return (self.deadline, self.owner, self.segment, self.start, self.since) == (None,) * 5

    @property
    def typed(self) -> str:
        """As an option has it."""
        return f"{self.kpi}={self.value}"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """`first_reply:urgent=2h`: seconds within which something is promised to tickets with these words, else to all others."""

    of: str
    within: int
    among: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`created_at=Opened on`: the header a canonical column is read from."""

    column: str
    header: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """`group=Billing`: one group of a dimension; `value` None is the rows without one."""

    dimension: str
    value: str | None


def target(text: str | Target) -> Target:
    """Reads `KPI=VALUE`; what a project file says of a target is one already."""
    if isinstance(text, Target):
        return text
    kpi, value = _sides(text, "csat=85% or first_reply_time=2h")
    return Target(kpi=kpi, value=value)


def heading(text: str) -> Heading:
    """Reads `FIELD=HEADER`."""
    column, header = _sides(text, "created_at=Opened on")
    return Heading(column=column, header=header)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """`csat=1-5`: the ends of the scale a question was asked on."""

    question: str
    ends: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Direction:
    """`ces=lower`: which way is better in a question."""

    question: str
    better: str


@dataclass(frozen=True, kw_only=True)
class Bound:
    """`unpacked=8GB`: how much of something is read."""

    name: str
    value: int


def scale(text: str) -> Scale:
    """Reads `QUESTION=LOW-HIGH`."""
    question, value = _sides(text, "csat=1-5")
    ends = re.fullmatch(r"(\d{1,6})\s*[-–]\s*(\d{1,6})", value)
    if ends is None or int(ends[1]) >= int(ends[2]):
        raise ValueError(f"`{value}` is no scale, write for example 1-5 or 0-10")
    return Scale(question=_question(question), ends=(float(ends[1]), float(ends[2])))


def direction(text: str) -> Direction:
    """Reads `QUESTION=higher` or `QUESTION=lower`."""
    question, better = _sides(text, "ces=lower")
    if better not in ("higher", "lower"):
        raise ValueError(f"`{better}` is neither higher nor lower")
    return Direction(question=_question(question), better=better)


def _question(name: str) -> str:
    if name not in RATED:
        near = difflib.get_close_matches(name, RATED, n=1)
        way_out = f"did you mean `{near[0]}`?" if near else f"there are {_listed(RATED)}"
        raise ValueError(f"no question `{name}`, {way_out}")
    return name


def promise(text: str) -> Promise:
    """Reads `first_reply=8h`, `first_reply:urgent=2h`, `resolution:group=Billing,priority=high=3d`."""
    name, equals, value = (part.strip() for part in text.rpartition("="))
    if not (name and equals and value):
        raise ValueError(f"`{text}` is not of the form NAME=VALUE, write for example {PROMISES}")
    of, _, text_after = (part.strip() for part in name.partition(":"))
    if of not in ("first_reply", "resolution"):
        raise ValueError(f"no promise `{of}`, there are `first_reply` and `resolution`")
    within = duration(value)
    if not 0 < within <= LONGEST:
        raise ValueError(f"`{value}` is no time to keep a promise in, write up to {LONGEST // 86400}d")
    return Promise(of=of, among=_among(text_after), within=within)


def _among(text: str) -> tuple[tuple[str, str], ...]:
    """`urgent`, `group=Billing,type="Bug, major"`: which tickets are meant, each dimension once."""
    found: dict[str, str] = {}
    if not _CONDITIONS.fullmatch(text):
        raise ValueError(f"`{text}` says of no tickets, write for example {PROMISES}")
    for name, quoted, bare in _CONDITION.findall(text):
        dimension, word = name or "priority", (quoted or bare).strip()
        if name and name not in PROMISED_BY:
            raise ValueError(f"no promise by `{name}`, there are {_listed(PROMISED_BY)}")
        if dimension == "priority" and word not in PRIORITIES:
            raise ValueError(f"no priority `{word}`, there are {_listed(PRIORITIES)}")
        if dimension in found:
            raise ValueError(f"a ticket has one {dimension}, not both `{found[dimension]}` and `{word}`")
        found[dimension] = word
    return tuple(found.items())


def member(text: str) -> Member:
    """Reads `DIM=VALUE`; `agent=` is no agent."""
    dimension, equals, value = (part.strip() for part in text.partition("="))
    if not (dimension and equals):
        raise ValueError(f"`{text}` is not of the form DIM=VALUE, write for example group=Billing")
    return Member(dimension=dimension, value=value or None)


@dataclass(frozen=True)
class Pair:
    """Two groups of a dimension."""

    dimension: str
    members: tuple[str, str]


def pair(text: str) -> Pair:
    """Reads `DIM=A,B`."""
    dimension, listed = _sides(text, "group=Billing,Delivery")
    members = [member.strip() for member in listed.split(",") if member.strip()]
    if len(members) != 2:
        raise ValueError(f"`{text}` names {len(members)} groups, write for example {dimension}=Billing,Delivery")
    return Pair(dimension=dimension, members=(members[0], members[1]))


def day(text: str) -> date:
    """Reads a day, as 2026-09-01."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"`{text}` is no day, write for example 2026-09-01") from None


def event(text: str) -> Event:
    """Reads `DATE=WHAT`, as `2026-09-01=New invoice portal`."""
    day, name = _sides(text, "2026-09-01=New portal")
    try:
        return Event(day=date.fromisoformat(day), name=name)
    except ValueError:
        raise ValueError(f"`{day}` is no day, write for example 2026-09-01={name}") from None


def _sides(text: str, example: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise ValueError(f"`{text}` is not of the form NAME=VALUE, write for example {example}")
    return name, value


def gates(text: str) -> frozenset[Gate]:
    """Reads `quality,target`."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise ValueError(f"`{text}` names no gate, there are {_listed(tuple(Gate))}")
    if unknown := [name for name in names if name not in tuple(Gate)]:
        raise ValueError(f"no gate `{unknown[0]}`, there are {_listed(tuple(Gate))}")
    return frozenset(Gate(name) for name in names)


def text(text: str) -> str:
    """Words that say something."""
    if not text.strip():
        raise ValueError("is empty")
    return text


def cluster(given: str) -> str:
    """The address of a Spark cluster, as it is given."""
    if re.fullmatch(r"(?:spark|k8s)://\S+|yarn|local(?:\[[\d*,]+\])?", given) is None:
        raise ValueError(f"`{given}` is no address of a cluster: write spark://host:7077, yarn, k8s://… or local[4]")
    return given


def separator(text: str) -> str:
    """One character, or its name: comma, semicolon, tab, pipe, space; `blanks` for runs of blanks."""
    if text.lower() == "blanks":
        return "blanks"
    character = _SEPARATORS.get(text.lower(), text)
    if len(character) != 1:
        raise ValueError(f"`{text}` is not one character, write it or comma, semicolon, tab, pipe, space, blanks")
    return character


def encoding(text: str) -> str:
    """The name of a character encoding, as Python spells it."""
    try:
        return codecs.lookup(text).name
    except LookupError:
        raise ValueError(f"no encoding `{text}`, write for example utf-8, cp1252, latin-1 or utf-16") from None


def bound(text: str) -> Bound:
    """Reads `NAME=VALUE`, as `unpacked=8GB` or `columns=20000`."""
    from kpi_core.ingest.files.limits import limit

    name, value = limit(text)
    return Bound(name=name, value=value)


def date_format(text: str) -> str:
    """`dmy`, `mdy`, `excel`, `excel1904` or a pattern such as `%d.%m.%Y %H:%M`."""
    if text.lower() in ("dmy", "mdy", "excel", "excel1904"):
        return text.lower()
    if not re.search(r"%[dejmbByYFDx]", text):
        raise ValueError(f"`{text}` is no date format, write dmy, mdy, excel or a pattern such as %d.%m.%Y %H:%M")
    return text


def zone(text: str) -> str:
    """The name of a time zone."""
    try:
        return zoneinfo.ZoneInfo(text).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(text, zoneinfo.available_timezones(), n=1)
        way_out = f"did you mean `{near[0]}`?" if near else "write for example Europe/Stockholm or UTC"
        raise ValueError(f"no time zone `{text}`, {way_out}") from None


def instant(text: str) -> date:
    """A day or a point in time: `2026-10-31`, `2026-10-31T17:00`, `2026-10-31T17:00+02:00`; naive unless it says.

    A day comes back as a date: all of it is meant.
    """
    found = _moment(text.strip())
    if found is None:
        raise ValueError(f"`{text}` is no instant, write 2026-10-31 or 2026-10-31T17:00")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"`{text}` is out of range, years run from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _moment(text: str) -> date | None:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def one_of(what: str, names: Callable[[], tuple[str, ...]], *, repeats: bool = False) -> Callable[[str], str]:
    """The reader of a word that must be one of `names()`; `repeats`: whether the option takes another each time it is given."""

    def read(text: str) -> str:
        if text not in names():
            parts = [part.strip() for part in text.split(",")]
            several = repeats and len(parts) > 1 and set(parts) <= set(names())
            way = f"; name one {what} an option, and repeat it for more" if several else ""
            raise ValueError(f"no {what} `{text}`, there are {_listed(names())}{way}")
        return text

    return read


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
