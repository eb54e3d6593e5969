"""The list of what to do as a document: for people a table, for programs a record, for calendars tasks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from kpi_cli.documents import listed_actions
from kpi_cli.documents.blocks import Cell, Column, Line, Page, Status, Table, Tone
from kpi_cli.documents.document import Document, Record, Rows, as_rows
from kpi_cli.documents.records import report as records
from kpi_cli.documents.records.targets import ACTION
from kpi_cli.documents.records.targets import action as record
from kpi_cli.documents.wording import Wording
from kpi_cli.todo.calendar_file import Task, calendar
from kpi_core.analysis.goals.answer import Targets
from kpi_core.analysis.goals.ledger import Entry, Progress
from kpi_core.model.kpi import Kpi
from kpi_core.model.report import Report

SIGNS = {
    Progress.NEW: ("!", Tone.STRONG),
    Progress.STILL: ("…", Tone.PLAIN),
    Progress.SOLVED: ("✓", Tone.GOOD),
}


class TodoDocument(Document):
    """What to do as of one run: what is new, still open or solved.

    `newest` is the stamp of the run that the entries are of, where that is of newer data than this one. `unseen` are KPIs that could not be looked at.
    """

    def __init__(
        self, found: Targets, entries: Sequence[Entry], stamp: str, wording: Wording, newest: str | None = None,
        unseen: Sequence[Kpi] = (),
    ) -> None:  # fmt: skip
        self.found, self.entries, self.stamp = found, entries, newest or stamp
        self.is_of_this_run = self.stamp == stamp
        self.unseen = tuple(unseen)
        self.wording = wording.knowing([one.kpi for one in found.standings])

    @property
    def reported(self) -> Report:
        """The report that it rests on."""
        return self.found.report

    def record(self) -> Record:
        """Every action, as of this run."""
        return {
            **records.heading(self.found.report),
            "not_judged": [one.name for one in self.unseen],
            "actions": [record(one, one.progress(self.stamp).value, self.wording.lang) for one in self.entries],
        }

    def rows(self) -> Rows:
        """A row an action; its columns alone where there is none."""
        found = as_rows(self.record()["actions"])
        return found if self.entries else Rows(ACTION, ())

    def page(self) -> Page:
        """How many there are of each, and a row for each."""
        word, counts = self.wording.word, self._counts()
        period = self.wording.period(self.found.query.period)
        title = word("todo_title", period=period) if self.is_of_this_run else word("todo")
        counted = [word(f"todo_n_{one.value}", count=counts[one]) for one in Progress if counts[one]]
        nothing = word("todo_nothing_else" if self.unseen else "todo_nothing")
        lead = [Line(", ".join(counted) if counted else nothing), *self._unseen()]
        columns = (
            Column(key="state", head=word("todo_state")),
            Column(key="what", head=word("todo_what"), folds=True, width=60),
            Column(key="why", head=word("todo_why"), folds=True, width=44),
            Column(key="owner", head=word("owner"), folds=True),
            Column(key="due", head=word("due"), is_right=True),
            Column(key="id", head=word("todo_id"), priority=2),
        )
        rows = tuple(self._row(one) for one in self.entries)
        blocks = (Table(key="actions", columns=columns, rows=rows, sheet=word("todo")),) if rows else ()
        return Page(title=title, headline=tuple(lead), blocks=blocks)

    def calendar(self) -> str:
        """The actions as an iCalendar file of tasks."""
        return calendar((self._task(one) for one in self.entries), self.wording.word("todo"))

    def _unseen(self) -> Iterator[Line]:
        """What could not be looked at, and why: no verdict, and no chart."""
        if self.unseen:
            names = "; ".join(dict.fromkeys(self.wording.short(one) for one in self.unseen))
            yield Line(self.wording.word("todo_unseen", kpis=names), Tone.PLAIN, "?")

    def _counts(self) -> dict[Progress, int]:
        return {one: sum(each.progress(self.stamp) is one for each in self.entries) for one in Progress}

    def _row(self, one: Entry) -> tuple[Cell, ...]:
        progress = one.progress(self.stamp)
        sign, tone = SIGNS[progress]
        state = Status(sign, self.wording.word(f"todo_{progress.value}"), tone)
        return (
            state,
            listed_actions.what(one, self.wording),
            listed_actions.why(one, self.wording),
            one.owner,
            one.due,
            one.id,
        )

    def _task(self, one: Entry) -> Task:
        solved = None if one.solved is None else _instant(one.solved)
        return Task(
            uid=one.uid, summary=listed_actions.what(one, self.wording), description=listed_actions.why(one, self.wording), due=one.due,
            stamp=_instant(one.last), category=self.wording.label(one.kpi), owner=one.owner, completed=solved, sequence=one.changed,
        )  # fmt: skip


def _instant(stamp: str) -> datetime:
    """When a run's data were known to be as they are; midnight UTC of the day its period ends where that says no clock."""
    end, _, known = stamp.partition(" ")
    moment = datetime.fromisoformat(known or end)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
