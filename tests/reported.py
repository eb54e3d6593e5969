"""A report as its JSON says it: values by KPI, the account of the files, and the findings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invoked import piped

from kpi_core.messages.message import Text

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Reported:
    """A report read from its JSON."""

    document: dict[str, Any]

    def result(self, kpi: str, **group: str | None) -> dict[str, Any] | None:
        """The result of a KPI in one group; None where it has none."""
        found = [each for each in self.document["results"] if each["kpi"] == kpi and each["group"] == group]
        return found[0] if found else None

    def value(self, kpi: str, **group: str | None) -> Any:
        """The value of a KPI as JSON has it; None where there is none."""
        result = self.result(kpi, **group)
        return None if result is None else result["value"]

    @property
    def values(self) -> dict[str, Any]:
        """Every total by KPI: value, n and interval."""
        return {
            each["kpi"]: (each["value"], each["n"], each["low"], each["high"])
            for each in self.document["results"]
            if not each["group"]
        }

    @property
    def refused(self) -> list[dict[str, int]]:
        """Of each source the rows that were not used, by reason."""
        return [source["rows_refused"] for source in self.document["sources"]]

    @property
    def codes(self) -> set[str]:
        """The codes of the findings."""
        return {finding["code"] for finding in self.document["findings"]}

    def finding_text(self, code: str) -> str:
        """The texts of the findings of a code."""
        return "\n".join(finding["text"] for finding in self.document["findings"] if finding["code"] == code)

    @property
    def notes(self) -> str:
        """The findings on the files."""
        return "\n".join(note for source in self.document["sources"] for note in source["notes"])


def reported(*arguments: object, period: str = "all") -> Reported:
    """`kundpuls report` of some files; it must end well."""
    ended = piped("report", *arguments, "--period", period, "--compare", "none", "--format", "json")
    assert ended.code == 0, ended.err
    return Reported(json.loads(ended.out))


def english(counts: Mapping[Text, int]) -> dict[str, int]:
    """Counts by reason, with the reasons as they are reported in English."""
    return {str(reason): count for reason, count in counts.items()}
