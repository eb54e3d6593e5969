"""`benchmarks:` of a project file: figures of others that a user wants to see next to a KPI."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from kpi_cli.options.amounts import amount
from kpi_core.kpis.benchmarks import Benchmark, in_all
from kpi_core.model.kpi import Kpi


def _words(value: Any) -> Any:
    """A text for all languages, or one for each."""
    if isinstance(value, dict) and not all(isinstance(text, str) for text in value.values()):
        raise ValueError("write a text, or a text by language: {en: …, sv: …}")
    return in_all(value) if isinstance(value, str | dict) else value


Words = Annotated[Mapping[str, str], BeforeValidator(_words)]


class OwnFigure(BaseModel):
    """One figure: its value as a target is written, from when, whose, where it stands, how it was counted, and what keeps it from being compared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str
    year: int
    source: Words
    whose: Words = {}
    formula: Words = {}
    not_comparable: Words = {}

    def benchmark(self, kpi: str, known: Sequence[Kpi]) -> Benchmark:
        """The same for the core.

        Raises:
            ValueError: it is no value of the KPI.
        """
        unit = next(one.unit.value for one in known if one.name == kpi)
        goal = amount(self.value, unit)
        return Benchmark(
            kpi=kpi, low=goal.value, high=goal.value, of=goal.highest, year=self.year, whose=self.whose or self.source, source=self.source,
            formula=self.formula, not_comparable=self.not_comparable, is_own=True,
        )  # fmt: skip
