"""One kept export without a customer: which of its rows are about them, and the export with these as empty lines."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from types import MappingProxyType
from typing import Any

import polars as pl

from kpi_core.ingest.file_read import FileRead
from kpi_core.records import dataclass
from kpi_core.store.customers import Customer, Places, cases_of, places_of
from kpi_core.store.exports import StoredExport
from kpi_core.store.versions import ROWS, Versions

NUMBER = "_number"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What is erased: rows that name the customer, and rows of their cases, whose numbers stand by the system that gives them."""

    customer: Customer
    cases: Mapping[str, frozenset[str]]

    def cases_in(self, places: Places) -> frozenset[str]:
        """The cases that rows of a file may be of: a list of tickets has those of its own system, any other file all."""
        known = self.cases.get(places.system, frozenset())
        return known if places.has_cases else frozenset().union(*self.cases.values())


@dataclass(frozen=True, kw_only=True)
class Left:
    """What is left of an export, how many rows it had before and how many are `gone`, and whether anything is."""

    export: StoredExport
    rows_before: int
    gone: int
    is_changed: bool


def gathered_cases(
    customer: Customer, reads: Iterable[FileRead], known: Mapping[str, frozenset[str]] = MappingProxyType({})
) -> dict[str, frozenset[str]]:
    """The numbers of a customer's cases by the system that gives them, with those that are `known`."""
    cases = dict(known)
    for read in reads:
        if read.mapping.table == "tickets":
            theirs = cases.get(read.mapping.system, frozenset())
            cases[read.mapping.system] = theirs | cases_of(customer, read)
    return cases


def left_of(one: StoredExport, old: Versions, new: Path, erasure: Erasure, reads: Sequence[FileRead]) -> Left:
    """Writes the rows of an export to a `new` file, without what is erased; its name too, where it holds an address, is another."""
    rows = old.of(one.id) / ROWS
    places: tuple[Places, ...] = tuple(places_of(read) for read in reads if read.raw.path == rows)
    if one.kept:
        kept, gone = without(rows, new, one.kept, places, erasure)
    else:
        copyfile(rows, new)
        kept, gone = {}, 0
    name = one.name if not erasure.customer.is_in_name(one.name) else f"export {one.id[:8]}"
    export = replace(one, name=name, kept=kept if name == one.name else _renamed(kept, one.name, name))
    return Left(export=export, rows_before=one.rows, gone=gone, is_changed=gone > 0 or export != one)


def _renamed(data: Any, old: str, new: str) -> Any:
    """Plain data with another name for the export, wherever it stands in a text."""
    if isinstance(data, str):
        return data.replace(old, new)
    if isinstance(data, list):
        return [_renamed(one, old, new) for one in data]
    if isinstance(data, dict):
        return {key: _renamed(one, old, new) for key, one in data.items()}
    return data


def without(
    rows: Path, target: Path, kept: Mapping[str, Any], places: Sequence[Places], erasure: Erasure
) -> tuple[dict[str, Any], int]:
    """Writes the rows of a kept export to `target` without what is erased; gives what is known of it by then, and how many rows are gone.

    A row that names another customer is left alone, whatever its case; of a header that names the customer only the cell becomes empty.
    """
    parts = [said_of(part) for part in kept["parts"]]
    if parts[0]["kind"] == "json":
        return _documents_without(rows, target, kept, places, erasure)
    found = pl.scan_parquet(rows, glob=False, row_index_name=NUMBER)
    cells = [name for name in found.collect_schema().names() if name not in (NUMBER, "part", "row")]
    named = pl.any_horizontal(
        _is_named(parts, cells, places, erasure) or [pl.lit(value=False)]
    ).fill_null(value=False)  # fmt: skip
    skip = min((one.skip for one in places), default=0)
    is_head = (pl.col("part") == 0) & (pl.col(NUMBER) < skip)  # part 0 is the first in the file
    is_gone = named & ~is_head
    left = [
        pl.when(~is_gone & ~(is_head & _names(name, erasure.customer))).then(pl.col(name)).alias(name) for name in cells
    ]
    found.select("part", "row", *left).sink_parquet(target, compression="zstd", statistics=False)
    gone = found.filter(is_gone).select(NUMBER, "part", "row").collect()
    torn = [_torn_of(part, erasure.customer) for part in parts]
    said = _said_without(kept, found, gone, torn, erasure.customer)
    return said, gone.height + sum(map(len, torn))


def _names(cell: str, customer: Customer) -> pl.Expr:
    """Whether a cell holds an address of theirs."""
    pattern = customer.pattern
    return pl.lit(value=False) if pattern is None else pl.col(cell).str.contains(pattern).fill_null(value=False)


