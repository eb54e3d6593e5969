"""What an answer is made of before it is drawn: a title, a few sentences, and blocks.

No width, colour or format is known here: `outputs` draws the same blocks for a terminal, as Markdown, as a sheet and so
on. Cells keep their values and units, so that an output that can hold a number gets one.
"""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.model.kpi import Unit


class Tone(StrEnum):
    """What a text means in addition to what it says; colour repeats it, a sign or a word always says it."""

    PLAIN = "plain"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    QUIET = "quiet"


@dataclass(frozen=True)
class Line:
    """A sentence or two. `sign` stands before the first line of it; `indent` sets it in under the one above."""

    text: str
    tone: Tone = Tone.PLAIN
    sign: str = ""
    indent: int = 0


@dataclass(frozen=True)
class Status:
    """A verdict, or where a value stands: a sign, a word, and their tone."""

    sign: str
    word: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Amount:
    """A value in a KPI's unit (shares 0..1, seconds), None for none.

    Attributes:
        like: the duration whose unit of time it takes.
        is_change: whether it is a difference, which carries its sign.
        before: what stands before the number: `>` or `≥` of a value that is not reached, or a period's name.
        status: what stands behind it in a cell that has no column for a verdict.
        decimals: how many digits a share has behind its sign, where one is too many.
    """

    value: float | None
    unit: "Unit"
    like: float | None = None
    is_change: bool = False
    before: str = ""
    status: Status | None = None
    tone: Tone = Tone.PLAIN
    decimals: int | None = None


@dataclass(frozen=True)
class Interval:
    """Two ends in a KPI's unit; None for an open one, both None for no interval. `is_change`: of a difference, whose ends carry their signs."""

    low: float | None
    high: float | None
    unit: "Unit"
    like: float | None = None
    is_change: bool = False


