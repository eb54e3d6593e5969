"""Answers with their facts: where a score lies in its scale, which is the commonest, what belongs to one response."""

import polars as pl

from kpi_core.facts.build import SCALE, Builder, Facts
from kpi_core.facts.clock.ticket_times import leave_out_noise
from kpi_core.model.columns import UNREAD
from kpi_core.model.tables import Kind

ANSWERED_ELSEWHERE = "offers in tickets that a survey answers"
FEW = 100
"""How many silent rows are enough to show that the file lists those who kept silent."""
UNREAD_SCORE = f"{UNREAD}score"


def derive_answers(frame: pl.DataFrame, wanted: frozenset[str] | None = None) -> Facts:
    """Answers with their facts: position in the scale, commonest scale, responses asked and answered.

    Those of merged and spam tickets are left out and counted.

    `wanted` names the facts that are needed: the costly ones are derived only then (None: all).
    """
    build = Builder(frame)
    counts = {"merged or spam": gone} if (gone := leave_out_noise(build)) else {}
    # A list of answers alone does not show who was asked, whatever each of its rows says.
    knows_asked = build.has("is_offered") and _has_silent(build)
    if twice := _leave_out_offers_answered_elsewhere(build):
        counts[ANSWERED_ELSEWHERE] = twice
    if "answered_at" not in build.frame.columns:
        build.frame = build.frame.with_columns(answered_at=pl.lit(None, Kind.INSTANT.dtype))
    # Whole columns from here on: most steps need them so, and would make them so again.
    build.frame = build.frame.rechunk()
    dates = [pl.col(name) for name in ("offered_at", "answered_at") if name in build.frame.columns]
    if "answered_at" in build.mapped and "offered_at" in build.mapped:
        build.instead("offered_at", "answered_at", pl.col("offered_at").is_null() & pl.col("answered_at").is_not_null())
    build.frame = build.frame.with_columns(offered_at=pl.coalesce(dates))
    build.add(**{name: fact for name, fact in _places().items() if wanted is None or name in wanted})
    if wanted is None or "is_first_answer" in wanted:
        is_given = _is_given(build)
        is_marked = "_first" in build.mapped and UNREAD_SCORE not in build.mapped
        is_first = pl.col("_first") if is_marked else pl.when(is_given).then("response_id").is_first_distinct()
        build.add(is_first_answer=is_given & is_first)
    if knows_asked:
        build.add(was_asked=_was_asked(build))
        if wanted is None or "is_response" in wanted:
            _responses(build)
    scales = _scales(build.frame)
    build.available |= {f"question:{question}" for question in scales["question"].cast(pl.String).to_list()}
    return Facts(
        frame=_on_scale(build.frame, scales), available=frozenset(build.available), counts=counts, scales=scales
    )


def _places() -> dict[str, pl.Expr]:
    """Where a score lies in its scale: how many steps that has, the lowest of the top ones, the score on 0–100."""
    low, high = pl.col("scale_low"), pl.col("scale_high")
    levels = high - low + 1
    return {
        "levels": levels,
        "top": high - pl.when(levels >= 4).then(1).otherwise(0),
        "rescaled": (pl.col("score") - low) / (high - low) * 100,
    }


def _is_given(build: Builder) -> pl.Expr:
    """Whether there is an answer, if only one that cannot be read."""
    is_given = pl.col("score").is_not_null()
    return is_given | pl.col(UNREAD_SCORE) if UNREAD_SCORE in build.mapped else is_given


def _leave_out_offers_answered_elsewhere(build: Builder) -> int:
    """Leaves out the silent offers of tickets that another response answers: one who was asked in both was asked once, and answered.

    The answer to the question that was offered is from then on one to that offer, and has its day; what was offered
    next to it belongs to the response that came. The number of rows left out.
    """
    if not build.has("is_offered", "ticket_id"):
        return 0
    is_silent = (pl.col("is_offered") & ~_is_given(build)).fill_null(value=False)
    placed = build.frame.lazy().with_row_index("place")
    columns = ("place", "ticket_id", "response_id", "question")
    silent = placed.filter(is_silent).select(columns).collect()
    if silent.is_empty():
        return 0
    given = placed.filter(_is_given(build)).select(*columns, "is_offered").collect()
    twice = silent.filter(pl.col("ticket_id").is_in(_of_others(given, silent)["ticket_id"].drop_nulls().implode()))
    answered = given["response_id"].filter(given["response_id"].is_in(twice["response_id"].implode()))
    offers = twice.filter(~pl.col("response_id").is_in(answered.implode())).with_columns(PAIR)
    if offers.is_empty():
        return 0
    answers = given.filter(pl.col("ticket_id").is_in(offers["ticket_id"].implode())).with_columns(PAIR)
    alike = answers.filter(pl.col("pair").is_in(offers["pair"].implode()))
    is_answered = offers["pair"].is_in(alike["pair"].implode())
    _take_up_offers(build, offers, alike)
    unanswered = offers.filter(~is_answered)
    if unanswered.height:
        first = answers.unique("ticket_id", keep="first", maintain_order=True)
        _belongs_to(build, unanswered.join(first, on="ticket_id"))
    lost = offers["place"].filter(is_answered)
    kept = pl.Series([True]).new_from_index(0, build.frame.height).scatter(lost, values=False)
    build.frame = build.frame.filter(kept)
    return len(lost)


PAIR = (pl.col("ticket_id") ^ pl.col("question").to_physical().cast(pl.UInt64).hash(seed=3)).alias("pair")
"""A ticket and a question, as one number: rows are matched by it in a third of the time that both take."""