def said_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a part of an export, by name, from its plain form."""
    return dict(part["value"])


def plain_form(said: Mapping[str, Any]) -> dict[str, Any]:
    """The plain form of what is known of a part."""
    return {"kind": "map", "value": [[name, value] for name, value in said.items()]}


def _is_named(
    parts: Sequence[Mapping[str, Any]], cells: Sequence[str], places: Sequence[Places], erasure: Erasure
) -> list[pl.Expr]:
    """Whether a row is to go, for each way in which it may be."""
    ways = []
    if erasure.customer.addresses:
        ways.append(pl.any_horizontal(_names(name, erasure.customer) for name in cells))
    for number, part in enumerate(parts):
        is_of_part = pl.col("part") == number
        for one in places:
            whose, case = (_columns(part, cells, headers) for headers in (one.whose, one.case))
            theirs = [_text(name).is_in(sorted(erasure.customer.identities)) for name in whose]
            ways += [is_of_part & is_theirs for is_theirs in theirs]
            is_nameless = pl.all_horizontal([pl.col(name).is_null() for name in whose] or [pl.lit(value=True)])
            known = sorted(erasure.cases_in(one))
            ways += [is_of_part & is_nameless & _text(name).is_in(known) for name in case if known]
    return ways


def _columns(part: Mapping[str, Any], cells: Sequence[str], headers: Iterable[str]) -> list[str]:
    """The columns of a part under one of these headers, which stand in one of its first rows."""
    wanted = {header.strip().casefold() for header in headers}
    found = {at for row in part["head"] for at, cell in enumerate(row) if cell.strip().casefold() in wanted}
    return [f"c{at}" for at in sorted(found) if f"c{at}" in cells]


def _text(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().str.to_lowercase()


def _torn_of(part: Mapping[str, Any], customer: Customer) -> frozenset[int]:
    """The numbers of torn rows that name the customer; their cells are known as one text alone."""
    return frozenset(number for number, text in part["torn"]["value"] if customer.is_in(text))


def _said_without(
    kept: Mapping[str, Any], rows: pl.LazyFrame, gone: pl.DataFrame, torn: Sequence[frozenset[int]], customer: Customer
) -> dict[str, Any]:
    """What is known of an export, without the rows that have gone, the `torn` ones of each part among them, and every text with an address."""
    first = rows.group_by("part").agg(pl.col(NUMBER).min()).collect()
    begins: dict[int, int] = dict(first.select("part", NUMBER).iter_rows())
    parts = []
    for number, part in enumerate(map(said_of, kept["parts"])):
        lines = gone.filter(pl.col("part") == number)
        places = {at - begins[number] for at in lines[NUMBER]} if number in begins else set[int]()
        head = [[""] * len(row) if at in places else row for at, row in enumerate(part["head"])]
        numbers = torn[number].union(lines["row"])
        left = [pair for pair in part["torn"]["value"] if pair[0] not in numbers]
        forgotten = sorted(numbers.union(part.get("forgotten", ())))
        noted = {"forgotten": forgotten} if forgotten else {}
        parts.append(plain_form({**part, "head": head, "torn": {**part["torn"], "value": left}, **noted}))
    original = {**kept["original"], "ending": None} if gone.height or any(torn) else kept["original"]
    return dict(_scrubbed({**kept, "original": original, "parts": parts}, customer))


def _scrubbed(data: Any, customer: Customer) -> Any:
    """Plain data with no text that holds an address."""
    if isinstance(data, str):
        return "" if customer.is_in(data) else data
    if isinstance(data, list):
        return [_scrubbed(one, customer) for one in data]
    if isinstance(data, dict):
        return {key: _scrubbed(one, customer) for key, one in data.items()}
    return data


def _documents_without(
    rows: Path, target: Path, kept: Mapping[str, Any], places: Sequence[Places], erasure: Erasure
) -> tuple[dict[str, Any], int]:
    """The same of JSON, whose rows are records or whole documents with lists of them."""
    frame = pl.read_parquet(rows, glob=False)
    records = _Records(erasure=erasure, places=places)
    is_list = frame["part"].is_in(kept["lists"])
    is_alone = frame["part"].n_unique() == 1
    cells = [
        records.without(cell, is_list=in_list, is_alone=is_alone)
        for cell, in_list in zip(frame["c0"], is_list, strict=True)
    ]
    frame.with_columns(pl.Series("c0", cells, dtype=pl.String)).write_parquet(
        target, compression="zstd", statistics=False
    )
    return dict(_scrubbed(dict(kept), erasure.customer)), records.gone


@dataclass(kw_only=True)
class _Records:
    """Records of JSON on their way to a store without a customer; counts those that have `gone`."""

    erasure: Erasure
    places: Sequence[Places]
    gone: int = 0

    def without(self, cell: str | None, *, is_list: bool, is_alone: bool) -> str | None:
        """A record, or a document that `is_alone` without the records inside of it; null for one of a list that goes, else an empty one."""
        if cell is None:
            return None
        found = json.loads(cell)
        if (is_list or not is_alone) and self._is_named(found):
            self.gone += 1
            return None if is_list else "{}"
        left = self._pruned(found)
        return cell if left == found else json.dumps(left, separators=(",", ":"))

    def _pruned(self, node: Any) -> Any:
        if isinstance(node, list):
            left = [one for one in node if not (isinstance(one, dict) and self._is_named(one))]
            self.gone += len(node) - len(left)
            return [self._pruned(one) for one in left]
        if isinstance(node, dict):
            return {key: self._pruned(one) for key, one in node.items()}
        return "" if isinstance(node, str) and self.erasure.customer.is_in(node) else node

    def _is_named(self, record: Any) -> bool:
        """Whether a record is to go: as a row of a table would."""
        leaves = list(_leaves(record))
        if any(self.erasure.customer.is_in(text) for _, text in leaves):
            return True
        for one in self.places:
            whose = [text for path, text in leaves if _is_under(path, one.whose)]
            if any(text.strip().lower() in self.erasure.customer.identities for text in whose):
                return True
            case = [text for path, text in leaves if _is_under(path, one.case)]
            if not whose and any(text.strip().lower() in self.erasure.cases_in(one) for text in case):
                return True
        return False


def _leaves(node: Any, path: str = "") -> Iterable[tuple[str, str]]:
    """The texts and numbers of a record, each with the names that lead to it, divided by dots."""
    if isinstance(node, dict):
        for key, one in node.items():
            yield from _leaves(one, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for one in node:
            yield from _leaves(one, path)
    elif node is not None:
        yield path, str(node)


def _is_under(path: str, headers: Iterable[str]) -> bool:
    return any(path.casefold() == header.casefold() for header in headers)
