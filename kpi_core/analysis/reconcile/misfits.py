"""The tickets that do not fit: what is written, what their own instants give, and why that may be."""

from collections.abc import Sequence

import polars as pl

from kpi_core.analysis.reconcile.candidate_hours import Hours
from kpi_core.analysis.reconcile.measured import by_the_clock
from kpi_core.analysis.reconcile.search import open_seconds
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.file_read import sheets_of
from kpi_core.ingest.files.workbooks.sheets import with_sheets
from kpi_core.messages.message import Message
from kpi_core.model.tables import TABLES

MISFITS = {
    "file": pl.String(), "row": pl.UInt32(), "key": pl.String(), "column": pl.String(), "header": pl.String(), "written": pl.String(),
    "recomputed": pl.String(), "difference": pl.Int64(), "reason": pl.String(),
}  # fmt: skip
"""One line a cell: `written` as it stands in the file, `recomputed` as h:mm:ss or `met`/`missed`, `difference` (written − recomputed) in seconds."""

UNANSWERED, UNRESOLVED = "unanswered zero", "unresolved zero"
EMPTY = (UNANSWERED, UNRESOLVED)
BEFORE = "ended before created: merged or imported"
CHANGE = "clock change"
ROUNDING = "rounding"
OUTSIDE = "answered outside hours"
HOLIDAY = "holiday"
OPENED = "open on a closed day"
PENDING = "pending time subtracted, or other hours then"
LONGER = "counted from or to another instant"
MISSED, MET = "said to be met, was late", "said to be missed, was in time"

REASONS = {
    UNANSWERED: Message("misfit-unanswered"),
    UNRESOLVED: Message("misfit-unresolved"),
    BEFORE: Message("misfit-before"),
    CHANGE: Message("misfit-change"),
    ROUNDING: Message("misfit-rounding"),
    OUTSIDE: Message("misfit-outside"),
    HOLIDAY: Message("misfit-holiday"),
    OPENED: Message("misfit-opened"),
    PENDING: Message("misfit-pending"),
    LONGER: Message("misfit-longer"),
    MISSED: Message("misfit-missed"),
    MET: Message("misfit-met"),
}
"""The message about a misfit, by the reason that stands in its cell."""

CHANGING = ("Europe/Stockholm", "America/New_York")
"""Where clocks are taken to change if an export names no zone."""


def unfitting(times: pl.DataFrame, hours: Hours | None, zone: str | None) -> pl.DataFrame:
    """The times that are not what they should be, with `recomputed`, `difference` and `reason`; what ended nothing comes last.

    Without hours a business column is wrong only where no hours could make it so: longer than the time by the clock.
    """
    clock = times.with_columns(recomputed=by_the_clock())
    plain, business = (clock.filter(pl.col("is_business") == is_business) for is_business in (False, True))
    if hours is not None and not business.is_empty():
        business = business.with_columns(recomputed=open_seconds(business, hours, zone))
    off = pl.col("written") - pl.col("recomputed")
    known = pl.concat([plain, business]).with_columns(difference=off)
    allowed = pl.col("difference").abs() <= pl.col("tolerance")
    if hours is None:
        allowed |= pl.col("is_business") & pl.col("written").is_between(0, pl.col("recomputed"))
    is_empty_zero = pl.col("until").is_null() & (pl.col("written") == 0)
    wrong = known.filter((pl.col("until").is_not_null() & ~allowed) | is_empty_zero)
    return wrong.with_columns(reason=_reason(hours, zone)).sort(pl.col("reason").is_in(EMPTY), "read", "row", "column")


def _reason(hours: Hours | None, zone: str | None) -> pl.Expr:
    """The first reason that could be it."""
    off, tolerance = pl.col("difference"), pl.col("tolerance")
    an_hour = (off.abs() - 3600).abs() <= tolerance
    day = 3600 if hours is None else 1800 * (hours.end - hours.start)
    rest = off.abs() % day
    whole_days = (hours is not None) & pl.col("is_business") & (pl.min_horizontal(rest, day - rest) <= tolerance)
    return (
        pl.when(pl.col("until").is_null() & pl.col("column").str.starts_with("first_reply")).then(pl.lit(UNANSWERED))
        .when(pl.col("until").is_null()).then(pl.lit(UNRESOLVED))
        .when(pl.col("until") < pl.col("since")).then(pl.lit(BEFORE))
        .when(off.abs() <= 2 * tolerance).then(pl.lit(ROUNDING))
        .when(an_hour & _spans_change(zone)).then(pl.lit(CHANGE))
        .when(whole_days & (off > 0)).then(pl.lit(OPENED))
        .when(whole_days & (pl.col("written") > 0)).then(pl.lit(HOLIDAY))
        .when((pl.col("written") == 0) & pl.col("is_business")).then(pl.lit(OUTSIDE))
        .when(off < 0).then(pl.lit(PENDING)).otherwise(pl.lit(LONGER))
    )  # fmt: skip