def _of_others(given: pl.DataFrame, silent: pl.DataFrame) -> pl.DataFrame:
    """The answers that may be another response's than silent ones about their tickets: of ratings in tickets only those of surveys, if all that is silent is in tickets.

    A response that is its ticket is the same as a silent one that is.
    """
    is_ticket = pl.col("response_id") == pl.col("ticket_id")
    if silent.select(is_ticket.all()).item():
        return given.filter(~is_ticket)
    return given


def _take_up_offers(build: Builder, offers: pl.DataFrame, alike: pl.DataFrame) -> None:
    """The first answer of a ticket to a question that was offered there is what came of the offer, unless one of them states its own.

    `alike` are the answers to what was offered.
    """
    own = pl.col("is_offered").is_not_null().any()
    taken = alike.group_by("pair").agg(pl.col("place").min(), own.alias("has_own")).filter(~pl.col("has_own"))
    frame, at = build.frame, taken["place"]
    columns = [frame["is_offered"].scatter(at, values=True)]
    if "offered_at" in frame.columns:
        first = offers.group_by("pair").agg(offer=pl.col("place").min())
        offer = taken.join(first, on="pair", how="left", maintain_order="left")["offer"]
        offered = frame["offered_at"]
        own_day = offered.gather(at)
        columns.append(offered.scatter(at, own_day.zip_with(own_day.is_not_null(), offered.gather(offer))))
    build.frame = frame.with_columns(columns)


def _belongs_to(build: Builder, rows: pl.DataFrame) -> None:
    """Rows at a `place` are of the response `response_id_right`."""
    ids = build.frame["response_id"]
    build.frame = build.frame.with_columns(ids.scatter(rows["place"], rows["response_id_right"]))


def _is_answered(build: Builder) -> pl.Expr:
    """Whether a response was answered as far as one row shows: it has an answer, or says so."""
    is_given = _is_given(build)
    return is_given | pl.col("is_answered").fill_null(value=False) if "is_answered" in build.mapped else is_given


def _has_silent(build: Builder) -> bool:
    """Whether some response was asked for and answers nothing: a question that is left blank in one that was answered is no silent customer."""
    is_silent = pl.col("is_offered") & ~_is_given(build)
    silent = build.frame.lazy().filter(is_silent).select("response_id")
    answered = build.frame.lazy().filter(_is_answered(build)).select("response_id")
    some = silent.head(FEW).collect()["response_id"].unique()
    known = answered.filter(pl.col("response_id").is_in(some.implode())).unique().collect()
    if known.height < len(some):  # mostly so, and quickly found
        return True
    rows = silent.unique()
    return not rows.join(answered, on="response_id", how="anti").head(1).collect().is_empty()


def _was_asked(build: Builder) -> pl.Expr:
    """Whether a question was put to someone: offered, or answered in a survey that records who was asked (else null)."""
    is_offered = pl.col("is_offered")
    return pl.when(is_offered.is_not_null()).then(is_offered | _is_given(build))


def _responses(build: Builder) -> None:
    """Whether each response was asked for and answered at all, marked on the first of its rows."""
    response = pl.col("response_id")
    facts = {"response_answered": _is_answered(build), "response_asked": pl.col("was_asked")}
    rows = build.frame.select(
        response, response.is_first_distinct().alias("is_first"), **{name: one.fill_null(value=False) for name, one in facts.items()}
    )  # fmt: skip
    later = rows.filter(~pl.col("is_first"))["response_id"].unique()
    if len(later):  # most responses have one row, which is its own answer
        has_several = rows["response_id"].is_in(later.implode())
        several = rows.filter(has_several)
        any_row = several.group_by("response_id").agg(pl.col(*facts).any())
        known = several.select("response_id").join(any_row, on="response_id", how="left", maintain_order="left")
        rows = rows.with_columns(rows[name].scatter(has_several.arg_true(), known[name]) for name in facts)
    build.frame = build.frame.with_columns(rows.select(*facts))
    build.add(
        is_response=pl.lit(rows["is_first"] & rows["response_asked"]), is_answered_response=pl.col("response_answered")
    )


def _scales(frame: pl.DataFrame) -> pl.DataFrame:
    """The scales and directions that each question's scores are on, the most used first."""
    used = frame.lazy().filter(pl.col("score").is_not_null()).group_by(SCALE).len().collect()
    return used.sort("len", *SCALE[1:], descending=True, nulls_last=True).select(SCALE)


def _on_scale(frame: pl.DataFrame, scales: pl.DataFrame) -> pl.DataFrame:
    """`on_scale`: whether an answer is on its question's most used scale and direction; raw means use only those."""
    commonest = scales.unique("question", keep="first", maintain_order=True)
    is_main = [
        pl.all_horizontal(
            pl.col(name).eq_missing(pl.lit(value, frame.schema[name])) for name, value in zip(SCALE, row, strict=True)
        )
        for row in commonest.iter_rows()
    ]
    return frame.with_columns(on_scale=pl.any_horizontal(is_main) if is_main else pl.lit(value=False))


def surveyed(answers: pl.DataFrame) -> pl.Series:
    """The tickets that an answer is about; `answers` have `ticket_id`."""
    is_given = pl.col("score").is_not_null()
    if UNREAD_SCORE in answers.columns:
        is_given |= pl.col(UNREAD_SCORE)
    given = answers.lazy().filter(is_given).select(pl.col("ticket_id").drop_nulls().unique())
    return given.collect()["ticket_id"]
