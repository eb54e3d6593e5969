"""A KPI: a named, versioned measure that says what it counts, when, and what better means."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from polars import Expr

from kpi_core.messages.message import Message
from kpi_core.model.measures import Measure
from kpi_core.model.tables import Kind
from kpi_core.records import dataclass

TRADE = "common in the trade; DECISIONS.md says what was chosen where it differs"
"""Where a definition comes from that is nobody's in particular."""


class Unit(StrEnum):
    """What a value is counted in, as the JSON names it."""

    SHARE = "share"
    POINTS = "points"
    SECONDS = "seconds"
    COUNT = "count"
    SCORE = "score"
    MONEY = "money"
    RATIO = "ratio"
    DAYS = "days"

    def outside(self, value: float | None) -> float | None:
        """The value as outputs show it: NPS in points −100..100, everything else as it is inside."""
        return value if value is None or self is not Unit.POINTS else value * 100


OPEN_TIME = "_business"
"""What the names of times in opening hours have in them."""


class Better(StrEnum):
    """Which way is good news."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True, eq=False)
class Own:
    """Where a KPI comes from that is not of the catalogue, and what it reads of the files.

    Attributes:
        pack: the name of its pack, which its definition's id begins with.
        place: `file:line` of its definition.
        labels: what it is called, by language.
        columns: by table, the headers of the files that it reads and what they hold.
        assumed: by table and header, the place that speaks of one that nobody declared.
        formula: numerator ÷ denominator, as `Kpi.formula` says it in English; None where it is a catalogue KPI cut to some rows.
        left_out: who is outside the population, as `Kpi.left_out` says it in English.
        overrides: whether it stands in the place of a KPI of the catalogue.
    """

    pack: str
    place: str
    labels: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Kind]]
    assumed: Mapping[tuple[str, str], str]
    formula: Message | None = None
    left_out: Message | None = None
    overrides: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Kpi:
    """One entry of the catalogue.

    Attributes:
        name: the field's own name in snake case; labels in each language live in `configs/labels`.
        subject: the chapter of the catalogue: volume, speed, quality, survey, business.
        description: what it is, one plain sentence.
        formula: numerator ÷ denominator in words.
        table: the canonical table its rows come from.
        dated_by: the instant that places a row in a period.
        measure: the fact and its aggregation.
        worth_knowing: the change a manager would act on, in the value's own unit (shares 0.05 = 5 points);
            for times a share of the value (0.10 = 10 %).
        left_out: who is outside the population, in words.
        speaks_of: which rows of its table it is about, where not all: the others are none that it leaves out.
        min_n: fewest rows for a value to be shown in any grouping.
        matures_after: how long after a period's end its rows may still change.
        asks: the survey question whose answers it needs.
        variant_of: the KPI this is another definition of; variants stay out of the family of verdicts.
        shown: a variant that a report shows without being asked for.
        currency: of the amounts that it adds up, as the data settles it; the catalogue's own have none.
        reference: where the definition comes from.
        own: of a KPI that a user has defined, where; None for those of the catalogue.
    """

    name: str
    subject: str
    description: str
    formula: str
    table: str
    dated_by: str
    measure: Measure
    unit: Unit
    better: Better
    worth_knowing: float
    left_out: str = ""
    speaks_of: Expr | None = None
    min_n: int = 1
    matures_after: timedelta | None = None
    asks: str | None = None
    variant_of: str | None = None
    shown: bool = False
    version: int = 1
    reference: str = ""
    currency: str | None = None
    own: Own | None = None

    @property
    def is_default(self) -> bool:
        """Whether a report shows it without being asked."""
        return self.variant_of is None or self.shown

    @property
    def is_open_time(self) -> bool:
        """Whether its values are open time: a day of them is no day of the calendar."""
        return self.unit is Unit.SECONDS and OPEN_TIME in self.known_as

    @property
    def known_as(self) -> str:
        """Its name in the catalogue, by which there is more to say of it; empty for what a user has defined."""
        return "" if self.own else self.name

    @property
    def definition(self) -> str:
        """The id results carry: `csat@1`, of a user's own `mine/csat@1`."""
        return f"{self.own.pack}/{self.name}@{self.version}" if self.own else f"{self.name}@{self.version}"
