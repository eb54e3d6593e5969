"""Files of one log as one: their rows under one header, in one order, each knowing the file that it came from.

A case may begin in the file of January and end in that of February, so events are pooled before they are folded.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from kpi_core.ingest.fields.narrow_scan import ROW, collect
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.files.workbooks.sheets import SHEET_ROWS
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

PART = "_part"
WHOLE = "_whole"
"""The working column of a hash of the whole row as written."""
ORDER = "_order"
OVERLAP = 0.5
"""The share of the rows of the time two files have in common past which they are taken to be exports that overlap."""
SHARED = 3
"""Cases that two files must have in common for the second to begin anew."""
ANEW = 0.9
"""The share of these that must begin there as they have begun before."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """Files of one format: how their rows are read together, and where each column of `match` is in each file."""

    raws: tuple[RawExport, ...]
    skips: tuple[int, ...]
    match: Match
    places: tuple[dict[int, int], ...]

    @property
    def name(self) -> str:
        """The files' name, for errors."""
        rest = len(self.raws) - 1
        return self.raws[0].name if not rest else f"{self.raws[0].name} and {rest} more"

    @property
    def label(self) -> Message:
        """The files' name, as messages give it."""
        return first_of([raw.name for raw in self.raws], 1)

    def rows(self, wanted: Collection[int]) -> pl.DataFrame:
        """The rows of all files: their file (`_part`), their number in it (`_row`), and the cells wanted as text."""
        names = self._shared()
        frames = []
        for part, (raw, skip, own) in enumerate(zip(self.raws, self.skips, self.places, strict=True)):
            cells = [
                (pl.col(f"c{own[place]}") if place in own else pl.lit(None, pl.String)).alias(f"c{place}")
                for place in sorted(wanted)
            ]
            whole = [_text(own[place] for place in names).hash(seed=5).alias(WHOLE)] if names else []
            rows = raw.scan(skip=skip, row_index=ROW).select(ROW, *cells, pl.lit(part, pl.UInt16).alias(PART), *whole)
            frames.append(collect(raw, rows))
        return frames[0] if len(frames) == 1 else pl.concat(frames)

    def _shared(self) -> list[int]:
        """The columns by which rows of two files can be recognised as the same; none where there is one file, or they differ."""
        if len(self.raws) == 1 or any(own.keys() != self.places[0].keys() for own in self.places):
            return []
        return sorted(self.places[0])


def _text(places: Iterable[int]) -> pl.Expr:
    return pl.concat_str([pl.col(f"c{place}").fill_null("") for place in places], separator="\x1f")


def pool(raws: Sequence[RawExport], matches: Sequence[Match]) -> Pool:
    """Several files of one format under the headers that any of them has; one file is as it is."""
    known: dict[tuple[str, str, int], int] = {}
    headers: list[str] = []
    labels: list[str] = []
    places: list[dict[int, int]] = []
    for match in matches:
        seen: dict[tuple[str, str], int] = {}
        own: dict[int, int] = {}
        for place, header in enumerate(match.headers):
            label = match.labels[place] if match.labels else ""
            name = (normal(header), normal(label))
            seen[name] = seen.get(name, 0) + 1
            at = known.setdefault((*name, seen[name]), len(headers))
            if at == len(headers):
                headers.append(header)
                labels.append(label)
            own[at] = place
        places.append(own)
    match = replace(matches[0], headers=tuple(headers), labels=tuple(labels) if matches[0].labels else ())
    return Pool(raws=tuple(raws), skips=tuple(match.skip for match in matches), match=match, places=tuple(places))


