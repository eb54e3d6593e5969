"""The columns that the user names (`--column FIELD=HEADER`), over what a mapping says."""

from dataclasses import replace

from kpi_core.config.validation import suggestion
from kpi_core.errors import MappingError
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.ingest.headers.vocabulary import says_the_contrary
from kpi_core.model.tables import TABLES, Kind


def with_columns(match: Match, choices: Choices, raw: RawExport) -> Match:
    """The match with the user's `FIELD=HEADER` put over the mapping."""
    if not choices.columns:
        return match
    table = TABLES[match.mapping.table]
    columns, answers = dict(match.mapping.columns), list(match.mapping.answers)
    questions = {answer.question: place for place, answer in enumerate(answers)}
    for name, header in choices.columns.items():
        if match.index([header]) is None:
            raise MappingError(f"no column `{header}`{suggestion(header, match.headers)}", where=raw.name)
        if (one := table.column(name)) is not None:
            is_turned = one.kind is Kind.TRUTH and says_the_contrary(header)
            headers = {"headers": (), "opposite": (header,)} if is_turned else {"headers": (header,)}
            columns[name] = columns.get(name, ColumnSpec()).model_copy(update=headers)
        elif name in questions:
            answers[questions[name]] = answers[questions[name]].model_copy(
                update={"headers": (header,), "matching": ()}
            )
        else:
            known = (*table.names, *questions)
            raise MappingError(f"no field `{name}` in {table.name}{suggestion(name, known)}", where="--column")
    mapping = match.mapping.model_copy(update={"columns": columns, "answers": tuple(answers)})
    return replace(match, mapping=mapping)


def there(choices: Choices, match: Match) -> Choices:
    """What the user settles, of columns those that the file has as it stands."""
    return replace(
        choices, columns={name: header for name, header in choices.columns.items() if match.index([header]) is not None}
    )
