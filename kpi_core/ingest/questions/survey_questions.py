"""Survey answers: score columns of a file, wide or inside a ticket export, to one row an answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

import polars as pl

from kpi_core.ingest.cells.scores.rating_words import normal_word
from kpi_core.ingest.cells.scores.scale_names import called
from kpi_core.ingest.cells.scores.scales import Ends
from kpi_core.ingest.cells.scores.score_cells import shaped
from kpi_core.ingest.cells.scores.scores import BY_ANSWERS, YES_OR_NO, ScoreReading, scored, understand
from kpi_core.ingest.cells.scores.stated_scales import Stated, stated
from kpi_core.ingest.cells.scores.unplaced_words import unplaced
from kpi_core.ingest.cells.word_places import places
from kpi_core.ingest.fields.field import Field, text_name
from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.fields.narrow_scan import NarrowScan
from kpi_core.ingest.formats.mapping import Mapping as Format
from kpi_core.ingest.formats.mapping import built_in_names
from kpi_core.ingest.formats.specs import AnswerSpec
from kpi_core.ingest.questions.effort_direction import are_replies, is_of_dissatisfaction, natural_way
from kpi_core.ingest.questions.option_columns import chosen, translations
from kpi_core.ingest.questions.overall_question import overall
from kpi_core.ingest.questions.several_questions import settled
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.columns import UNREAD, distinct
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex
from kpi_core.records import dataclass

USUAL_SCALES = {
    "nps": (0.0, 10.0),
    "nki_satisfaction": (1.0, 10.0),
    "nki_expectation": (1.0, 10.0),
    "nki_ideal": (1.0, 10.0),
    "nki_fourth": (1.0, 10.0),
}
"""What these questions are asked on, unless their answers speak for another scale."""
FIRST = "_first"
"""The column that marks the first answer of each response."""
UNREAD_SCORE = f"{UNREAD}score"
UNREAD_GIVEN = f"{UNREAD}given"
"""The column that marks answers of which nothing shows that they are any: a number is one on whatever scale."""
FIRST_CONTACT = "first_contact"
YES_NO = ("resolved", FIRST_CONTACT)
_HOW_MANY = regex(r"(?i)\b(?:how many|hur många|hvor mange|(?:kuinka|miten) monta)\b")
_CONTACTS = {"1": 1.0} | {f"{count}": 0.0 for count in range(2, 100)}
"""What a count of contacts says of the first: once is solved by it, more is not."""
WHOLE_STEPS = ("nps",)
"""Questions whose marks are of one kind or another by their step: one between two of them is of no kind."""
SATISFACTION = "csat"
INDEX, INDEX_OTHERS = "nki_satisfaction", ("nki_expectation", "nki_ideal")
"""A question of the index that is satisfaction overall where the others are not asked."""
BY_SCALE_OPTION, BY_DIRECTION_OPTION = (
    Message("as-option-says", option="scale"),
    Message("as-option-says", option="direction"),
)
BY_MAPPING, BY_HEADER, BY_FORMAT = Message("as-mapping-says"), Message("as-header-says"), Message("as-format-says")
"""Who states a scale or a direction."""
BEYOND = 0.05
"""The share of answers outside the scale of the header, or in words without a place, up to which they are slips."""
MEANS = "marks-look-like-means"
"""The key of the message about marks that are means of several."""
FEWEST_MEANS = 3
"""Different marks between steps from which they are no slips."""
MOST_STEPS = 10
"""The highest mark up to which people choose steps; up to 100 they draw a slider."""
OUT_OF_PLACE = "word-without-place"
"""The key of the message about words without a place on their scale."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One survey question found in a file: where, on what scale, and which way is better (None: not known).

    `declared` is the scale that the user, the mapping or the header states, as `declared_by` says; `way` the direction that one of
    them states, as `way_by` says. `says` is what the header says. `offered` are the words of a cell that was asked and not answered,
    `own` those the mapping gives scores, `codes` the numbers that the user says are no answers. `choice`
    says which of several questions it is, where its name does not say. `reading` and `direction` are final
    once the question is `settled`; `known` is then what all the different cells of its survey say.
    """

    name: str
    header: str
    place: int
    declared: Ends | None = None
    declared_by: Message | None = None
    way: str | None = None
    way_by: Message | None = None
    says: Stated = field(default_factory=Stated)
    reading: ScoreReading = field(default_factory=lambda: ScoreReading(words={}, scale=None))
    direction: str | None = None
    offered: tuple[str, ...] = ()
    own: Mapping[str, float] = field(default_factory=dict)
    codes: frozenset[float] = frozenset()
    choice: Message | None = None
    is_unsure_choice: bool = False
    known: pl.DataFrame | None = field(default=None, compare=False, repr=False)

    def settled(self, counted: pl.DataFrame) -> "Question":
        """The question with its cells understood from all of them: each different one (`text`) and how often it occurs (`len`).

        Its scale is in doubt where its header contradicts itself or its answers, or some of its words have no place.
        """
        done = self.understood(counted)
        doubt = done._means(counted)
        if not doubt and not done.reading.doubt:
            doubt = done._against_header(counted) or done._out_of_place(counted)
        return done if not doubt else replace(done, reading=replace(done.reading, scale=None, words={}, doubt=doubt))

    def understood(self, counted: pl.DataFrame) -> "Question":
        """The question with its cells understood as far as they are.

        Where the lowest mark of any question but effort is stated to be the best, numbers are turned round.
        """
        is_lower = self.way == "lower" and self.name != "ces"
        declared = self.declared or _ends_up_to(self.says.highest, counted)
        reading = understand(
            counted, scale=declared, words=self.own, yes_no=self.name in YES_NO, usual=USUAL_SCALES.get(self.name),
            direction=self.way if self.name == "ces" else None, known_codes=self.codes, is_turned=is_lower,
            turns_words=self._says_how_dissatisfied(counted) if self.way_by == BY_HEADER else self.name in YES_NO,
        )  # fmt: skip
        if reading.is_contradicted and self.way_by == BY_HEADER:
            return replace(self, way=None).understood(counted)
        if declared is not None and reading.scale == declared and not reading.evidence:
            reading = replace(reading, evidence=self.declared_by or BY_HEADER)
        direction = "higher" if is_lower else self.way
        direction = direction or reading.direction or natural_way(self.name, self.says.rest or self.header)
        return replace(self, reading=reading, direction=direction)

    def _says_how_dissatisfied(self, counted: pl.DataFrame) -> bool:
        """Whether a yes, or that one agrees, says that somebody is dissatisfied: words of satisfaction itself say what they say under any header."""
        return self.name == SATISFACTION and is_of_dissatisfaction(self.says.rest) and are_replies(counted["text"])

    def _means(self, counted: pl.DataFrame) -> Message | None:
        """Why the marks may be means of several answers and not answers: most lie between steps and halves of them; None where the user states a scale."""
        if (self.declared is not None and self.declared_by != BY_HEADER) or (self.reading.scale or YES_OR_NO)[
            1
        ] > MOST_STEPS:
            return None
        marks = (
            counted.hstack(shaped(counted["text"]).drop("text"))
            .drop_nulls("bare")
            .filter(pl.col("bare").is_between(0, MOST_STEPS))
        )
        between = marks.filter(pl.col("bare") * 2 != (pl.col("bare") * 2).floor())
        if between.height < FEWEST_MEANS or 2 * int(between["len"].sum()) <= int(marks["len"].sum()):
            return None
        example = between.sort("len", "text", descending=[True, False])["text"][0]
        return Message("marks-look-like-means", example=example)

    def _against_header(self, counted: pl.DataFrame) -> Message | None:
        """What contradicts the scale that the header states: the header itself, or its answers."""
        ends = self.reading.scale
        if self.says.doubt and not (self.way_by if self.says.ends else self.declared) and ends is not None:
            return self.says.doubt
        if ends is None or self.reading.evidence != BY_HEADER:
            return None
        shapes = shaped(counted["text"]).drop("text")
        cells = counted.hstack(shapes.with_columns_seq(bad=self.meaning(counted["text"])["bad"]))
        parts = cells.filter("bad", pl.col("whole") != ends[1])
        if int(parts["len"].sum()) > BEYOND * int(cells["len"].sum()):
            out_of = float(str(parts["whole"].max()))
            return Message("header-against-parts", low=ends[0], high=ends[1], out_of=out_of)
        numbers = cells.drop_nulls("bare")
        beyond, total = int(numbers.filter("bad")["len"].sum()), int(numbers["len"].sum())
        if beyond <= BEYOND * total:
            return None
        return Message("header-against-numbers", low=ends[0], high=ends[1], beyond=beyond, count=total)

    def _out_of_place(self, counted: pl.DataFrame) -> Message | None:
        """Which words that belong to its scale have no known place on it, where they are more than slips."""
        if not self.reading.words:
            return None
        cells = counted.hstack(self.meaning(counted["text"]).select("word", "score", "high", "bad"))
        if not cells["bad"].any():
            return None
        known = cells.filter(pl.col("score").is_not_null() & pl.col("word").is_in(list(self.reading.words)))
        bad = cells.filter("bad")
        total = int(known["len"].sum()) + int(bad["len"].sum())
        if self.name in YES_NO or set(known["high"]) == {1.0}:
            found = bad.filter(pl.col("word").str.contains(r"^(?:yes|no|ja|jo|nej|nei|kyllä|ei)\b"))
        else:
            found = unplaced(bad, set(known["word"]), BEYOND * total if known.height else total)
        beyond = int(found["len"].sum())
        if beyond <= BEYOND * total:
            return None
        text, count = found.sort("len", "text", descending=[True, False]).select("text", "len").row(0)
        return Message("word-without-place", words=first_of([f"`{text}` ({count})"], 1, found.height))

    def meaning(self, words: pl.Series) -> pl.DataFrame:
        """What each cell says (see `scored`), whether it was an offer, and whether it cannot be read (`bad`)."""
        text = words.cast(pl.String).alias("text")
        if self.known is not None:
            joined = text.to_frame().join(self.known, on="text", how="left", maintain_order="left")
            if not joined["bad"].has_nulls():
                return joined
        found = scored(text, self.reading).with_columns_seq(text)
        if self.name in WHOLE_STEPS:
            is_between = (pl.col("score") != pl.col("score").floor()) & pl.col("is_number")
            found = found.with_columns_seq(score=pl.when(~is_between.fill_null(value=False)).then("score"))
        is_offered = pl.col("score").is_not_null() | pl.col("word").is_in(list(self.offered))
        found = found.with_columns_seq(offered=is_offered)
        return found.with_columns_seq(bad=~pl.col("offered") & ~pl.col("silent"))

    @property
    def rivals(self) -> Message | None:
        """The message about other scales that its words fit; None where there are none."""
        if not self.reading.others or self.reading.doubt:
            return None
        low, high = next(iter(self.reading.words.values()))[1:]
        return Message(
            "words-fit-others",
            header=self.header,
            low=low,
            high=high,
            others=map(called, self.reading.others),
            question=self.name,
        )

    @property
    def column(self) -> str:
        """The column of its scores."""
        return f"score:{self.name}"

    @property
    def word(self) -> str:
        """The column of the cells that are in no figure: unreadable, or a number that stands for no answer."""
        return f"word:{self.name}"

    @property
    def number(self) -> str:
        """The column that marks its cells that give a number, whatever that means."""
        return f"number:{self.name}"

    @property
    def unread(self) -> str:
        """The column that marks its answers that cannot be read."""
        return f"bad:{self.name}"


def find_questions(
    reader: FieldReader, scales: Mapping[str, Ends], directions: Mapping[str, str]
) -> list[tuple[Question, Field]]:
    """The questions of the mapping that the file asks, not yet settled, each with the field of its cells as written.

    Headers named outright are taken before any that a pattern finds; no column answers two questions.
    """
    places = {spec.question: reader.match.question(spec.headers) for spec in reader.mapping.answers}
    by_wording = {spec.question: spec.matching for spec in reader.mapping.answers if places[spec.question] is None}
    if INDEX in by_wording and SATISFACTION in by_wording and not _asks_index(reader, places, by_wording):
        by_wording[SATISFACTION] = (*by_wording[SATISFACTION], *by_wording.pop(INDEX))
    choice: tuple[int | None, Message | None, bool] = (None, None, False)
    for name, patterns in by_wording.items():
        taken = {place for place in places.values() if place is not None}
        if name == SATISFACTION:
            choice = overall(reader.match, patterns, taken)
            places[name] = choice[0]
        else:
            places[name] = reader.match.matching(patterns, taken)
    others = _translations(reader, places)
    if SATISFACTION in others and choice[0] is not None:
        choice = overall(
            reader.match,
            by_wording[SATISFACTION],
            {
                *others[SATISFACTION],
                *(place for name, place in places.items() if place is not None and name != SATISFACTION),
            },
        )
    choices = {SATISFACTION: choice[1:]}
    for name, patterns in by_wording.items():
        place = places[name]
        if name != SATISFACTION and place is not None:
            taken = {at for at in places.values() if at is not None} | {at for each in others.values() for at in each}
            places[name], message, is_none = settled(reader, name, patterns, place, taken)
            choices[name] = (message, is_none)
    found = [
        _question(
            reader, spec, place, scales.get(spec.question), directions.get(spec.question), others.get(spec.question, ())
        )
        for spec in reader.mapping.answers
        if (place := places[spec.question]) is not None and (not spec.where or reader.fits(spec.where) is not None)
    ]
    return [
        (replace(one, choice=message, is_unsure_choice=is_unsure), cells)
        for one, cells in found
        for message, is_unsure in [choices.get(one.name, (None, False))]
    ]


def _translations(reader: FieldReader, places: Mapping[str, int | None]) -> dict[str, list[int]]:
    """The further columns of each question that ask it in other words, of which no row answers two; with a note on each."""
    taken = {place for place in places.values() if place is not None}
    found: dict[str, list[int]] = {}
    for spec in reader.mapping.answers:
        place = places[spec.question]
        further = [] if place is None else [at for at in translations(reader, place, spec.matching) if at not in taken]
        if place is not None and further:
            taken |= set(further)
            found[spec.question] = further
            reader.passed_over += [
                (
                    at,
                    Message("read-as-one-question", header=reader.match.headers[at], other=reader.match.headers[place]),
                )
                for at in further
            ]
    return found


def _asks_index(reader: FieldReader, places: Mapping[str, int | None], by_wording: Mapping[str, Sequence[str]]) -> bool:
    """Whether a file asks another question of the index, without which there is none."""
    return any(
        places.get(name) is not None or reader.match.matching(by_wording.get(name, ())) is not None
        for name in INDEX_OTHERS
    )


def _question(
    reader: FieldReader, spec: AnswerSpec, place: int, scale: Ends | None, direction: str | None, further: Sequence[int] = ()
) -> tuple[Question, Field]:  # fmt: skip
    header, says = reader.match.headers[place], _stated(reader, place)
    fits = reader.fits(spec.where) if spec.where else None
    by_mapping = _stated_by(reader.mapping)
    scales = ((scale, BY_SCALE_OPTION), (spec.scale, by_mapping), (says.ends, BY_HEADER))
    by_words = ((spec.direction, by_mapping), (_stated_way(spec.question, says), BY_HEADER))
    # What a format of common headers takes for granted the header of a file may deny: `Nöjdhet (1=bäst)`.
    ways = ((direction, BY_DIRECTION_OPTION), *(reversed(by_words) if reader.mapping.fallback else by_words))
    declared, declared_by = next(((ends, by) for ends, by in scales if ends is not None), (None, None))
    way, way_by = next(((way, by) for way, by in ways if way is not None), (None, None))
    codes = frozenset(float(word) for word in reader.choices.null_values if re.fullmatch(r"-?\d+", word)) | says.codes
    question = Question(name=spec.question, header=header, place=place, declared=declared, declared_by=declared_by, way=way,
                        way_by=way_by, says=says, offered=tuple(map(normal_word, spec.offered)), own={**(_CONTACTS if spec.question == FIRST_CONTACT and _HOW_MANY.search(header) else {}), **spec.words}, codes=codes)  # fmt: skip
    # Scores are read from the distinct words once all files are scanned; an unreadable one refuses its answer alone.
    text = chosen(reader, place)
    if further:
        text = pl.coalesce(reader.cell(at) for at in (place, *further))
    return question, Field(name=question.column, header=header, place=place, kind=Kind.TEXT, text=reader.cell(place) if text is None else text,
                           value=pl.col(text_name(question.column)), only=None if fits is None else fits[1], is_composed=text is not None)  # fmt: skip


def _stated_by(mapping: Format) -> Message:
    """Who states the scales of a mapping: its user, the format that the file is in, or, in a draft, the answers that it was made from."""
    if mapping.fallback:
        return BY_ANSWERS
    return BY_FORMAT if mapping.name in built_in_names() else BY_MAPPING


def read_scores(scan: NarrowScan, questions: Sequence[Question]) -> tuple[NarrowScan, dict[str, dict[str, int]]]:
    """Turns the words of score columns into scores with their scales; unreadable words come back with counts.

    Adds `score:`, `low:`, `high:`, `bad:`, `number:` and `way:` (`offered:` and `word:` where there are any) for each question, which is settled.
    """
    frame, unread = scan.frame, {}
    for question in questions:
        words = distinct(frame[question.column])
        meaning = question.meaning(words).with_columns_seq(words.alias("word"))
        place = places(frame[question.column], words)
        if meaning["bad"].any():
            bad = frame.select(word=question.column).filter(meaning["bad"].gather(place))
            counts = bad.group_by("word").len().with_columns(pl.col("word").cast(pl.String))
            unread[question.column] = dict(counts.sort("len", "word", descending=[True, False]).iter_rows())
        if (meaning["bad"] | meaning["is_code"]).any():
            is_left_out = (meaning["bad"] | meaning["is_code"]).gather(place).fill_null(value=False)
            frame = frame.with_columns(pl.when(is_left_out).then(question.column).alias(question.word))
        low, high = question.reading.scale or (None, None)
        frame = frame.with_columns(
            meaning["score"].gather(place).alias(question.column),
            _of_cells(meaning["low"], place, low).alias(f"low:{question.name}"),
            _of_cells(meaning["high"], place, high).alias(f"high:{question.name}"),
            _of_cells(meaning["bad"], place, default=False).alias(question.unread),
            _of_cells(meaning["is_number"], place, default=False).alias(question.number),
            pl.lit(question.direction, Kind.DIRECTION.dtype).alias(f"way:{question.name}"),
            *([_of_cells(meaning["offered"], place, default=False).alias(f"offered:{question.name}")] if question.offered else []),
        )  # fmt: skip
    return replace(scan, frame=frame), unread


def _of_cells(values: pl.Series, place: pl.Series, default: float | bool | None) -> pl.Series | pl.Expr:
    """The value of each cell's word; `default` for a cell without one, or with an unknown word."""
    if default is not None and bool((values.fill_null(default) == default).all()):
        return pl.lit(default, values.dtype)
    found = values.gather(place)
    return found if default is None else found.fill_null(default)


