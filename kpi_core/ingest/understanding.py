"""How a file is to be read: as the format it is in, else by the draft of a mapping that `kundpuls map` would make.

A spreadsheet known by common headers alone is read with what a draft finds in addition; see `drafted`, which is imported
only where a draft is wanted.
"""

from kpi_core.ingest.file_read import Choices, Understood
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.recognise import by_name, recognised


def understand(raw: RawExport, choices: Choices, *, is_alone: bool = True) -> Understood:
    """How the file is read.

    Raises:
        ExportError: nothing fits it, or what matters in it is unsure.
        MappingError: the mapping named does not fit it.
    """
    if named := by_name(raw, choices.mappings, is_alone=is_alone, given=choices.columns):
        return Understood(match=named)
    match = recognised(raw)
    if match is not None and not match.mapping.fallback:
        return Understood(match=match)
    from kpi_core.ingest.drafted import by_draft

    return by_draft(raw, match, choices)
