"""The survey questions of all files together: what their words mean, what scales they are on, and the findings on it.

A survey split over files is one survey: files of one format and with the same headers share the understanding of a question.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from weakref import WeakKeyDictionary

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.cells.scores.label_order import AGAINST
from kpi_core.ingest.cells.scores.scales import ABOVE, ELEVEN
from kpi_core.ingest.cells.scores.scales_apart import OTHERS, heights
from kpi_core.ingest.cells.scores.score_cells import shaped
from kpi_core.ingest.cells.scores.scores import BY_ANSWERS, NO_TRUTH, ONE_OR_TWO, USUAL, understand
from kpi_core.ingest.cells.scores.worded_scales import FALL_TOGETHER
from kpi_core.ingest.fields.narrow_scan import STREAMED
from kpi_core.ingest.fields.review_cells import RATING
from kpi_core.ingest.questions.survey_questions import (
    MEANS,
    MOST_STEPS,
    OUT_OF_PLACE,
    SATISFACTION,
    USUAL_SCALES,
    YES_NO,
    Question,
)
from kpi_core.ingest.questions.unread_answers import KPIS
from kpi_core.ingest.read import Scanned
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.records import dataclass

SCALES = {"nps": "0-10"}
"""The scale that a hint names, where it is not five steps."""
OF_BEST_MARKS = {
    "csat": ("csat", "csat_lower_bound", "csat_upper_bound"),
    "treatment": ("treatment_top2",),
    "competence": ("competence_top2",),
}
"""The KPIs of each question that are shares of its best marks."""
GROUPS = {9.5: "9–10", 7.5: "7–8", 3.0: "0–6"}
"""The marks of the groups of a recommendation, by the mark that stands for each."""
LISTED = 3
"""Answers that are shown of those between steps."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """A question as all files of one survey ask it, settled; its different cells, and the names of the files."""

    question: Question
    cells: pl.DataFrame
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Settled:
    """The settled questions of each file, by question where its scale is from, and the findings on them."""

    questions: list[list[Question]]
    evidence: Mapping[str, Message | None]
    findings: list[Finding]


_ahead: WeakKeyDictionary[Scanned, dict[str, Survey]] = WeakKeyDictionary()
"""What is known of questions of large files by their own cells, while other files were scanned."""


def settle_ahead(file: Scanned) -> None:
    """Settles the questions of a large file, once it is scanned: `settle_questions` knows them then, unless other files ask them too."""
    if file.raw.size < STREAMED:
        return
    known = _ahead.setdefault(file, {})
    for question in file.asked:
        if not question.name.startswith("nki_"):
            with suppress(ExportError):  # raised when all files are there
                known[question.name] = _settled_by_cells([(file, question)], question)


def settle_questions(files: Sequence[Scanned]) -> Settled:
    """The questions of all files settled.

    Raises:
        ExportError: a direction is stated that the words of a question contradict.
    """
    groups: dict[tuple[object, ...], list[tuple[Scanned, Question]]] = {}
    for file in files:
        for question in file.asked:
            groups.setdefault(_survey(file, question), []).append((file, question))
    batteries = _batteries(groups)
    surveys, own = dict[tuple[object, ...], Survey](), dict[tuple[int, tuple[object, ...]], tuple[object, ...]]()
    findings = list[Finding]()
    for key, members in groups.items():
        parts = {(*key, end): part for end, part in _by_height(members, batteries).items()}
        surveys |= {name: _settled(part, batteries) for name, part in parts.items()}
        own |= {(id(file), key): name for name, part in parts.items() for file, _ in part}
        scales = {surveys[name].question.reading.scale for name in parts}
        findings += [_apart([surveys[name] for name in parts])] if len(scales) > 1 else []
    questions = [[surveys[own[id(file), _survey(file, each)]].question for each in file.asked] for file in files]
    findings += [finding for survey in surveys.values() for finding in _findings(survey)]
    evidence = {survey.question.name: survey.question.reading.evidence for survey in surveys.values()}
    return Settled(
        questions=questions, evidence=evidence, findings=[*findings, *_unused(files, list(surveys.values()))]
    )


def _survey(file: Scanned, question: Question) -> tuple[object, ...]:
    """What files of one survey have in common."""
    return *_battery(file), question.name, question.header


def _by_height(
    members: Sequence[tuple[Scanned, Question]], batteries: set[tuple[object, ...]]
) -> dict[float | None, list[tuple[Scanned, Question]]]:
    """The files of one survey by where their scale ends, where only their marks show it and these end at different heights; else all together."""
    if len(members) < 2 or _settled(members, batteries).question.reading.evidence not in (BY_ANSWERS, USUAL):
        return {None: list(members)}
    parts: dict[float | None, list[tuple[Scanned, Question]]] = {}
    marks = [_marks(file, question) for file, question in members]
    for member, end in zip(members, heights(marks, OTHERS), strict=True):
        parts.setdefault(end, []).append(member)
    return parts


def _marks(file: Scanned, question: Question) -> dict[float, int]:
    """How often each bare number answers a question in a file."""
    cells = file.counted(question)
    bare = (
        cells.select_seq("len", bare=shaped(cells["text"])["bare"])
        .drop_nulls()
        .group_by("bare")
        .agg(pl.col("len").sum())
    )
    return dict(bare.sort("bare").select("bare", "len").iter_rows())


def _apart(parts: Sequence[Survey]) -> Finding:
    """The finding on files that ask one question on several scales."""
    files = [_ends(part) for part in parts]
    name = parts[0].question.name
    is_known = all(part.question.reading.scale is not None for part in parts)
    usual = "1-10" if is_known or name.startswith("nki") else SCALES.get(name, "1-5")
    message = Message(
        "scales-apart", header=parts[0].question.header, files=files, shown="0-10" if name == "nps" else "1-5",
        question=name, usual=usual,
    )  # fmt: skip
    consequence = Consequence.NOTED if is_known else Consequence.NO_VALUE
    return Finding(code="scales-apart", message=message, kpis=KPIS[name], is_serious=True, consequence=consequence)


def _ends(part: Survey) -> Message:
    scale = part.question.reading.scale
    if scale is None:
        return Message("files-of-no-scale", files=_files(part))
    return Message("files-on-scale", files=_files(part), low=scale[0], high=scale[1])


def _batteries(groups: Mapping[tuple[object, ...], Sequence[tuple[Scanned, Question]]]) -> set[tuple[object, ...]]:
    """The surveys whose index questions, which are asked on one scale, show together that it is the usual one."""
    cells: dict[tuple[object, ...], list[pl.DataFrame]] = {}
    for members in groups.values():
        for file, question in members:
            if question.name.startswith("nki_"):
                cells.setdefault(_battery(file), []).append(file.counted(question))
    usual = USUAL_SCALES["nki_ideal"]
    read = {key: understand(pl.concat(found), scale=None, words={}, usual=usual) for key, found in cells.items()}
    return {key for key, reading in read.items() if reading.scale == usual}


def _battery(file: Scanned) -> tuple[object, ...]:
    return file.match.mapping.name, file.match.headers


def _settled(members: Sequence[tuple[Scanned, Question]], batteries: set[tuple[object, ...]]) -> Survey:
    file, question = members[0]
    if len(members) == 1 and question.name in (known := _ahead.get(file, {})):
        return known[question.name]
    if question.name.startswith("nki_") and question.declared is None and _battery(members[0][0]) in batteries:
        question = replace(question, declared=USUAL_SCALES[question.name], declared_by=USUAL)
    return _settled_by_cells(members, question)


def _settled_by_cells(members: Sequence[tuple[Scanned, Question]], question: Question) -> Survey:
    """A question settled by the cells of the files that ask it."""
    counted = pl.concat([file.counted(asked) for file, asked in members])
    cells = counted.group_by("text").agg(pl.col("len").sum()).sort("text")
    done = question.settled(cells)
    done = replace(done, known=done.meaning(cells["text"]))
    if done.reading.is_contradicted:
        message = f"`{question.header}` is answered in words that say themselves which is better, against the direction `{question.way}`"
        hint = f"leave `--direction {question.name}={question.way}`, or `direction` in the mapping, out"
        raise ExportError(message, where=members[0][0].item.name, hint=hint)
    return Survey(question=done, cells=cells, files=tuple(dict.fromkeys(file.item.name for file, _ in members)))


def _findings(survey: Survey) -> list[Finding]:
    """The findings on the scale of a question."""
    question, reading = survey.question, survey.question.reading
    kpis, found = KPIS[question.name], []
    if question.choice and not reading.doubt:
        is_serious = question.is_unsure_choice
        is_none = is_serious and question.name != SATISFACTION
        code, consequence = (
            ("several-questions", Consequence.NO_VALUE) if is_none else ("chosen-question", Consequence.NOTED)
        )
        found.append(
            Finding(code=code, message=question.choice, kpis=kpis, is_serious=is_serious, consequence=consequence)
        )
    if reading.doubt:
        message = Message(
            "unknown-scale", header=question.header, files=_files(survey), why=reading.doubt,
            way=way_out(question, survey.cells),
        )  # fmt: skip
        found.append(Finding(code="unknown-scale", message=message, kpis=kpis, is_serious=True))
    if reading.is_turned and not reading.doubt:
        message = Message("turned-scores", header=question.header, by=question.way_by or "")
        found.append(Finding(code="turned-scale", message=message, kpis=kpis))
    if question.says.strange and not question.way_by and reading.scale is not None and question.name != "ces":
        message = Message("strange-ends", header=question.header, ends=question.says.strange, question=question.name)
        found.append(Finding(code="strange-ends", message=message, kpis=kpis))
    if reading.scale is not None and reading.scale[1] > MOST_STEPS and question.name in OF_BEST_MARKS:
        high = reading.scale[1]
        message = Message("fine-scale", header=question.header, below=high - 1, high=high)
        found.append(Finding(code="fine-scale", message=message, kpis=OF_BEST_MARKS[question.name], is_serious=True))
    if groups := _groups(survey):
        found.append(Finding(code="grouped-answers", message=groups, kpis=kpis))
    if between := _between(survey):
        found.append(Finding(code="between-steps", message=between, kpis=kpis))
    return found


def _groups(survey: Survey) -> Message | None:
    """The finding on answers that name the group of a mark and not the mark; None where none does."""
    scored = survey.cells.hstack(survey.question.meaning(survey.cells["text"]).select("score", "is_number"))
    named = scored.filter(
        pl.col("score").is_in(list(GROUPS)), ~pl.col("is_number"), pl.lit(survey.question.name == "nps")
    )
    listed = [
        Message("word-as-marks", word=text, marks=GROUPS[score])
        for text, score in named.sort("score", "text", descending=[True, False]).select("text", "score").iter_rows()
    ]
    return Message("grouped-answers", header=survey.question.header, words=listed) if listed else None


def _between(survey: Survey) -> Message | None:
    """The finding on answers that lie between whole steps; None where none does."""
    question = survey.question
    scored = survey.cells.hstack(question.meaning(survey.cells["text"]).select("score", "is_number")).drop_nulls(
        "score"
    )
    halves = scored.filter(pl.col("score") != pl.col("score").floor()).sort("len", "text", descending=[True, False])
    if question.name not in YES_NO:
        halves = halves.filter("is_number")
    if halves.is_empty():
        return None
    listed = first_of([f"`{text}`" for text in halves["text"].head(LISTED)], LISTED, halves.height)
    if question.name in YES_NO:
        return Message("neither-yes-nor-no", header=question.header, answers=listed, count=halves.height)
    return Message("between-steps", header=question.header, answers=listed, count=halves.height)


def way_out(question: Question, cells: pl.DataFrame) -> Message:
    """How the user says what the scale of a question is, or which end of it is the better one."""
    doubt, name = question.reading.doubt, question.name
    if doubt in AGAINST or (question.says.doubt and question.says.ends):
        return Message("say-direction", question=name)
    if doubt is not None and doubt.key == MEANS:
        return Message("say-answers-not-means", question=name, usual=SCALES.get(name, "1-5"))
    if doubt == ELEVEN:
        return Message("say-what-eleven-is", question=name, usual=SCALES.get(name, "1-10"), marks="{1: 0, …, 11: 10}")
    if doubt == ONE_OR_TWO:
        return Message("say-which-is-yes", question=name)
    if doubt is not None and doubt.key in (OUT_OF_PLACE, FALL_TOGETHER):
        words = "{Yes: 1, Partly: 0.5, No: 0}" if name in YES_NO else "{Good: 3, Fair: 2, Bad: 1}"
        return Message("say-marks-of-words", words=words)
    if doubt == NO_TRUTH:
        return Message("say-answers-of-yes", words="{5: 1, 4: 1, 3: 0, 2: 0, 1: 0}")
    usual = SCALES.get(name, "1-10" if name.startswith("nki") else "1-5")
    ends = _fitting(usual, cells)
    if ends not in (usual, "0-10", "1-10", "0-100"):
        return Message("say-scale-or-ten", question=name, ends=ends)
    return Message("say-scale", question=name, ends=ends)


def _fitting(usual: str, cells: pl.DataFrame) -> str:
    """A scale that holds the numbers given: the usual one, else one that ends at the highest of them."""
    numbers = shaped(cells["text"])["bare"].drop_nulls()
    given = [number for number in numbers.to_list() if 0 <= number <= 100 and number not in ABOVE]
    highest = math.ceil(max(given, default=0))
    if highest <= int(usual.partition("-")[2]):
        return usual
    if highest > 10:
        return "0-100"
    return f"{0 if 0 in given else 1}-{highest}"


def _files(survey: Survey) -> Message:
    return first_of(survey.files, 1)


def _unused(files: Sequence[Scanned], surveys: Sequence[Survey]) -> list[Finding]:
    """The scales and directions that the user states and no file needs."""
    if not files:
        return []
    choices, asked = files[0].choices, {survey.question.name for survey in surveys}
    asked |= {RATING for file in files if file.match.mapping.table == "reviews"}
    found = []
    for option, stated in (("scale", choices.scales), ("direction", choices.directions)):
        idle = [name for name in stated if name not in asked]
        if idle and any(file.match.mapping.answers for file in files):
            message = Message("idle-option", option=option, questions=idle)
            found.append(Finding(code="unused-scale", message=message))
    for name, ends in choices.scales.items():
        used = {scale for survey in surveys if survey.question.name == name for scale in _used(survey)}
        is_truth = name in YES_NO and ends[1] - ends[0] == 1
        if used and ends not in used and not is_truth:
            scales = [f"{low:g}–{high:g}" for low, high in sorted(used)]
            message = Message("idle-scale", question=name, scales=scales)
            found.append(Finding(code="unused-scale", message=message, kpis=KPIS[name]))
    return found


def _used(survey: Survey) -> set[tuple[float, float]]:
    """The scales that the answers to a question are on."""
    scored = survey.question.meaning(survey.cells["text"]).drop_nulls("score")
    return set(scored.select("low", "high").unique().rows())