def _stated(reader: FieldReader, place: int) -> Stated:
    """What a question's header says of its scale, else the wording next to it."""
    says = stated(reader.match.headers[place])
    labels = reader.match.labels
    if says.is_silent and place < len(labels):
        wording = stated(labels[place])
        return replace(wording, rest=f"{says.rest} {wording.rest}")
    return says


def _stated_way(question: str, says: Stated) -> str | None:
    """The direction that a header states; where its numbers fall with what they measure, the other than is natural.

    Of dissatisfaction the lower mark is the better.
    """
    if question == SATISFACTION and is_of_dissatisfaction(says.rest):
        return says.way or ("higher" if says.is_falling else "lower")
    if not says.is_falling:
        return says.way
    return {"higher": "lower", "lower": "higher"}.get(natural_way(question, says.rest) or "")


def _ends_up_to(highest: float | None, counted: pl.DataFrame) -> Ends | None:
    """The scale that ends at a highest step, from 1 where no 0 is given on a long one; None without one."""
    if highest is None:
        return None
    numbers = shaped(counted["text"])
    has_zero = any((numbers[name] == 0).any() for name in ("bare", "marked", "part"))
    return (0.0 if highest == 100 or (highest >= 10 and has_zero) else 1.0), highest


def is_of_question(name: str) -> bool:
    """Whether a working column holds something of one question; a header with a colon of its own does not."""
    return re.match(r"(score|low|high|bad|number|way|word|offered|_file):", name) is not None
