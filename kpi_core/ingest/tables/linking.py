"""Links answers and tickets: ratings inside tickets, what a ticket knows of its answers, one answer a question."""

from collections.abc import Collection, Sequence

import polars as pl

from kpi_core.ingest.questions.survey_questions import FIRST, Question, is_of_question
from kpi_core.ingest.tables.duplicates import ranked
from kpi_core.ingest.tables.filling import RATED
from kpi_core.model.columns import INSTEAD, UNREAD
from kpi_core.model.tables import ANSWERS, Kind


def rated_in(tickets: pl.DataFrame, files: Sequence[int], questions: Sequence[Question]) -> pl.DataFrame:
    """The tickets of some files, with the ratings that are from these: a ticket put together of several may have another's."""
    rated = {each.name: RATED + each.name for each in questions if RATED + each.name in tickets.columns}
    if not rated:
        return tickets.filter(pl.col("_file").is_in(files))
    own = {name: pl.col(file).is_in(files) for name, file in rated.items()}
    cells = [
        pl.when(own[each.name]).then(name).alias(name)
        for each in questions if each.name in own
        for name in (each.column, each.unread, f"offered:{each.name}") if name in tickets.columns
    ]  # fmt: skip
    return tickets.filter(pl.any_horizontal(*own.values())).with_columns(cells)


ENDS = ("resolved_at", "closed_at", "updated_at")
"""What dates the rating inside a ticket that has no date of its own (`OWN`), the first that it has."""
OWN = "rated_at"


def rated_tickets(tickets: pl.DataFrame, *, is_by_arrival: bool = False) -> pl.DataFrame:
    """Tickets seen as survey responses: answered when they were rated, else when resolved, else last updated; `is_by_arrival`, when they came in."""
    dates = [name for name in (OWN, *(("created_at",) if is_by_arrival else ENDS)) if name in tickets.columns]
    answered = pl.coalesce(dates) if dates else pl.lit(None, Kind.INSTANT.dtype)
    scores = [name for name in tickets.columns if is_of_question(name)]
    earlier = [[pl.col(other).is_null() for other in dates[:place]] for place in range(len(dates))]
    stand_ins = {
        f"{INSTEAD}answered_at:{name}": pl.all_horizontal(pl.col(name).is_not_null(), *before)
        for name, before in zip(dates, earlier, strict=True)
        if name != OWN
    }
    return tickets.select(
        "ticket_id", *dimensions(tickets), *noise(tickets), *scores, response_id="ticket_id", answered_at=answered, **stand_ins,
        **({"customer_id": "customer_id"} if "customer_id" in tickets.columns else {}),
    )  # fmt: skip


CONTACT = "is_answered"
"""The column that lists of calls and chats have: whether somebody answered."""


def dated_by_arrival(names: Collection[str]) -> bool:
    """Whether the ratings inside a file's tickets are dated by when these came in, by the columns it has."""
    return CONTACT in names and not set(ENDS) & set(names)


def dimensions(tickets: pl.DataFrame) -> list[str]:
    """The columns of tickets that their answers can be split by."""
    return [name for name, dtype in tickets.schema.items()
            if (dtype == pl.Categorical or name in ("priority", "status")) and not (name.startswith("_") or is_of_question(name))]  # fmt: skip


def noise(tickets: pl.DataFrame) -> list[str]:
    """The columns of tickets that say whether they count at all, and where that could not be read."""
    flags = ("is_merged", "is_spam")
    return [name for name in (*flags, *(UNREAD + flag for flag in flags)) if name in tickets.columns]


