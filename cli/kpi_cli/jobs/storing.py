"""What each action of `kundpuls store` does, and the words that it takes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kpi_cli.boundary import UsageError
from kpi_cli.options.delivery import LanguageName
from kpi_cli.options.reading import Reading

if TYPE_CHECKING:
    from kpi_cli.documents.document import Document

TAKES = {
    "status": (), "log": (), "compact": (), "export": ("FOLDER",), "name": ("VERSION", "NAME"), "forget": ("CUSTOMER",),
    "remember": ("CUSTOMER",),
}  # fmt: skip
"""The words after each action."""
OF_VERSIONS = ("status", "export")
"""The actions that can be about an older version."""

Action: TypeAlias = "Callable[[Path, Sequence[str], Reading, LanguageName], Document]"


def words(action: str, given: Sequence[str], reading: Reading) -> Sequence[str]:
    """The words of an action.

    Raises:
        UsageError: they are too few or too many, or a version is asked for where there is but one.
    """
    takes = TAKES[action]
    if len(given) != len(takes):
        hint = " ".join(("kundpuls store", action, *takes, "--store FOLDER"))
        raise UsageError(f"`store {action}` takes {_count(len(takes))}, and {len(given)} are given", hint=hint)
    if action not in OF_VERSIONS and (reading.as_of_version or reading.as_ingested):
        raise UsageError(f"`store {action}` is about all versions", hint="leave out --as-of-version and --as-ingested")
    return given


def _count(number: int) -> str:
    return ("no words", "one word", "two words")[number]


def _status(place: Path, _: Sequence[str], reading: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import StatusDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.status import status

    return StatusDocument(status(place, reading.as_of_version, reading.as_ingested), Wording(lang))


def _log(place: Path, _: Sequence[str], __: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import LogDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.status import log

    return LogDocument(place, log(place), Wording(lang))


def _name(place: Path, given: Sequence[str], _: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import DoneDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.status import name

    version, called = given
    return DoneDocument(place, "name", Wording(lang), version=name(place, version, called), name=called)


def _compact(place: Path, _: Sequence[str], __: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import DoneDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.status import compact

    return DoneDocument(place, "compact", Wording(lang), bytes=compact(place))


def _export(place: Path, given: Sequence[str], reading: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import ExportedDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.exporting import export

    written = export(Path(given[0]), reading.choices())
    return ExportedDocument(place, ((one.table, one.path, one.rows) for one in written), Wording(lang))


def _forget(place: Path, given: Sequence[str], reading: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import DoneDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.forgetting import forget

    found = forget(place, given[0], reading.choices())
    if found.way is not None:
        raise UsageError(f"no row in the store names a customer `{given[0]}`: nothing was changed", hint=found.way)
    return DoneDocument(place, "forget", Wording(lang), rows=found.rows, exports=found.exports, before=found.before)


def _remember(place: Path, given: Sequence[str], _: Reading, lang: LanguageName) -> "Document":
    from kpi_cli.documents.stores import DoneDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.store.suppressing import remember

    notes = remember(place, given[0])
    if not notes:
        hint = "name them as they were forgotten, or by what they were called in the same rows"
        raise UsageError(f"no customer `{given[0]}` was forgotten: nothing was changed", hint=hint)
    return DoneDocument(place, "remember", Wording(lang), notes=notes)


ACTIONS: dict[str, Action] = {
    "status": _status, "log": _log, "name": _name, "compact": _compact, "export": _export, "forget": _forget,
    "remember": _remember,
}  # fmt: skip
"""What is done, and the document of what came of it."""