@dataclass(frozen=True)
class Series:
    """Values over time, None for a gap, drawn small. `low` and `high` are what chance alone would span, if known."""

    values: tuple[float | None, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Toned:
    """A text with a tone of its own."""

    text: str
    tone: Tone


Cell: TypeAlias = str | int | float | date | Amount | Interval | Status | Series | Toned | None
"""What a cell of a table holds: a day or an instant (by the answer's clock) is a `date`, a bare `float` has no unit."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        priority: 0 is always shown; where there is no room the highest goes first.
        is_right: whether its cells stand at the right, as numbers do.
        folds: whether its cells may be broken over lines.
        width: how wide it is on a sheet, in characters; by its cells where none is given.
        tone: how its cells look where they have no tone of their own.
    """

    key: str
    head: str
    priority: int = 0
    is_right: bool = False
    folds: bool = False
    width: float | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Named:
    """What a cell of a table is called in a workbook: its row (from 0) and the key of its column."""

    name: str
    row: int
    column: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under heads.

    Attributes:
        section: the key of a column whose value is a heading above the rows that share it; on a sheet a column like the others.
        in_bands: whether what does not fit in width goes on below, with the first column repeated, for a table of which no column may go.
        names: how many columns at the left say what a row is; on a sheet they stay in sight.
        sheet: what its sheet is called, where it has one to itself; else its title.
        notes: lines under it.
        named: cells that other sheets, and readers, can refer to.
        is_tail: whether it is a long list at the end of a sheet, to filter; paper has as much of it as fits under the rest.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    section: str | None = None
    in_bands: bool = False
    names: int = 1
    sheet: str = ""
    notes: tuple[Line, ...] = ()
    named: tuple[Named, ...] = ()
    is_tail: bool = False


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Names with what they stand for, and for each the command that shows more; empty where there is none."""

    key: str
    pairs: tuple[tuple[str, str, str], ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Notes:
    """Lines under a title; numbered ones begin with their number in brackets."""

    key: str
    title: str
    lines: tuple[Line, ...]


class Mark(StrEnum):
    """How a layer of a chart is drawn."""

    LINE = "line"
    POINT = "point"
    BAR = "bar"
    BAND = "band"
    SPAN = "span"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Values of a chart, one for each of its places, None for a gap.

    A span is a value with both ends of its interval, a line a place.

    Attributes:
        low: where a bar begins, the lower edge of a band, the lower end of a span; bars begin at 0 where none is given.
        high: the upper end of a span.
        tones: of each value, where they differ: a point outside of its limits is good or bad.
    """

    mark: Mark
    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    tones: tuple[Tone, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A line across a chart: a target, a mean."""

    label: str
    at: float
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Moment:
    """Something that happened at a place of a chart (0-based)."""

    at: int
    label: str


@dataclass(frozen=True)
class Place:
    """Where on the same sheet the values of a chart stand: rows `first` to `last` (from 0) of two columns of a table."""

    table: str
    labels: str
    values: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Across:
    """Where the points of a chart stand from left to right by a number of their own, on a scale from 0 to 100.

    Attributes:
        name: what the scale is.
        edge: where it is divided.
    """

    name: str
    values: tuple[float, ...]
    edge: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Values in a unit over periods or groups, as data: limits are a band, a target is a rule.

    Attributes:
        unit: of all its values (shares 0..1, seconds).
        places: the names of its periods or groups, in order; `axis` is what they are called together.
        is_of_changes: whether values are differences, which carry their sign.
        is_over_time: whether one place follows on another: else no line goes through the points.
        stand: where its first layer's values stand already, for an output that can point there.
        like: a duration whose unit suits all of its values; None for that of the largest.
        across: where points stand by a second number; a page of letters has no picture of them, since a table says as much.
    """

    key: str
    title: str
    unit: "Unit"
    places: tuple[str, ...]
    layers: tuple[Layer, ...]
    rules: tuple[Rule, ...] = ()
    axis: str = ""
    is_of_changes: bool = False
    is_over_time: bool = True
    stand: Place | None = None
    moments: tuple[Moment, ...] = ()
    notes: tuple[Line, ...] = ()
    like: float | None = None
    across: Across | None = None

    def __post_init__(self) -> None:
        for layer in self.layers:
            if len(layer.values) != len(self.places) or len(layer.low) not in (0, len(self.places)):
                raise ValueError(f"chart `{self.key}`: `{layer.name}` has not one value for each of its places")


Block: TypeAlias = Table | Pairs | Notes | Chart


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A chart of a slide. `lead` is what it shows in a sentence, `unit` what its values are in where they do not say it."""

    chart: Chart
    lead: Line | None = None
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Slide:
    """Charts side by side, as one picture that is shown by itself.

    Attributes:
        title: the finding in a sentence.
        subtitle: what is shown, and of which time.
        foot: how it is read, what it is made from, and what must be known to trust it.
        width: how many pixels it has across where it is made of pixels.
        is_dark: whether it stands on a dark ground.
    """

    title: Line
    subtitle: str
    panels: tuple[Panel, ...]
    foot: tuple[Line, ...] = ()
    width: int = 1920
    is_dark: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer in words: a title of one line, sentences with the answer first, and blocks."""

    title: str
    headline: tuple[Line, ...] = ()
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A figure at a glance.

    Attributes:
        status: the verdict on its change; None where nothing is compared.
        lines: what stands below it in small letters: its change, its target.
        trend: its values over time, drawn small.
        is_open: whether it is not final.
    """

    label: str
    value: Cell
    status: Status | None = None
    lines: tuple[Line, ...] = ()
    trend: Series | None = None
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Front:
    """What an answer opens with where there is room for cards; on paper it is one page.

    Attributes:
        headline: the answer in sentences, the most important first.
        actions: what to do first, under `actions_title`.
        legend: what the signs of the cards mean.
        trust: in a sentence how far the data can be trusted, where nothing else on the page says it.
    """

    subtitle: str = ""
    headline: tuple[Line, ...] = ()
    actions_title: str = ""
    actions: tuple[Line, ...] = ()
    cards: tuple[Card, ...] = ()
    legend: str = ""
    trust: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A figure that a spreadsheet counts anew from the rows of a sheet.

    Attributes:
        name: what the cell of the printed figure is called in the workbook.
        columns: those of the table that it is made of, by key.
        formula: how, with each column called by its key and `_rows`; in what the cells hold (days for times, 100 for a point of NPS).
        value: the result.
        n: the figure's rows, where they are the filled cells of its column.
        off_by: how far the printed figure may lie from it, for it is rounded; in what the cells hold.
    """

    label: str
    name: str
    columns: tuple[str, ...]
    formula: str
    value: Amount
    printed: Amount
    n: int | None
    off_by: float


@dataclass(frozen=True, kw_only=True)
class Check:
    """Figures with the rows that they are counted from, each above its column of `table`; `groups` are the columns that say in which group a row is."""

    figures: tuple[Checked, ...]
    table: Table
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a workbook: its name, what stands above, blocks below one another, and what its paper says at the foot.

    Attributes:
        front: a first page of sentences and cards, which fills one paper; then there are no blocks.
        check: figures above their rows, counted by formulas; then there are no blocks.
        is_charted: whether the values of its charts stand on a sheet of their own, since its tables say them already.
        paper: how many sheets of paper it is printed on at most, what is beyond is on the screen alone; None for all of it.
    """

    name: str
    title: str
    lead: str = ""
    asides: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    footer: str = ""
    front: Front | None = None
    check: Check | None = None
    is_charted: bool = False
    paper: int | None = None
