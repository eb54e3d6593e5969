"""Whose outcome is looked at, and under which names: results of single people are asked for by name, and written with care."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from kpi_cli.boundary import UsageError
from kpi_cli.options import completion, panels
from kpi_cli.options.project import Project
from kpi_cli.options.question import Hours, Population
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.analysis.agents.answer import Agents, Consent
    from kpi_core.analysis.request import Request
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.model.kpi import Kpi

HEADER = ("pseudonym", "agent")
"""The columns of a key."""


@dataclass(frozen=True, kw_only=True)
class Outcome(Hours, Population):
    """Which outcome is compared with load and case mix, of which rows."""

    period: Annotated[
        str | None,
        panels.common(
            metavar="PERIOD", show_default="the newest 26 whole weeks that are final",
            help="2026-10, 2026-Q3, 2026-W45, 2026, last-month, 2026-01-01..2026-03-31 or all. Load is looked at over 26 weeks up to its end.",
        ),
    ] = None  # fmt: skip
    outcome: Annotated[
        str,
        panels.common(
            "--kpi",
            metavar="NAME",
            autocompletion=completion.kpi,
            help="The outcome: a KPI that is a share, such as csat.",
        ),
    ] = "resolution_rate_cohort"
    min_n: Annotated[
        int | None,
        panels.judging(metavar="N", min=1, show_default="10", help="Show nobody with fewer rows than this."),
    ] = None  # fmt: skip

    def asked(self, known: "tuple[Kpi, ...]") -> "Request":
        """The same for the core, of one KPI."""
        from dataclasses import replace

        from kpi_cli.options.naming import kpi_called

        return replace(self.request(known, kpi=[kpi_called(self.outcome, known)]), min_n=self.min_n)


@dataclass(frozen=True, kw_only=True)
class People:
    """Whether teams or single agents are looked at, and under which names.

    Raises:
        UsageError: pseudonyms are asked for where nobody is named.
    """

    level: Annotated[
        Literal["group", "agent"],
        panels.common("--by", metavar="WHOM", help="Teams (group), or single agents (agent): those need `privacy.agents` in the project file."),
    ] = "group"  # fmt: skip
    pseudonyms: Annotated[
        Path | None,
        panels.output("--pseudonyms", metavar="FILE", show_default=False,
                      help="Write agents under pseudonyms, and who is who to this key (.csv), which only you may read; a key that is there goes on."),
    ] = None  # fmt: skip

    def __post_init__(self) -> None:
        if self.pseudonyms is None:
            return
        if self.level != "agent":
            raise UsageError(
                "`--pseudonyms` are of single agents",
                hint="say --by agent too, or leave it out: teams are named as they are",
            )
        if self.pseudonyms.suffix.lower() != ".csv":
            raise UsageError(f"`{self.pseudonyms}` would be no key", hint="name a file that ends in .csv")

    def found(self, dataset: "Dataset", request: "Request", project: Project | None) -> "Agents":
        """What comes of it; the key is written before anything is shown under its names."""
        import random

        from kpi_core.analysis.agents.agents import agents
        from kpi_core.analysis.agents.answer import Level
        from kpi_core.analysis.agents.people import names_of, pseudonyms
        from kpi_core.facts.automatic_agents import is_automatic

        level, consent = Level(self.level), consent_of(project)
        if self.pseudonyms is None or consent is None:
            return agents(dataset, request, level, consent)
        names = [name for name in names_of(dataset) if not is_automatic(name)]
        key = pseudonyms(names, read_key(self.pseudonyms), random.SystemRandom())
        found = agents(dataset, request, level, consent, key)
        write_key(self.pseudonyms, key)
        return found

    def check(self, request: "Request", project: Project | None) -> None:
        """Refuses what is not answered before files are read.

        Raises:
            DefinitionError: individual results are asked for without a purpose, or the KPI is no share.
        """
        from kpi_core.analysis.agents.agents import check
        from kpi_core.analysis.agents.answer import Level

        check(request, Level(self.level), consent_of(project))


def consent_of(project: Project | None) -> "Consent | None":
    """What the project file says of individual results."""
    return None if project is None else project.consent


def read_key(path: Path) -> dict[str, str]:
    """Pseudonyms by name, as a key file that is there has them; none where there is no such file.

    Raises:
        KpiError: it is no key, or it gives one pseudonym to two.
    """
    import csv

    from kpi_core.errors import KpiError

    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows: list[list[str]] = [*csv.reader(stream)]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise KpiError("cannot be read as a key of pseudonyms", where=path, hint="name a new file") from None
    if (rows and tuple(rows[0]) != HEADER) or any(len(row) != len(HEADER) for row in rows):
        raise KpiError(
            f"is no key of pseudonyms: its header is not `{','.join(HEADER)}`", where=path, hint="name a new file"
        )
    found = {agent: pseudonym for pseudonym, agent in rows[1:]}
    if len({*found.values()}) < len(found):
        raise KpiError("gives one pseudonym to two agents", where=path, hint="mend it, or name a new file")
    return found


def write_key(path: Path, key: Mapping[str, str]) -> None:
    """Writes a key that only its owner may read, whoever could read the file before."""
    import csv

    from kpi_cli import writing

    rows = sorted(((called, agent) for agent, called in key.items()), key=_by_number)
    with writing.atomic_path(path) as draft:
        draft.chmod(0o600)
        if path.exists():
            path.chmod(0o600)
        with draft.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows)


def _by_number(row: Sequence[str]) -> tuple[int, str]:
    """`Agent 2` before `Agent 10`."""
    return len(row[0]), row[0]
