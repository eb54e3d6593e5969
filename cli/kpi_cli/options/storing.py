"""The store: which one, which version of it, and what is done with it."""

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, panels
from kpi_core.patterns import regex
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.documents.wording import Language, Wording
    from kpi_core.ingest.files.inputs import Input

_FILES = regex(r"(`kundpuls (?!config|formats|ingest|kpis|map|merge|partial|run)[^`]*?)\bFILES?\b")
"""In a hint, a command that reads a store too, up to its files."""
_OF_A_KPI = regex(r"(`kundpuls kpis [^` ]+) FILES")
"""What explains a KPI, and reads files alone."""

StoreOption: TypeAlias = Annotated[
    Path | None,
    panels.reading(
        "--store",
        metavar="FOLDER",
        show_default=False,
        help="The folder of a store, which `kundpuls ingest` keeps exports in; they are read with FILES, if there are any.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Folder:
    """The folder of a store."""

    store: StoreOption = None

    def place(self) -> Path:
        """The same, where a command needs it.

        Raises:
            UsageError: none is named.
        """
        if self.store is None:
            hint = "name its folder: --store FOLDER, or `store:` under `defaults:` in kundpuls.yaml"
            raise UsageError("no store is named", hint=hint)
        return self.store


@dataclass(frozen=True, kw_only=True)
class Stored(Folder):
    """What is read from a store."""

    as_of_version: Annotated[
        str | None,
        panels.reading(
            metavar="N|NAME",
            parser=arguments.text,
            show_default="the newest",
            help="The store as it was in this version, by its number or the name it was given.",
        ),
    ] = None
    as_ingested: Annotated[
        date | None,
        panels.reading(
            metavar="INSTANT",
            parser=arguments.instant,
            show_default="now",
            help="The store as it was then: what did we report on 2026-10-31?",
        ),
    ] = None

    def options(self) -> str:
        """The same as a command names it, for pages and hints to suggest others on what was read; empty without a store."""
        if self.store is None:
            return ""
        words = ["--store", str(self.store)]
        if self.as_of_version is not None:
            words += ["--as-of-version", self.as_of_version]
        if self.as_ingested is not None:
            words += ["--as-ingested", self.as_ingested.isoformat()]
        return shlex.join(words)

    def wording(self, lang: "Language", files: Sequence[str]) -> "Wording":
        """The words of a page on what is read, which names it in the commands that it suggests."""
        from kpi_cli.documents.wording import Wording

        return Wording(lang, words=files, store=self.options())

    def hint(self, hint: str | None, *, has_files: bool) -> str | None:
        """A hint of the core, its commands on the store that is read and on files where some were; as it is without a store."""
        options = self.options()
        if hint is None or not options:
            return hint
        named = f"FILES {options}" if has_files else options
        return _FILES.sub(lambda found: f"{found[1]}{named}", hint if has_files else _OF_A_KPI.sub(r"\1", hint))

    def reads(self, files: Sequence[str] | None) -> bool:
        """Whether anything is read: files, or a store."""
        return bool(files) or self.store is not None

    def named(self, files: Sequence[str]) -> Sequence[str]:
        """What is read, by name: the files, else the store."""
        return files or [str(self.store)]

    def stored(self) -> "tuple[Input, ...]":
        """The exports of the store that is named, none where none is.

        Raises:
            UsageError: a version of no store is asked for, or one in two ways.
            StoreError: there is no such store or version.
        """
        if self.as_of_version is not None and self.as_ingested is not None:
            raise UsageError("either --as-of-version or --as-ingested")
        if self.store is None:
            if self.as_of_version is not None or self.as_ingested is not None:
                given = "--as-of-version" if self.as_of_version is not None else "--as-ingested"
                raise UsageError(f"`{given}` is about a store, and none is named", hint="name it: --store FOLDER")
            return ()
        from kpi_core.store.reading import inputs

        return inputs(self.store, self.as_of_version, self.as_ingested)


@dataclass(frozen=True, kw_only=True)
class Ingesting(Folder):
    """Into which store exports go, and when they were taken."""

    store: Annotated[
        Path | None,
        panels.common("--store", metavar="FOLDER", show_default=False, help="The folder of the store; one that is not there yet, or empty, becomes one."),
    ] = None  # fmt: skip
    taken: Annotated[
        date | None,
        panels.common(
            metavar="INSTANT",
            parser=arguments.instant,
            show_default="the newest event in each file",
            help="When the exports were taken, as 2026-10-31: of two rows of one ticket the later may depend on it.",
        ),
    ] = None