def _spans_change(zone: str | None) -> pl.Expr:
    """Whether clocks change between the two instants."""
    if zone is not None:
        ahead = [pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(zone) for name in ("since", "until")]
        return _summer(ahead[0]) != _summer(ahead[1])
    spans = []
    for each in CHANGING:
        walls = [
            pl.col(name).dt.replace_time_zone(each, ambiguous="earliest", non_existent="null")
            for name in ("since", "until")
        ]
        spans.append((_summer(walls[0]) != _summer(walls[1])).fill_null(value=True))
    return pl.any_horizontal(spans)


def _summer(instant: pl.Expr) -> pl.Expr:
    return instant.dt.dst_offset().dt.total_seconds()


def listed(dataset: Dataset, times: pl.DataFrame, dissent: pl.DataFrame) -> pl.DataFrame:
    """The misfits as listed (`MISFITS`): times first, then promises, each with its key and cell as the file writes them."""
    wrong = times.select(
        "read", "row", "column", recomputed=_spelled("recomputed"), difference="difference", reason="reason"
    )
    broken = dissent.select(
        "read", "row", "column",
        recomputed=pl.when("recomputed_met").then(pl.lit("met")).otherwise(pl.lit("missed")),
        difference=pl.lit(None, pl.Int64),
        reason=pl.when("recomputed_met").then(pl.lit(MET)).otherwise(pl.lit(MISSED)),
    )  # fmt: skip
    lines = pl.concat(
        [wrong.filter(~pl.col("reason").is_in(EMPTY)), broken, wrong.filter(pl.col("reason").is_in(EMPTY))]
    )
    cells = _cells(dataset, lines)
    joined = lines.join(cells, on=["read", "row", "column"], how="left", maintain_order="left")
    spelled = joined.select(pl.col(name).cast(dtype) for name, dtype in MISFITS.items())
    return with_sheets(spelled, sheets_of(dataset.reads))


def _spelled(name: str) -> pl.Expr:
    """Seconds as h:mm:ss."""
    whole = pl.col(name).abs()
    parts = [
        (whole // 3600).cast(pl.String),
        *(part.cast(pl.String).str.zfill(2) for part in (whole // 60 % 60, whole % 60)),
    ]
    sign = pl.when(pl.col(name) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + pl.concat_str(parts, separator=":")


def _cells(dataset: Dataset, lines: pl.DataFrame) -> pl.DataFrame:
    """Key and cell of each line as written, from a second look at the files."""
    found = []
    for place in lines["read"].unique().sort():
        read = dataset.reads[place]
        own = lines.filter(read=place)
        columns: Sequence[str] = own["column"].unique().sort().to_list()
        fields = {field.name: field for field in read.narrow.fields}
        key = fields.get(TABLES["tickets"].key)
        rows = read.narrow.texts(row_index=ROW)
        texts = [pl.col(fields[name].text_name).cast(pl.String).alias(name) for name in columns]
        look = rows.filter(pl.col(ROW).is_in(own["row"].unique().implode())).select(
            *texts, row=ROW, key=pl.lit(None, pl.String) if key is None else pl.col(key.text_name)
        )
        headers = pl.DataFrame({"column": columns, "header": [fields[name].header for name in columns]})
        spelled = collect(read.raw, look).unpivot(
            columns, index=["row", "key"], variable_name="column", value_name="written"
        )
        found.append(
            spelled.join(headers, on="column").with_columns(
                read=pl.lit(place, pl.UInt16), file=pl.lit(read.name), written=pl.col("written").cast(pl.String)
            ).select("read", "row", "column", "file", "key", "header", "written")
        )  # fmt: skip
    empty = {
        "read": pl.UInt16(),
        "row": pl.UInt32(),
        "column": pl.String(),
        **{name: pl.String() for name in ("file", "key", "header", "written")},
    }
    return pl.concat([pl.DataFrame(schema=empty), *found])
