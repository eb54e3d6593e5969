"""Who was forgotten, without a word of who it was: salted hashes by which an export that still has them is recognised.

What customers are called is hashed slowly (scrypt), so that addresses are not guessed by it. Two bytes of a quick hash go before: of
the customers of an export only those that share them are hashed slowly, one in 65 536 of the others. The numbers of their
cases are hashed quickly: a number that was tried says of some case that it was of somebody forgotten, and not of whom.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from kpi_core.errors import StoreError
from kpi_core.ingest.file_read import FileRead
from kpi_core.model.report import made_now
from kpi_core.store.customers import CASE, FILE_ENDINGS, WHOSE, Customer, cells_of, known_as
from kpi_core.store.erasing import Erasure, gathered_cases
from kpi_core.store.folder import Forgotten, writing

_ADDRESS = r"[\w.+-]+@[\w.-]*\w"
_QUICK = 4
"""Hexadecimal digits of the quick hash."""


def noted(erasure: Erasure, rows: int, before: Sequence[Forgotten]) -> Forgotten:
    """The note that a customer was forgotten, with the salt of the notes `before`, so that what an export holds is hashed once for all."""
    salt = bytes.fromhex(before[0].salt) if before else os.urandom(16)
    marks = (_quick(salt, one) + _slow(salt, one) for one in sorted(erasure.customer.identities))
    cases = (_case(salt, form, number) for form, numbers in erasure.cases.items() for number in numbers)
    forms = tuple(sorted(form for form, numbers in erasure.cases.items() if numbers))
    return Forgotten(
        at=made_now().isoformat(), rows=rows, salt=salt.hex(), marks=tuple(marks), cases=tuple(sorted(cases)), forms=forms
    )  # fmt: skip


def recognised(notes: Sequence[Forgotten], names: Iterable[str]) -> dict[str, Forgotten]:
    """Those of some addresses and numbers that were forgotten, each with its note."""
    found = {}
    asked = {name.strip().lower() for name in names}
    for salt in {note.salt for note in notes}:
        by_quick: dict[str, dict[str, Forgotten]] = {}
        for note in (note for note in notes if note.salt == salt):
            for mark in note.marks:
                by_quick.setdefault(mark[:_QUICK], {})[mark[_QUICK:]] = note
        plain = bytes.fromhex(salt)
        for name in asked:
            slow = by_quick.get(_quick(plain, name))
            known = None if slow is None else slow.get(_slow(plain, name))
            if known is not None:
                found[name] = known
    return found


def who_is_back(notes: Sequence[Forgotten], names: Iterable[str], rows: Iterable[Path], reads: Sequence[FileRead]) -> Erasure | None:  # fmt: skip
    """Whom exports hold that were forgotten, and the numbers of their cases; None where there is nobody.

    Args:
        notes: of those who were forgotten.
        names: what the exports are called.
        rows: the files of their rows.
        reads: what was read of them.
    """
    if not notes:
        return None
    called = {one for name in names for one in _addresses_in_name(name.lower())}
    for file in rows:
        called |= _addresses(file)
    for read in reads:
        called |= _filled(read, WHOSE)
    customer = Customer(addresses=frozenset(), numbers=frozenset())
    for name in recognised(notes, called):
        same = known_as(name, reads)
        customer = Customer(addresses=customer.addresses | same.addresses, numbers=customer.numbers | same.numbers)
    noted_cases: dict[str, frozenset[str]] = {}
    for read in reads:
        for form, numbers in _cases_back(notes, _filled(read, (CASE,))).items():
            noted_cases[form] = noted_cases.get(form, frozenset()) | numbers
    cases = gathered_cases(customer, reads, noted_cases)
    return Erasure(customer=customer, cases=cases) if customer.identities or any(cases.values()) else None


def remember(place: Path, customer: str) -> int:
    """Takes a customer back who was forgotten: exports that come from now on keep their rows. Gives how many notes have gone.

    Raises:
        StoreError: there is no store, or another command writes to it.
    """
    if not customer.strip():
        raise StoreError("no customer is named", where=place, hint="name an e-mail address, or a customer's number")
    with writing(place) as store:
        gone = [*recognised(store.forgotten, [customer]).values()]
        if gone:
            store.marked(forgotten=tuple(note for note in store.forgotten if note not in gone))
    return len(gone)


def _quick(salt: bytes, name: str) -> str:
    return hashlib.sha256(salt + name.encode()).hexdigest()[:_QUICK]


def _slow(salt: bytes, name: str) -> str:
    return hashlib.scrypt(name.encode(), salt=salt, n=2**14, r=8, p=1).hex()


def _case(salt: bytes, form: str, number: str) -> str:
    return hashlib.sha256(salt + f"{form}\0{number}".encode()).hexdigest()[:16]


def _cases_back(notes: Sequence[Forgotten], numbers: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Those of some numbers of cases that were of somebody forgotten, by the format that gave them."""
    found: dict[str, frozenset[str]] = {}
    numbers = [*numbers]
    for salt, form in {(note.salt, form) for note in notes for form in note.forms}:
        known = {case for note in notes if note.salt == salt for case in note.cases}
        plain = bytes.fromhex(salt)
        theirs = frozenset(number for number in numbers if _case(plain, form, number) in known)
        found[form] = found.get(form, frozenset()) | theirs
    return found


def _filled(read: FileRead, names: Sequence[str]) -> set[str]:
    cells = cells_of(read).select(names).unique()
    return {cell for column in cells for cell in column.drop_nulls()}


def _addresses(rows: Path) -> set[str]:
    """The addresses in the cells of a file of rows, in lower case; one with a dot, or the ending of a file, behind it without that too."""
    scan = pl.scan_parquet(rows, glob=False)
    cells = [name for name in scan.collect_schema().names() if name not in ("part", "row")]
    found = set[str]()
    for name in cells:
        texts = scan.select(cell=pl.col(name)).filter(pl.col("cell").str.contains("@", literal=True)).unique()
        lists = texts.select(pl.col("cell").str.to_lowercase().str.extract_all(_ADDRESS))
        found |= {end for one in lists.explode("cell").collect()["cell"].drop_nulls().unique() for end in _ended(one)}
    return found


def _ended(address: str) -> Iterator[str]:
    """An address, and what it is if what ends it is the ending of a file's name."""
    yield address
    if cut := re.fullmatch(rf"(.*)\.{FILE_ENDINGS}", address):
        yield cut[1]


def _addresses_in_name(name: str) -> Iterator[str]:
    """What may be an address in a file's name, where other words stand before it: `survey_bo@example.com.csv`."""
    for address in re.findall(_ADDRESS, name):
        for whole in _ended(address):
            local, _, domain = whole.partition("@")
            starts = [0, *(found.end() for found in re.finditer(r"[_.+-]", local))]
            yield from (f"{local[start:]}@{domain}" for start in starts if local[start:])
