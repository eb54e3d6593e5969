"""A version of a store, as files to read."""

import difflib
import shlex
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kpi_core.errors import StoreError
from kpi_core.ingest.files.inputs import Input
from kpi_core.store.exports import inputs_of, stored
from kpi_core.store.folder import Store, found
from kpi_core.store.versions import Versions


def inputs(place: Path, version: str | None = None, ingested: date | None = None) -> tuple[Input, ...]:
    """The exports of a store, in the order they were taken in.

    Args:
        place: its folder.
        version: a number, or the name that was given to one.
        ingested: as of when what had been ingested is asked for; a day means its end, here.

    Raises:
        StoreError: there is no such store or version, or nothing in it.
    """
    store = found(place)
    try:
        return _inputs(store, version, ingested)
    except StoreError:
        now = found(place)
        if now.table == store.table:
            raise
        return _inputs(now, version, ingested)  # a customer was forgotten meanwhile


def _inputs(store: Store, version: str | None, ingested: date | None) -> tuple[Input, ...]:
    versions = Versions(folder=store.exports)
    number = version_asked(store, versions, version, ingested)
    found = tuple(inputs_of(versions, stored(versions, versions.exports(number))))
    if not found:
        hint = f"`kundpuls ingest FILES --store {shlex.quote(str(store.place))}` adds exports"
        raise StoreError("the store holds no export", where=store.place, hint=hint)
    return found


def version_asked(store: Store, versions: Versions, version: str | None, ingested: date | None = None) -> int | None:
    """The number of the version that is asked for; None for the newest.

    Raises:
        StoreError: there is none such.
    """
    if ingested is not None:
        return _at(store, versions, ingested)
    if version is None:
        return None
    numbers = [one.number for one in versions.log()]
    number = int(version) if version.isdecimal() else store.names.get(version)
    if number is not None and number in numbers:
        return number
    near = difflib.get_close_matches(version, store.names, n=1)
    hint = f"did you mean `{near[0]}`?" if near else _listed(numbers, store)
    raise StoreError(f"has no version `{version}`", where=store.place, hint=hint)


def _at(store: Store, versions: Versions, ingested: date) -> int:
    is_instant = isinstance(ingested, datetime)
    until = ingested if isinstance(ingested, datetime) else datetime.combine(ingested + timedelta(days=1), time.min)
    known = [one for one in versions.log() if (one.at <= _utc(until) if is_instant else one.at < _utc(until))]
    if not known:
        first = next((f"its first version is of {one.at.astimezone():%Y-%m-%d %H:%M}" for one in versions.log()), None)
        raise StoreError(f"had no version by {ingested}", where=store.place, hint=first)
    return known[-1].number


def _utc(instant: datetime) -> datetime:
    """An instant; of one that names no zone, by this machine's clock."""
    return instant.astimezone(UTC)


def _listed(numbers: Sequence[int], store: Store) -> str:
    shown = ", ".join(map(str, numbers)) or "none yet"
    names = f", and the names {', '.join(sorted(store.names))}" if store.names else ""
    return (
        f"there are {shown}{names}; `kundpuls store log --store {shlex.quote(str(store.place))}` says what each brought"
    )