def without_repeats(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ordered rows without those that overlapping exports both hold, and these.

    Two files overlap where more than half of the rows of the time that both cover are in both. Rows that merely look alike stay: a log
    may hold the same event twice.
    """
    if WHOLE not in rows.columns or rows[PART].n_unique() < 2:
        return rows, rows.clear()
    lost = [
        both["_at_b"]
        for first, second, both in alike(rows)
        if both.height > OVERLAP * min(in_common(rows, first, second))
    ]
    return without_places(rows, lost)


def without_places(rows: pl.DataFrame, lost: Sequence[pl.Series]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows without those at some places, and these."""
    places = pl.concat(lost).unique() if lost else pl.Series(dtype=pl.UInt32)
    gone = pl.int_range(pl.len(), dtype=pl.UInt32).is_in(places.implode())
    return rows.filter(~gone), rows.filter(gone)


def alike(rows: pl.DataFrame) -> Iterator[tuple[object, object, pl.DataFrame]]:
    """Each two files with rows that are in both as a whole, and these: the place of each in `rows`, in the first file (`_at`) and the second (`_at_b`)."""
    numbered = rows.with_columns(_nth=pl.int_range(pl.len()).over(PART, WHOLE)).with_row_index("_at")
    shared = numbered.filter(pl.struct(WHOLE, "_nth").is_duplicated())
    pairs = shared.select(WHOLE, "_nth", PART, "_at")
    pairs = pairs.join(pairs, on=[WHOLE, "_nth"], suffix="_b").filter(pl.col(PART) < pl.col(f"{PART}_b"))
    for (first, second), both in pairs.group_by(PART, f"{PART}_b", maintain_order=True):
        yield first, second, both


def restarted(rows: pl.DataFrame, case: str, words: Sequence[str], sheets: Collection[int]) -> pl.DataFrame:
    """Ordered rows with the cases (`case`) apart that have one number and begin anew in a later file or sheet.

    Most cases of one are in both then, all of one's events come after those of the other, and these cases begin with the same
    `words` in both: a case that goes on does not begin again. `sheets` are the parts whose rows give their sheet.
    """
    if ORDER not in rows.columns or not words:
        return rows
    sheet = pl.when(pl.col(PART).is_in(list(sheets))).then((pl.col(ROW).cast(pl.Int64) - 1) // SHEET_ROWS).otherwise(0)
    units = rows.with_columns(_unit=pl.struct(PART, sheet.alias("_sheet")).rank("dense"))
    if units["_unit"].n_unique() < 2:
        return rows
    spans = units.group_by("_unit").agg(
        low=pl.col(ORDER).min(), high=pl.col(ORDER).max(), cases=pl.col(case).n_unique()
    )
    firsts = (
        units.drop_nulls(case).group_by(case, "_unit", maintain_order=True).agg(pl.struct(words).first().alias("_word"))
    )
    firsts = firsts.join(spans, on="_unit")
    pairs = firsts.join(firsts, on=case, suffix="_b").filter(pl.col("high") < pl.col("low_b"))
    found = pairs.group_by("_unit", "_unit_b").agg(
        pl.len(),
        same=(pl.col("_word") == pl.col("_word_b")).mean(),
        fewest=pl.min_horizontal("cases", "cases_b").first(),
    )
    anew = (pl.col("len") >= SHARED) & (pl.col("len") > OVERLAP * pl.col("fewest")) & (pl.col("same") > ANEW)
    later_ones = found.filter(anew)["_unit_b"].unique()
    if later_ones.is_empty():
        return rows
    # A file that begins anew is a series of its own, with those after it that go on from it.
    begun = spans.sort("low").select("_unit", _series=pl.col("_unit").is_in(later_ones.implode()).cum_sum())
    joined = units.join(begun, on="_unit", how="left", maintain_order="left")
    return joined.with_columns(pl.concat_str([case, "_series"], separator="\x1f").alias(case)).drop("_unit", "_series")


def in_common(rows: pl.DataFrame, first: object, second: object) -> tuple[int, int]:
    """How many rows each of two files has in the time that both cover."""
    one, other = rows.filter(pl.col(PART) == first), rows.filter(pl.col(PART) == second)
    if ORDER not in rows.columns:
        return one.height, other.height
    begins, ends = (pl.max_horizontal, pl.min_horizontal)
    span = pl.select(
        low=begins(pl.lit(one[ORDER].min()), pl.lit(other[ORDER].min())),
        high=ends(pl.lit(one[ORDER].max()), pl.lit(other[ORDER].max())),
    )
    counts = [part.filter(part[ORDER].is_between(span["low"], span["high"])).height for part in (one, other)]
    return counts[0], counts[1]


def later(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in order of their events (`_order`), those of one instant by their place, whatever order the files are given in.

    The file that begins later comes later. A file written newest first is read from its end.
    """
    step = pl.col(ORDER).diff().cast(pl.Int64)
    files = rows.group_by(PART, maintain_order=True).agg(
        low=pl.col(ORDER).min(), high=pl.col(ORDER).max(), falls=(step < 0).sum() > (step > 0).sum()
    )
    begun = files.sort("low", "high", nulls_last=False, maintain_order=True)
    parts = [
        own.reverse() if falls else own
        for part, falls in begun.select(PART, "falls").iter_rows()
        for own in (rows if files.height == 1 else rows.filter(pl.col(PART) == part),)
    ]
    placed = parts[0] if len(parts) == 1 else pl.concat(parts) if parts else rows
    return placed.sort(ORDER, nulls_last=False, maintain_order=True)
