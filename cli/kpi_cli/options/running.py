"""Which jobs of a project file are run, and how much is printed about it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels, project
from kpi_cli.options.delivery import Quiet
from kpi_core.config.validation import suggestion
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.options.job import Job


@dataclass(frozen=True, kw_only=True)
class Running(Quiet):
    """How jobs are run."""

    dry_run: Annotated[
        bool,
        panels.output("--dry-run", metavar="", help="Say what would be read, as what, and what would be written, then stop."),
    ] = False  # fmt: skip
    config: project.Config = None

    @property
    def file(self) -> project.Project:
        """The project file that describes the jobs.

        Raises:
            UsageError: there is none.
        """
        if self.config is None:
            hint = "`kundpuls config init FILES` writes one; --config names one that lies elsewhere"
            raise UsageError(f"there is no {project.NAME} here or in a folder above", hint=hint)
        return self.config

    def chosen(self, names: Sequence[str]) -> "Mapping[str, Job]":
        """The jobs of these names in their order, all where none is named.

        Raises:
            UsageError: there is no such job, or none at all.
        """
        jobs = self.file.jobs
        if not jobs:
            hint = "jobs:\n  monthly: {files: exports/, outputs: '{period}.xlsx'}"
            raise UsageError(f"{self.file.path} describes no jobs", hint=hint)
        for name in names:
            if name not in jobs:
                hint = suggestion(name, tuple(jobs)).removeprefix(", ") or f"there are {', '.join(jobs)}"
                raise UsageError(f"no job `{name}` in {self.file.path}", hint=hint)
        return {name: jobs[name] for name in names or jobs}
