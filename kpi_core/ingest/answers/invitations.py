"""Who was asked, in a list separate from the answers: each answer gets the invitation that it answers, the others were not answered.

They meet by the case where both name one, else by e-mail address, else by customer. An invitation that is sent again is a reminder of it, unless
weeks lie between.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from kpi_core.errors import ExportError
from kpi_core.ingest.answers.unfolding import UNLISTED, Unfolded, asked_alone
from kpi_core.ingest.fields.narrow_scan import ROW
from kpi_core.ingest.file_read import ADDRESS, JOINED, FileRead
from kpi_core.ingest.tables.linking import completed_by_ticket
from kpi_core.ingest.tables.ticket_matching import matched
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding, Source
from kpi_core.model.tables import ANSWERS
from kpi_core.records import dataclass

ASKED, ANSWERED_AT = "offered_at", "answered_at"
KEYS = {
    "ticket_id": Message("by-ticket-number"),
    ADDRESS: Message("by-address"),
    "customer_id": Message("by-customer"),
}
"""What a list and the answers may meet by, the surest first."""
REMINDED = timedelta(days=21)
"""How long after an invitation the same person is reminded of it, and not asked anew."""
AGAIN, UNSENT = Message("reminder"), Message("not-sent")
FEW = 0.05
"""The share of answers by nobody on the list from which it is serious."""
_LIST, _PLACE, _WHO, _FILE, _NTH = "_list", "_place", "_who", "_file", "_nth"


@dataclass(frozen=True, kw_only=True, eq=False)
class Invited:
    """Surveys with the invitation of each answer, what was asked and not answered, the accounts of the lists, and the findings."""

    surveys: tuple[FileRead, ...]
    asked: tuple[Unfolded, ...] = ()
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    lists: tuple[FileRead, ...] = ()


def with_invitations(reads: Sequence[FileRead], tickets: pl.DataFrame | None) -> Invited:
    """The files of surveys with what lists of who was asked say of their answers; what was not answered knows its ticket too.

    Raises:
        ExportError: there are lists and no answers, or no dates of asking.
    """
    lists = [read for read in reads if read.mapping.invitations]
    surveys = [read for read in reads if not read.mapping.invitations]
    if not lists:
        return Invited(surveys=tuple(reads))
    if not surveys:
        hint = "pass the file of the answers with it; they meet by e-mail address, customer or ticket number"
        raise ExportError("is a list of who was asked, and holds no answers", where=lists[0].name, hint=hint)
    undated = next((read for read in lists if ASKED not in read.used.columns), None)
    if undated is not None:
        raise ExportError(
            "is a list of who was asked, and does not say when",
            where=undated.name,
            hint="name its column with --column offered_at=HEADER",
        )
    invited = pl.concat([_people(read, place) for place, read in enumerate(lists)], how="diagonal_relaxed")
    answers = pl.concat([_people(read, place) for place, read in enumerate(surveys)], how="diagonal_relaxed")
    key = _key(invited, answers)
    if key is None:
        return _unmet(surveys, lists)
    sent, again = _without_reminders(invited.drop_nulls([key, ASKED]), key)
    met = _met(answers, sent, key)
    questions = list({question.name: question for read in surveys for question in read.questions}.values())
    silent = sent.join(met.select(_LIST), on=_LIST, how="anti")
    lists_with_answers = _invited_answers(lists, sent, met)
    named = [
        _with_invitation(read, lists_with_answers.filter(pl.col(_FILE) == place)) for place, read in enumerate(surveys)
    ]
    rest = [_kept(read, silent.filter(pl.col(_FILE) == place)) for place, read in enumerate(lists)]
    return Invited(
        surveys=tuple(named), asked=tuple(asked_alone(matched(read.used, tickets)[0], questions) for read in rest), lists=tuple(lists),
        sources=tuple(_account(read, place, invited, again, met, sent, key) for place, read in enumerate(lists)),
        findings=_findings(lists, answers, met, silent.height, key),
    )  # fmt: skip


def _people(read: FileRead, place: int) -> pl.DataFrame:
    """The rows used of a file by what shows whose they are, with their times."""
    used = read.used
    if read.address is not None and ADDRESS not in used.columns:
        used = used.join(read.addresses(), on=ROW, how="left", maintain_order="left")
    names = [name for name in (*KEYS, ASKED, ANSWERED_AT) if name in used.columns]
    return used.select(ROW, *names, pl.lit(place, pl.UInt32).alias(_FILE))


def _key(invited: pl.DataFrame, answers: pl.DataFrame) -> str | None:
    """The surest key by which an answer and an invitation meet; None where none does."""
    for name in KEYS:
        if name in invited.columns and name in answers.columns:
            shared = answers[name].drop_nulls().is_in(invited[name].drop_nulls().unique().implode())
            if shared.any():
                return name
    return None


def _without_reminders(sent: pl.DataFrame, key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The invitations, each with a number of its own (`_list`), and the rows that only remind of one."""
    ordered = sent.sort(key, ASKED, _FILE, ROW).with_columns(
        _again=(pl.col(ASKED) - pl.col(ASKED).shift(1).over(key) < REMINDED).fill_null(value=False)
    )
    first = ordered.filter(~pl.col("_again")).drop("_again").with_row_index(_LIST)
    return first, ordered.filter("_again").drop("_again")