def linked(responses: pl.DataFrame, tickets: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Responses with what the ticket that they number knows and they do not, and which of them found theirs.

    That is its source, group, agent and any column asked for. A number that stands for several tickets (two help desks)
    says nothing.
    """
    wanted = [*dimensions(tickets), *noise(tickets)]
    asked = responses.select(_number="ticket_id")
    known = tickets.select("_number", "ticket_id", *wanted).join(asked, on="_number", how="semi")
    if known["_number"].n_unique() < known.height:
        known = known.unique("_number", keep="none")
    joined = responses.join(
        known, left_on="ticket_id", right_on="_number", how="left", suffix="_ticket", maintain_order="left"
    )
    found = joined["ticket_id_ticket"].is_not_null()
    keyed = joined.with_columns(pl.coalesce("ticket_id_ticket", "ticket_id").alias("ticket_id"))
    return completed_by_ticket(keyed.drop("ticket_id_ticket"), wanted), found


def completed_by_ticket(joined: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Rows joined with their ticket's columns (suffix `_ticket` where they have one themselves): their own word comes first."""
    both = [name for name in names if f"{name}_ticket" in joined.columns]
    own = joined.schema
    words = [name for name in both if own[name] != own[f"{name}_ticket"]]  # a word of its own next to a known category
    joined = joined.with_columns(
        pl.col(each).cast(pl.String).cast(pl.Categorical()) for name in words for each in (name, f"{name}_ticket")
    )
    return joined.with_columns(pl.coalesce(name, f"{name}_ticket").alias(name) for name in both).drop(
        f"{name}_ticket" for name in both
    )


NEWEST, EARLIEST, WORST = "newest", "first", "worst"
RATINGS = (NEWEST, EARLIEST, WORST)
"""Which of several answers to one question about one ticket counts."""


def one_per_ticket(answers: pl.DataFrame, which: str = NEWEST) -> tuple[pl.DataFrame, int]:
    """One answer a (ticket, question), and how many went.

    The newest or the first of the survey's, a rating in the ticket only where there is none; or the worst of all by its place on its
    scale, of equals the newest. Every row has a score.
    """
    if "ticket_id" not in answers.columns:
        return answers, 0
    doubtful = _answered_twice(answers)
    if doubtful.is_empty():
        return answers, 0
    question = pl.col("question").to_physical().cast(pl.UInt64)
    given = answers.lazy().select("ticket_id", "question", place=pl.int_range(pl.len(), dtype=pl.UInt32))
    pairs = given.filter(pl.col("ticket_id").is_in(doubtful.implode())).select(
        "place", pair=pl.col("ticket_id") ^ question.hash(seed=3)
    )
    repeated = pairs.filter(pl.col("pair").is_duplicated()).collect()
    rows = answers[repeated["place"]].with_columns(_place=repeated["place"], _pair=repeated["pair"])
    ordered = _by_preference(ranked(rows, ANSWERS, "_pair"), which)
    lost = ordered.filter(~pl.col("_pair").is_first_distinct())
    keep = pl.Series([True]).new_from_index(0, answers.height).scatter(lost["_place"], values=False)
    return _with_first(answers.filter(keep), lost.filter(FIRST)["response_id"]), lost.height


def _by_preference(newest_first: pl.DataFrame, which: str) -> pl.DataFrame:
    """Answers in the order in which they are taken, from those that are in the order of their time, newest first."""
    if which != WORST:
        rows = newest_first.reverse() if which == EARLIEST else newest_first
        return rows.sort("_embedded", maintain_order=True)
    place = (pl.col("score") - pl.col("scale_low")) / (pl.col("scale_high") - pl.col("scale_low"))
    good = pl.when(pl.col("direction").cast(pl.String) == "lower").then(1 - place).otherwise(place)
    return newest_first.sort(good, nulls_last=True, maintain_order=True)


def _answered_twice(answers: pl.DataFrame) -> pl.Series:
    """The tickets that may have two answers to one question: surveyed twice, or surveyed and rated inside."""
    first = answers.lazy().filter(FIRST).select("ticket_id", "_embedded").collect()
    surveyed = first.filter(~pl.col("_embedded"))["ticket_id"].drop_nulls()
    rated = first.filter("_embedded")["ticket_id"]
    return pl.concat(
        [surveyed.filter(surveyed.is_duplicated()), rated.filter(rated.is_in(surveyed.implode()))]
    ).unique()


def _with_first(kept: pl.DataFrame, headless: pl.Series) -> pl.DataFrame:
    """The answers with a new first one marked in responses that lost theirs."""
    rest = kept.lazy().select("response_id").with_row_index("_at")
    rest = rest.filter(pl.col("response_id").is_in(headless.implode()))
    following = rest.unique("response_id", keep="first", maintain_order=True).collect()["_at"]
    return kept.with_columns(kept[FIRST].scatter(following, values=True))
