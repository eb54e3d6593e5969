"""The report as one JSON object a line, for streams: the question and its sources, then every result.

Each line names its `type`: query, result, unavailable, finding or responses; the rest is the JSON document's own shape.
"""

from typing import TextIO

from kpi_cli.documents.wording import Wording
from kpi_cli.outputs import json
from kpi_cli.responses import responses
from kpi_core.model.report import Report


def write(report: Report, target: TextIO, wording: Wording) -> None:
    """Writes the lines. The wording is not used: machines read one language."""
    lines: list[json.Record] = [
        {"type": "query", **json.heading(report), "sources": [json.source(one) for one in report.sources]},
        *({"type": "result", **json.result(one, report.query)} for one in report.results),
        *({"type": "unavailable", **one} for one in json.unavailable(report)),
        *({"type": "finding", **one} for one in json.findings(report)),
        *({"type": "responses", **responses(one, report.query)} for one in report.spreads),
    ]
    target.writelines(json.dumped(line, target) + "\n" for line in lines)