def _met(answers: pl.DataFrame, sent: pl.DataFrame, key: str) -> pl.DataFrame:
    """The answers (`_file`, `_row`) with the invitation that each is the first answer to: the last one before it, by the day."""
    columns = {name: pl.col(name) for name in (ANSWERED_AT,) if name in answers.columns}
    people = answers.drop_nulls(key).select(_FILE, ROW, key, **columns)
    if ANSWERED_AT not in people.columns:
        people = people.with_columns(pl.lit(None, sent.schema[ASKED]).alias(ANSWERED_AT))
    # Without a time it is taken for an answer to the first invitation of its person.
    day = pl.col(ANSWERED_AT).dt.truncate("1d").fill_null(pl.lit(sent[ASKED].min()).dt.truncate("1d"))
    begun = sent.select(_LIST, key, ASKED, _day=pl.col(ASKED).dt.truncate("1d")).sort("_day")
    found = people.with_columns(_day=day).sort("_day", ANSWERED_AT, _FILE, ROW).join_asof(
        begun, on="_day", by=key, strategy="backward", check_sortedness=False
    )  # fmt: skip
    return found.drop_nulls(_LIST).unique(_LIST, keep="first", maintain_order=True).select(_FILE, ROW, _LIST, ASKED)


def _invited_answers(lists: Sequence[FileRead], sent: pl.DataFrame, met: pl.DataFrame) -> pl.DataFrame:
    """The answers that met an invitation with all that its row says: when, to whom, and the team, say."""
    rows = pl.concat(
        [read.used.with_columns(pl.lit(place, pl.UInt32).alias(_FILE)) for place, read in enumerate(lists)],
        how="diagonal_relaxed",
    )
    own = [
        name
        for name in rows.columns
        if (name in ANSWERS.names and name != ANSWERS.key) or rows.schema[name] == pl.Categorical
    ]
    extra = (
        sent.select(_LIST, _FILE, ROW).join(rows.select(_FILE, ROW, *own), on=[_FILE, ROW], how="left").drop(_FILE, ROW)
    )
    return met.select(_FILE, ROW, _LIST).join(extra, on=_LIST, how="left").drop(_LIST)


def _with_invitation(read: FileRead, invited: pl.DataFrame) -> FileRead:
    """A survey with when each answer was asked for, and what its invitation says and it does not; an answer to none does not show who was asked."""
    names = [name for name in invited.columns if name not in (_FILE, ROW)]
    own = [pl.col(ASKED)] if ASKED in read.used.columns else []
    joined = read.used.join(
        invited.drop(_FILE).with_columns(_met=pl.lit(value=True)),
        on=ROW,
        how="left",
        suffix="_ticket",
        maintain_order="left",
    )
    is_unlisted = pl.all_horizontal(pl.col("_met").is_null(), *(name.is_null() for name in own))
    used = completed_by_ticket(joined.with_columns(is_unlisted.alias(UNLISTED)).drop("_met"), names)
    return replace(read, used=used)


def _kept(read: FileRead, rows: pl.DataFrame) -> FileRead:
    return replace(read, used=read.used.filter(pl.col(ROW).is_in(rows[ROW].implode())))


def _account(
    read: FileRead, place: int, invited: pl.DataFrame, again: pl.DataFrame, met: pl.DataFrame, sent: pl.DataFrame, key: str
) -> Source:  # fmt: skip
    """The account of a list: invitations that were answered are joined to their answers, reminders and what was not sent are none."""
    own = pl.col(_FILE) == place
    answered = sent.filter(own).join(met.select(_LIST), on=_LIST, how="semi").height
    unsent = invited.filter(own & pl.any_horizontal(pl.col(key).is_null(), pl.col(ASKED).is_null())).height
    return read.source(joined={JOINED: answered, AGAIN: again.filter(own).height, UNSENT: unsent})


def _findings(
    lists: Sequence[FileRead], answers: pl.DataFrame, met: pl.DataFrame, silent: int, key: str
) -> tuple[Finding, ...]:
    names = [read.name for read in lists]
    left = answers.height - met.height
    message = Message("invitations", files=names, count=met.height + silent, met=met.height, key=KEYS[key])
    found = [Finding(code="invitations", message=message, kpis=("response_rate", "csat_*_bound", "nps_of_asked"))]
    if left:
        message = Message("uninvited-answers", left=left, count=answers.height, files=names)
        is_serious = left > FEW * answers.height
        found.append(Finding(code="uninvited-answers", message=message, kpis=("response_rate",), is_serious=is_serious))
    return tuple(found)


def _unmet(surveys: Sequence[FileRead], lists: Sequence[FileRead]) -> Invited:
    """Lists that no answer meets, which are not used."""
    message = Message("unmet-invitations", files=[read.name for read in lists])
    finding = Finding(code="invitations", message=message, kpis=("response_rate",), is_serious=True)
    sources = tuple(read.source(joined={Message("list-unmet"): read.used.height}) for read in lists)
    return Invited(surveys=tuple(surveys), sources=sources, findings=(finding,), lists=tuple(lists))
