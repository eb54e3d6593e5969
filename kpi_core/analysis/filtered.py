"""The rows that a report is asked for: those that meet its condition, in tables that have its dimensions."""

from collections.abc import Mapping

import polars as pl

from kpi_core.analysis.request import Request
from kpi_core.errors import DefinitionError
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.conditions import where
from kpi_core.model.conditions.sql import check_condition, parse_condition
from kpi_core.model.findings import Finding
from kpi_core.model.tables import TABLES, Kind

NO_DIMENSIONS = frozenset({Kind.INSTANT, Kind.DURATION, Kind.NUMBER, Kind.KEY})
HINT_DIMENSIONS = "split by agent, group, channel, product, priority, type or status, or by a header of the files"


def filtered(
    whole: Mapping[str, pl.DataFrame], request: Request, zone: str | None, headers: where.Headers
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """The tables with only the rows that meet the condition, and the notes on them; a table that cannot say is left out whole.

    Raises:
        DefinitionError: a dimension is none of the files, or the condition means nothing to them, or no row meets it.
    """
    tables = dict(whole)
    for name in request.by:
        if not any(name in frame.columns for frame in tables.values()):
            known = sorted({column for table in TABLES.values() for column in table.names})
            raise DefinitionError(
                f"no dimension `{name}` in the files",
                where="--by",
                hint=f"a header of the files, or one of {', '.join(known)}",
            )
        kinds = {column.kind for table in TABLES.values() if (column := table.column(name))}
        if kinds & NO_DIMENSIONS:
            raise DefinitionError(
                f"`{name}` is no dimension: nearly every row has its own", where="--by", hint=HINT_DIMENSIONS
            )
    if request.where is None:
        return tables, []
    fitting = {name: frame for name, frame in tables.items() if where.fits(frame, request.where)}
    if not fitting:
        widest = max(tables.values(), key=lambda frame: frame.width)
        check_condition(parse_condition(request.where), widest, request.where)
        raise DefinitionError(f"no file writes the keys of `{request.where}`", where="--where")
    blanks = _blanks(fitting, request.where)
    for name, frame in fitting.items():
        fitting[name] = where.met(frame, request.where, zone, headers)
    if all(frame.is_empty() for frame in fitting.values()):
        raise DefinitionError(
            f"no row meets `{request.where}`", where="--where", hint=where.common_words(tables.values(), request.where)
        )
    gone = sorted(set(tables) - set(fitting))
    texts = [
        Finding(code="where", message=Message("where-leaves-out", table=called(name)), is_serious=True) for name in gone
    ]
    return fitting, [*texts, *blanks]


def _blanks(tables: Mapping[str, pl.DataFrame], condition: str) -> list[Finding]:
    """What becomes of rows without a value where a condition says what is not."""
    return [
        Finding(
            code="where",
            message=Message(
                "where-blanks-are-other" if are_other else "where-blanks-unmet",
                count=count,
                column=column,
                table=called(name),
            ),
        )
        for name, frame in tables.items()
        for column, count, are_other in where.blanks_met(frame, condition)
    ]
