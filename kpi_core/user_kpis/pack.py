"""What a pack of KPIs may say, and what is refused before any expression is read."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from kpi_core.model.columns import QUESTIONS
from kpi_core.model.kpi import Better, Unit

MEASURES: dict[str, tuple[Unit, ...]] = {
    "count": (Unit.COUNT,),
    "share": (Unit.SHARE,),
    "net_share": (Unit.POINTS,),
    "mean": (Unit.SCORE, Unit.SECONDS, Unit.DAYS, Unit.MONEY, Unit.RATIO, Unit.SHARE),
    "sum": (Unit.COUNT, Unit.SECONDS, Unit.DAYS, Unit.MONEY, Unit.SCORE),
    "quantile": (Unit.SCORE, Unit.SECONDS, Unit.DAYS, Unit.MONEY, Unit.RATIO, Unit.SHARE),
    "distinct": (Unit.COUNT,),
    "ratio": (Unit.RATIO, Unit.SHARE, Unit.SECONDS, Unit.DAYS, Unit.MONEY, Unit.SCORE),
    "difference": (Unit.COUNT, Unit.SECONDS, Unit.DAYS, Unit.MONEY, Unit.SCORE),
}
"""The measures there are and the units each can be counted in, the usual one first."""
WORTH_KNOWING = {Unit.SHARE: 0.05, Unit.POINTS: 0.05, Unit.SCORE: 0.2}
LANGUAGES = ("en", "sv", "nb")
_SPANS = {"d": timedelta(days=1), "w": timedelta(weeks=1)}


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        raise ValueError(f"`{value}` is no name: small letters, digits and _, a letter first")
    return value


def _span(value: Any) -> Any:
    found = re.fullmatch(r"(\d+)\s*([dw])", str(value).strip())
    if found is None:
        raise ValueError(f"`{value}` is no span of time, write for example 28d or 4w")
    return int(found[1]) * _SPANS[found[2]]


def _spelt(value: Any) -> Any:
    """A label in every language, where one is written for all."""
    return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value


def _of(value: Any) -> Any:
    return {"of": value} if isinstance(value, str) else value


def _key(value: Any) -> Any:
    return {"key": value} if isinstance(value, str) else value


class Strict(BaseModel):
    """A part of a pack: nothing in it that is not known, nothing that changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Of(Strict):
    """What is counted, averaged or added, and among which rows."""

    of: str
    among: str | None = None


class Net(Strict):
    """Rows that count for it and rows that count against it."""

    plus: str
    minus: str
    among: str | None = None


class At(Of):
    """A quantile: 0.5 is the median."""

    at: float = Field(default=0.5, gt=0, lt=1)


class Keys(Strict):
    """The key that is counted, and in which rows."""

    key: str
    having: str | None = None


class Part(Strict):
    """One side of a ratio or a difference, with its own table and date where they differ from the KPI's."""

    count: str | None = None
    sum: Annotated[Of, BeforeValidator(_of)] | None = None
    distinct: Annotated[Keys, BeforeValidator(_key)] | None = None
    table: str | None = None
    dated_by: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Part":
        _check_one(self)
        return self

    @property
    def kind(self) -> str:
        """Which measure it is."""
        return _kinds(self)[0]


class Sides(Strict):
    """What is divided by what, or what is left of what."""

    of: Part
    to: Part

    @model_validator(mode="after")
    def _goes_together(self) -> "Sides":
        if self.of.kind == "distinct" != self.to.kind:
            raise ValueError("`distinct` is divided by another `distinct` only: the spread of keys by rows is unknown")
        return self


class Less(Strict):
    """What is left of what."""

    of: Part
    less: Part

    @model_validator(mode="after")
    def _goes_together(self) -> "Less":
        if "distinct" in (self.of.kind, self.less.kind):
            raise ValueError("`distinct` cannot be left of another: a difference is one of counts or of sums")
        return self


class Measured(Strict):
    """`measure:`, exactly one of the closed set."""

    count: str | None = None
    share: Annotated[Of, BeforeValidator(_of)] | None = None
    net_share: Net | None = None
    mean: Annotated[Of, BeforeValidator(_of)] | None = None
    sum: Annotated[Of, BeforeValidator(_of)] | None = None
    quantile: Annotated[At, BeforeValidator(_of)] | None = None
    distinct: Annotated[Keys, BeforeValidator(_key)] | None = None
    ratio: Sides | None = None
    difference: Less | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Measured":
        _check_one(self)
        return self

    @property
    def kind(self) -> str:
        """Which measure it is."""
        return _kinds(self)[0]


def _kinds(entry: BaseModel) -> list[str]:
    return [name for name in MEASURES if getattr(entry, name, None) is not None]


def _check_one(entry: BaseModel) -> None:
    found = _kinds(entry)
    if len(found) == 1:
        return
    known = ", ".join(name for name in MEASURES if name in type(entry).model_fields)
    fault = f"`{found[1]}` is one measure too many" if found else "says nothing to measure"
    raise ValueError(f"{fault}: it is one of {known}")


ColumnKind = Literal["number", "duration", "truth", "text"]


class Entry(Strict):
    """One KPI."""

    name: Annotated[str, AfterValidator(_name)]
    label: Annotated[dict[Literal["en", "sv", "nb"], str], BeforeValidator(_spelt), Field(min_length=1)]
    description: str
    table: str
    measure: Measured
    dated_by: str | None = None
    unit: Unit | None = None
    better: Better = Better.NEITHER
    min_n: int = Field(default=1, ge=1)
    matures_after: Annotated[timedelta, BeforeValidator(_span)] | None = None
    worth_knowing: str | None = None
    reference: str = ""
    variant_of: str | None = None
    override: bool = False
    asks: str | None = None
    version: int = Field(default=1, ge=1)
    columns: dict[str, ColumnKind] = Field(default={})

    @model_validator(mode="after")
    def _fits(self) -> "Entry":
        known = MEASURES[self.measure.kind]
        if self.unit is not None and self.unit not in known:
            raise ValueError(f"a {self.measure.kind} is not counted in `{self.unit}`, but in {' or '.join(known)}")
        if self.asks is not None and (self.asks not in QUESTIONS or self.table != "answers"):
            raise ValueError(f"`{self.asks}` is no question of answers; there are {', '.join(QUESTIONS)}")
        _ = self.worth
        return self

    @property
    def counted_in(self) -> Unit:
        """The unit given, else the usual one of the measure."""
        return self.unit or MEASURES[self.measure.kind][0]

    @property
    def worth(self) -> float:
        """The change worth knowing, as `Kpi.worth_knowing` has it."""
        unit, text = self.counted_in, self.worth_knowing
        if text is None:
            return WORTH_KNOWING.get(unit, 0.10)
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text.strip())
        if found is None:
            raise ValueError(f"`{text}` is no change, write for example 5% or 0.2")
        value = float(found[1])
        if unit is Unit.SCORE:
            if found[2]:
                raise ValueError(f"`{text}` is no step of a score, write for example 0.2")
            return value
        if not found[2] and unit is not Unit.POINTS and value >= 1:
            raise ValueError(f"`{text}` is no share, write {text}%")
        return value / 100 if found[2] or unit is Unit.POINTS else value


class PackFile(Strict):
    """The whole file. `pack` is what the definitions' ids begin with; `columns` are those of every entry."""

    pack: Annotated[str, AfterValidator(_name)]
    columns: dict[str, ColumnKind] = Field(default={})
    kpis: list[Entry] = Field(min_length=1)
