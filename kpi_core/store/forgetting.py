"""A customer erased from a store: from every export in every version, and from what is known of each.

The versions are written anew without the customer, as a table that takes the place of the old one in one step; then the old one is
deleted. Rows that are about the customer become empty lines, so that all others keep their numbers. A killed command has
erased either nothing, or all but a folder that the next one deletes before anything else: the command can be given again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

import polars as pl

from kpi_core.errors import KpiError, StoreError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices, FileRead
from kpi_core.ingest.files.inputs import Input
from kpi_core.records import dataclass
from kpi_core.store.customers import CASE, WHOSE, Customer, known_as
from kpi_core.store.erasing import Erasure, Left, gathered_cases, left_of
from kpi_core.store.exports import StoredExport, inputs_of, rows_of, stored
from kpi_core.store.folder import found, writing
from kpi_core.store.suppressing import noted, recognised
from kpi_core.store.unknown_customers import way_to
from kpi_core.store.versions import ROWS, Versions

TEXTS = frozenset((*WHOSE, CASE))
"""The text columns that say whose rows they are."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How many rows of how many exports are gone; where none is, when they were forgotten `before`, or the `way` to name somebody who is there."""

    rows: int
    exports: int
    before: str | None = field(default=None, compare=False)
    way: str | None = field(default=None, compare=False)


def forget(place: Path, customer: str, choices: Choices) -> Erased:
    """Erases a customer, known by an address or a number, from a store; nothing is written where no row names them.

    Raises:
        StoreError: there is no store, nobody is named, or another command writes to it.
        KpiError: the exports cannot be read.
    """
    if not customer.strip():
        raise StoreError("no customer is named", where=place, hint="name an e-mail address, or a customer's number")
    with writing(place) as store:
        versions = Versions(folder=store.exports)
        exports = stored(versions, versions.exports())
        inputs = tuple(inputs_of(versions, exports, keeps_scans=False))
        reads = read_exports([], replace(choices, stored=inputs), TEXTS).reads if inputs else ()
        erasure = _erasure(customer, reads)
        table = Versions(folder=store.place / store.next_table)
        try:
            left = [_rewritten(one, versions, table, erasure, reads) for one in exports]
            if not any(one.is_changed for one in left):
                noted_before = recognised(store.forgotten, [customer])
                if noted_before:
                    return Erased(rows=0, exports=0, before=next(iter(noted_before.values())).at)
                return Erased(rows=0, exports=0, way=way_to(customer, reads))
            for export in _counted(table, left, choices):
                export.write(table)
            for version in versions.log():
                table.add(version.added, at=version.at)
            _check_whole(versions, table)
            _check_gone(table.folder, erasure.customer)
            rows = sum(one.gone for one in left)
            names = _names_without(erasure.customer, store.names)
            forgotten = (*store.forgotten, noted(erasure, rows, store.forgotten))
            store.marked(table=store.next_table, names=names, forgotten=forgotten)
        finally:
            found(place).sweep()
    return Erased(rows=rows, exports=sum(one.is_changed for one in left))


def _counted(table: Versions, left: Sequence[Left], choices: Choices) -> list[StoredExport]:
    """What is left, with how many rows each export has, read as a report will; one that has none may be nothing to read any more.

    Raises:
        KpiError: one cannot be read without what has gone, as where that alone said which is the day and which the month.
    """
    inputs = inputs_of(table, [one.export for one in left], keeps_scans=False)
    unread: dict[Input, KpiError] = {}
    reads = read_exports([], replace(choices, stored=tuple(inputs)), TEXTS, unread=unread).reads if inputs else ()
    emptied = {inputs[item].id: error for item, error in unread.items() if item in inputs}
    for one in left:
        if one.export.id in emptied and one.gone < one.rows_before:
            raise emptied[one.export.id]
    counts = rows_of(reads)
    return [
        replace(one.export, rows=0, kept={}) if one.export.id in emptied
        else replace(one.export, rows=counts.get(table.of(one.export.id) / ROWS, 0))
        for one in left
    ]  # fmt: skip


def _erasure(customer: str, reads: Sequence[FileRead]) -> Erasure:
    """What is erased: whose rows, and of which cases."""
    found = known_as(customer, reads)
    return Erasure(customer=found, cases=gathered_cases(found, reads))


def _rewritten(one: StoredExport, old: Versions, new: Versions, erasure: Erasure, reads: Sequence[FileRead]) -> Left:
    """Writes the rows of an export to the new table, without what is erased."""
    new.of(one.id).mkdir(parents=True)
    return left_of(one, old, new.of(one.id) / ROWS, erasure, reads)


def _names_without(customer: Customer, names: Mapping[str, int]) -> dict[str, int]:
    """Versions by their names; one that holds an address is called by its number."""
    kept = {called: version for called, version in names.items() if not customer.is_in_name(called)}
    return kept | {f"version-{version}": version for called, version in names.items() if called not in kept}


def _check_whole(old: Versions, new: Versions) -> None:
    """Looks whether every version has the exports that it had.

    Raises:
        AssertionError: one has not, which is a bug: the store stays as it was.
    """
    if [one.added for one in new.log()] != [one.added for one in old.log()] or new.exports() != old.exports():
        raise AssertionError("a version lacks an export")


def _check_gone(folder: Path, customer: Customer) -> None:
    """Looks through every byte and every cell of a table for the addresses.

    Raises:
        AssertionError: one is left, which is a bug: the store stays as it was.
    """
    pattern = customer.pattern
    if pattern is None:
        return
    for file in (one for one in folder.rglob("*") if one.is_file()):
        if file.suffix == ".parquet":
            names_them = pl.any_horizontal(pl.selectors.string().str.contains(pattern).any())
            is_left = pl.scan_parquet(file, glob=False).select(names_them.fill_null(value=False)).collect().item()
        else:
            is_left = customer.is_in(file.read_text(encoding="utf-8", errors="replace"))
        if is_left:
            raise AssertionError(f"{file.name} still names the customer")
