"""What is asked of comments: of which KPI, how many are shown, and whether what leads to a person is masked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels
from kpi_cli.options.naming import kpi_called
from kpi_cli.options.question import ByOption, Population
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.request import Request
    from kpi_core.analysis.voices.voices import Voices
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.model.kpi import Kpi


@dataclass(frozen=True, kw_only=True)
class Listening(Population):
    """Whose comments are looked at."""

    by: ByOption = ()
    confidence: Annotated[
        float,
        panels.judging(metavar="SHARE", min=0.5, max=0.999, help="How sure an interval is to hold the true value."),
    ] = 0.95

    def asked(self, kpi: str | None, known: "tuple[Kpi, ...]") -> "Request":
        """The same for the core, of one KPI or of those that comments are looked for on.

        Raises:
            UsageError: a KPI or period means nothing.
        """
        from kpi_core.analysis.voices.voices import ASKED

        names = ASKED if kpi is None else (kpi_called(kpi, known),)
        return replace(self.request(known, kpi=names, by=self.by), confidence=self.confidence)


@dataclass(frozen=True, kw_only=True)
class Quoting:
    """How much of the comments is shown, and in which shape."""

    quotes: Annotated[
        int, panels.output("--quotes", metavar="N", min=0, max=1000, help="The most comments to show.")
    ] = 5  # fmt: skip
    unmasked: Annotated[
        bool,
        panels.output("--unmasked", metavar="", help="Leave names, addresses and numbers of people in what is shown."),
    ] = False  # fmt: skip

    def found(self, dataset: "Dataset", request: "Request") -> "Voices":
        """What was written."""
        from kpi_core.analysis.voices.voices import voices

        return voices(dataset, request, quotes=self.quotes, is_masked=not self.unmasked)


def kpi_and_files(named: Sequence[str], known: "tuple[Kpi, ...]", *, has_store: bool) -> tuple[str | None, list[str]]:
    """The KPI that is named first, None for none, and the files, which may be none where there is a store.

    Raises:
        UsageError: a KPI is named, and no file.
    """
    if not named:
        return None, []
    first, *rest = named
    is_kpi = first in {one.name for one in known} or not (rest == [] or Path(first).exists() or _is_path(first))
    if is_kpi and not rest and not has_store:
        raise UsageError("which files?", hint=f"`kundpuls voices {first} survey.csv`")
    return (first, rest) if is_kpi else (None, [*named])


def _is_path(text: str) -> bool:
    """Whether a word is written as a file, folder, pattern of files or stdin, there or not."""
    return text == "-" or any(mark in text for mark in "./\\*?[")
