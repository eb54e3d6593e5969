"""What a line above or below a table says of the scale of its answers, where the question was read otherwise: `1 = mycket nöjd, 5 = mycket missnöjd`."""

from collections.abc import Iterator, Sequence

from kpi_core.ingest.cells.scores.stated_scales import Stated, stated
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex

CODE = "scale-beside"
_OF_SCALE = regex(r"(?i)\b(?:skala\w*|skalor|scales?|asteikko\w*)\b")
EFFORT = "ces"
"""Of which nobody takes a direction for granted."""


def scale_beside(read: FileRead, lines: Sequence[str]) -> Iterator[Finding]:
    """What is said of the questions of a file whose scale a line beside the table gives otherwise; what the user or the header says goes before it."""
    if not read.questions:
        return
    told = [(line, says) for line in lines if (says := stated(line)).way or (says.ends and _OF_SCALE.search(line))]
    for question in read.questions:
        line = next((line for line, says in told if _is_against(question, says)), None)
        if line is not None:
            message = Message("scale-beside", file=read.name, line=line, header=question.header, question=question.name)
            yield Finding(
                code=CODE, message=message, kpis=(f"{question.name}*", "nki*"), is_serious=True, consequence=Consequence.NO_VALUE
            )  # fmt: skip


def _is_against(question: Question, says: Stated) -> bool:
    scale = question.reading.scale
    is_other = says.ends is not None and scale is not None and question.declared is None and tuple(scale) != says.ends
    is_turned = says.way == "lower" and question.way is None and question.name != EFFORT
    return is_other or is_turned
