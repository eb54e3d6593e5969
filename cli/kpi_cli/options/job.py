"""`jobs:` of a project file: reports that are made again and again, each as the command line of `report` that it stands for."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from kpi_cli import outputs
from kpi_cli.options import arguments
from kpi_cli.options.delivery import LanguageName
from kpi_cli.options.sections import Comparison, KpiName, MappingName, Section, defined, is_file, listed
from kpi_core.model.periods import Grain, parse_period

Names = Annotated[tuple[Annotated[str, AfterValidator(arguments.text)], ...], BeforeValidator(listed)]
"""One name, or several in a list."""


def _period(text: str) -> str:
    defined(lambda: parse_period(text, date(2000, 1, 31)))
    return text


class Job(Section):
    """One report: what is read, which figures are asked for, and where the answer goes.

    Every key is an option of `report`; what is left out is as in `defaults:`. Files, stores and outputs are looked for next to the
    project file; `{period}` in the name of an output stands for the report's.
    """

    files: Annotated[Names, Field(description="Exports: paths, folders, patterns.")] = ()
    store: Annotated[str, AfterValidator(arguments.text), Field(description="The folder of a store.")] | None = None
    outputs: Annotated[Names, Field(min_length=1, description="Files to write; their endings say their formats.")]
    period: Annotated[str, AfterValidator(_period)] | None = None
    grain: Grain | None = None
    compare: Comparison | None = None
    by: Names = ()
    kpis: Annotated[tuple[KpiName, ...], BeforeValidator(listed)] = ()
    where: str | None = None
    as_of: str | None = None
    answers: str | None = None
    min_n: int | None = Field(default=None, ge=1)
    mapping: Annotated[tuple[MappingName, ...], BeforeValidator(listed)] = ()
    lang: LanguageName | None = None
    all: bool = False
    notes: bool = False
    refused: str | None = None
    todo: Names = ()
    subject: str | None = None
    template: str | None = None
    fail_on: Names = ()
    strict: bool = False

    @field_validator("outputs")
    @classmethod
    def _are_formats(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if outputs.by_extension(Path(name).suffix) is None:
                raise ValueError(f"`{name}` has no ending that says its format: {', '.join(outputs.endings())}")
        return names

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if not self.files and self.store is None:
            raise ValueError("it reads nothing: name `files`, or a `store`")
        return self

    def command_line(self, folder: Path) -> list[str]:
        """What `kundpuls` is given: the command, its options, its files.

        Args:
            folder: where the project file lies.
        """
        return ["report", *self._options(folder), "--", *(str(folder / name) for name in self.files)]

    def places(self, folder: Path) -> list[Path]:
        """Every file that it writes."""
        also = [name for name in (self.refused, self.subject) if name is not None]
        return [folder / name for name in (*self.outputs, *self.todo, *also)]

    def _options(self, folder: Path) -> Iterator[str]:
        single = {
            "--period": self.period, "--grain": self.grain, "--compare": self.compare, "--where": self.where, "--as-of": self.as_of,
            "--answers": self.answers, "--min-n": self.min_n, "--lang": self.lang, "--fail-on": ",".join(self.fail_on) or None,
            "--refused": self.refused and folder / self.refused, "--subject": self.subject and folder / self.subject, "--template": self.template and folder / self.template,
            "--store": self.store and folder / self.store,
        }  # fmt: skip
        several = {
            "--by": self.by, "--kpi": self.kpis, "--mapping": [folder / one if is_file(one) else one for one in self.mapping],
            "-o": [folder / one for one in self.outputs], "--todo": [folder / one for one in self.todo],
        }  # fmt: skip
        flags = {"--all": self.all, "--notes": self.notes, "--strict": self.strict}
        for option, value in single.items():
            yield from () if value is None else (option, str(value))
        for option, values in several.items():
            for value in values:
                yield from (option, str(value))
        yield from (option for option, is_on in flags.items() if is_on)
