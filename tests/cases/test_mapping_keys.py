"""Every key of the mapping language is obeyed or refused: none is accepted and changes nothing.

For each key two mappings that differ in it alone read one file differently, or one of them is refused; the list of keys is
that of the language itself.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from invoked import piped
from pydantic import BaseModel
from reported import reported

from kpi_core.ingest.formats.mapping import Mapping
from kpi_core.ingest.formats.specs import (
    AnswerSpec,
    ColumnSpec,
    Counts,
    Events,
    LongForm,
    Mailbox,
    Recognition,
    RowRule,
    Threads,
)
from kpi_core.kpis import BY_NAME

PARTS: dict[str, type[BaseModel]] = {
    "mapping": Mapping, "column": ColumnSpec, "answer": AnswerSpec, "row": RowRule, "events": Events,
    "threads": Threads, "recognition": Recognition, "mailbox": Mailbox, "counts": Counts, "long_form": LongForm,
}  # fmt: skip
TICKETS = (
    "Id,Opened,Clock,Done,State,Alt,Reply,Spam,Tags,Tags,Score\n"
    "1,03/01/2026,08:00,13/01/2026 10:00,Parked,x,30,yes,a,b,4\n"
    "2,04/01/2026,09:00,14/01/2026 10:00,Solved,,60,no,a,d,2\n"
    "Total,,,,Solved,,,,,,\n"
)
EVENTS = "Case,At,Step,Place\nA,2026-01-01 10:00,open,2\nA,2026-01-01 08:00,start,1\nA,2026-01-02 09:00,done,3\nB,2026-01-03 09:00,open,1\n"
MIDWAY = "Case,At,Before\nA,2026-01-01 08:00,\nA,2026-01-02 09:00,new\nB,2026-01-03 09:00,new\n"
ORDER_LINES = (
    "No,Kind,Bought,Sum,Thing\n1,order,2026-01-01,100,chair\n1,line,,,lamp\n2,order,2026-01-02,50,lamp\n2,line,,,lamp\n"
)
ORDER = (
    "name: m\nlabel: m\nsystem: m\ntable: orders\nleave_out: [{{from: Kind, values: line, reason: line of an order{more}}}]\n"
    "columns: {{order_id: No, ordered_at: Bought, amount: Sum, product: Thing}}\n"
)
MESSAGES = "M,R,At,Who\n1,,2026-01-01 08:00,customer\n2,1,2026-01-01 09:00,agent\n3,,2026-01-02 08:00,customer\n4,3,2026-01-02 10:00,agent\n"
ANSWERS = "Id,When,How was it,Kind\n1,2026-01-01,4,csat\n2,2026-01-02,sure,csat\n3,2026-01-03,2,nps\n4,2026-01-04,Offered,csat\n"
HEAD = "name: m\nlabel: m\nsystem: m\ntable: {table}\n"
TICKET = (
    HEAD.format(table="tickets")
    + "date_order: dmy\nfooter: ['^Total']\n{more}columns: {{ticket_id: Id, created_at: Opened, resolved_at: Done{column}}}\n"
)
LOG = (
    HEAD.format(table="tickets")
    + "events: {events}\ncolumns: {{ticket_id: Case, created_at: {{from: At, take: first}}{column}}}\n"
)
ANSWER = (
    HEAD.format(table="answers")
    + "{more}columns: {{response_id: Id, answered_at: When}}\nanswers: [{{question: csat, {answer}}}]\n"
)
LETTERS = (
    "From,To,About,Client,Talk,At\n"
    "anna@shop.se,bo@example.com,FrÃ¥ga,bo@example.com,1,2026-01-01 08:00\nbo@example.com,anna@shop.se,Re: Fråga,bo@example.com,1,2026-01-01 09:00\n"
    "cy@kund.no,anna@shop.se,Svar,cy@kund.no,2,2026-01-02 09:00\nanna@shop.se,cy@kund.no,Annat,cy@kund.no,2,2026-01-02 11:00\n"
)
LETTER = HEAD.format(table="messages") + (
    "mailbox: {mailbox}\n"
    "columns: {{ticket_id: mail thread, customer_id: correspondent, sent_at: At, author: author, channel: About}}\n"
)
SUMS = "# From 2026-01-01,,\n# To 2026-01-31,,\n# Until 2026-02-28,,\nChannel,Visits,Purchases\nWeb,5,2\nMail,3,1\n"
DAYS = "start: '^# From (.{10})', end: '^# To (.{10})'"
SUM = HEAD.format(table="leads") + (
    "counts: {counts}\n"
    "columns: {{lead_id: number of the lead, created_at: day of the sums, is_converted: converted to a customer, channel: Channel}}\n"
)
ROWS = "Who,Other,Asked,Kind,Said,Code\n1,7,NPS,a,9,5\n1,7,CSAT,NPS,4,2\n2,7,NPS,NPS,3,6\n"
FORM = "{response: Who, question: Asked, answer: Said}"
LONG = HEAD.format(table="answers") + (
    "long_form: {form}\ncolumns: {{response_id: number of the response}}\nanswers: [{{question: nps, from: [NPS, Said]}}]\n"
)
UNHEARD = "name: z\nlabel: z\nsystem: z\ntable: orders\nrecognised_by: {all: Unheard}\ncolumns: {order_id: Unheard}\n"
THREAD = (
    HEAD.format(table="messages")
    + "threads: {threads}\ncolumns: {{message_id: M, sent_at: At, author: Who, ticket_id: thread}}\n"
)


@dataclass(frozen=True)
class Pair:
    """Two mappings that differ in one key, and the file they read."""

    plain: str
    changed: str
    file: str = TICKETS
    name: str = "export.csv"


def ticket(*, more: str = "", column: str = "", plain_more: str = "", plain: str = "", file: str = TICKETS) -> Pair:
    return Pair(TICKET.format(more=plain_more, column=plain), TICKET.format(more=more, column=column), file)


def answer(plain: str, changed: str, file: str = ANSWERS) -> Pair:
    return Pair(ANSWER.format(more="", answer=plain), ANSWER.format(more="", answer=changed), file)


def log(column: str, plain: str = "", events: str = "{case: Case, order: At}") -> Pair:
    order = "{case: Case, order: At}"
    return Pair(LOG.format(events=order, column=plain), LOG.format(events=events, column=column), EVENTS)


def letters(plain: str, changed: str) -> Pair:
    return Pair(LETTER.format(mailbox=plain), LETTER.format(mailbox=changed), LETTERS)


def sums(plain: str, changed: str) -> Pair:
    return Pair(SUM.format(counts=plain), SUM.format(counts=changed), SUMS)


def recognised(rule: str, plain: str = "all: Id", file: str = TICKETS) -> Pair:
    """Two mappings of the folder fit the file, or by the rule only one does."""
    more = "recognised_by: {{{}}}\n"
    return ticket(more=more.format(rule), plain_more=more.format(plain), file=file)


PAIRS: dict[str, Pair] = {
    "mapping.name": Pair(TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("name: m", "name: other")),
    "mapping.label": Pair(
        TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("label: m", "label: Other")
    ),
    "mapping.table": Pair(TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("table: tickets", "table: reviews")),
    "mapping.evidence": ticket(more="evidence: hearsay\n"),
    "mapping.fallback": ticket(plain_more="fallback: true\n", column=", due_at: State", plain=", due_at: State"),
    "mapping.extends": ticket(more="extends: spreadsheet-tickets\n"),
    "mapping.header_rows": ticket(more="header_rows: 2\n"),
    "mapping.headers": ticket(more="header_rows: 0\nheaders: [Id, Opened, Clock, Done]\n", plain_more="header_rows: 1\n"),
    "mapping.header_labels": Pair(
        ANSWER.format(more="header_rows: 2\nheader_labels: 2\n", answer="matching: easy"),
        ANSWER.format(more="header_rows: 2\n", answer="matching: easy"),
        "Id,When,q1\nnumber,day,How easy was it\n1,2026-01-01,4\n2,2026-01-02,5\n",
    ),
    "mapping.records": Pair(
        TICKET.format(more="records: rows\n", column=""), TICKET.format(more="records: older\n", column=""),
        json.dumps({"rows": [{"Id": 1, "Opened": "13/01/2026"}], "older": [{"Id": 2, "Opened": "13/02/2026"}, {"Id": 3, "Opened": "14/02/2026"}]}),
        name="export.json",
    ),
    "mapping.also": ticket(more="also: freshdesk-ticket\n"),
    "mapping.footer": Pair(
        TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("footer: ['^Total']\n", "")
    ),
    "mapping.leave_out": ticket(more="leave_out: [{from: State, values: Parked, reason: parked}]\n"),
    "mapping.events": Pair(
        HEAD.format(table="tickets") + "columns: {ticket_id: Case, created_at: At}\n",
        HEAD.format(table="tickets") + "events: {case: Case, order: At}\ncolumns: {ticket_id: Case, created_at: At}\n", EVENTS,
    ),
    "mapping.threads": Pair(
        THREAD.format(threads="").replace("threads: \n", ""), THREAD.format(threads="{message: M, reply_to: R}"), MESSAGES
    ),
    "mapping.recognised_by": recognised("all: Nothing"),
    "mapping.lines": ticket(more="lines: sum\n"),
    "mapping.zone": ticket(more="zone: Europe/Stockholm\n"),
    "mapping.decimal": ticket(
        plain_more="decimal: ','\n",
        column=", first_reply_time: {from: Reply, unit: minutes}",
        plain=", first_reply_time: {from: Reply, unit: minutes}",
        file=TICKETS.replace(",30,", ",1.234,"),
    ),
    "mapping.date_order": Pair(
        TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("dmy", "mdy"),
        "Id,Opened,Done\n1,03/04/2026,05/06/2026\n",
    ),
    "mapping.missing": ticket(more="missing: '14/01/2026 10:00'\n"),
    "mapping.columns": ticket(column=", group: State"),
    "mapping.constants": ticket(more="constants: {is_spam: 'true'}\n"),
    "mapping.answers": ticket(more="answers: [{question: csat, from: Score, scale: [1, 5]}]\n"),
    "mapping.notes": ticket(more="notes: Read this\n"),
    "column.from": ticket(column=", group: {from: State}", plain=", group: {from: Alt}"),
    "column.opposite": ticket(column=", is_spam: {opposite: Spam}", plain=", is_spam: {from: Spam}"),
    "column.time": Pair(
        TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("created_at: Opened", "created_at: {from: Opened, time: Clock}")
    ),
    "column.else": ticket(column=", group: {from: Alt, else: State}", plain=", group: {from: Alt}"),
    "column.every": ticket(column=", group: {from: Tags, every: true}", plain=", group: {from: Tags}"),
    "column.join": Pair(
        TICKET.format(more="", column=""),
        TICKET.format(more="", column="").replace("ticket_id: Id", "ticket_id: {from: [Id, State], join: true}"),
    ),
    "column.extract": ticket(column=", group: {from: State, extract: '(.)d$'}", plain=", group: {from: State}"),
    "column.unit": ticket(column=", first_reply_time: {from: Reply, unit: hours}", plain=", first_reply_time: {from: Reply, unit: minutes}"),
    "column.format": Pair(
        TICKET.format(more="", column=""), TICKET.format(more="", column="").replace("Opened", "{from: Opened, format: '%m/%d/%Y'}"),
        "Id,Opened,Done\n1,03/04/2026,05/06/2026\n",
    ),
    "column.values": ticket(column=", status: {from: State, values: {Parked: solved}}", plain=", status: {from: State}"),
    "column.patterns": ticket(column=", status: {from: State, patterns: {'^P': solved}}", plain=", status: {from: State}"),
    "column.missing": ticket(column=", group: {from: State, missing: Parked}", plain=", group: {from: State}"),
    "column.empty": ticket(column=", group: {from: Alt, empty: none at all}", plain=", group: {from: Alt}"),
    "column.divide": ticket(column=", agent_replies: {from: Reply, divide: 30}", plain=", agent_replies: {from: Reply}"),
    "column.take": log(", resolved_at: {from: At, take: last}", ", resolved_at: {from: At, take: first}"),
    "column.where": log(", resolved_at: {from: At, take: last, where: {Step: start}}", ", resolved_at: {from: At, take: last}"),
    "column.among": log(
        ", requester_wait_time: {from: At, take: time, where: {Step: start}, among: {Step: [start, done]}}",
        ", requester_wait_time: {from: At, take: time, where: {Step: start}}",
    ),
    "column.less": log(
        ", agent_stations: {take: count, less: 1}, resolved_at: {from: At, take: last}",
        ", agent_stations: {take: count}, resolved_at: {from: At, take: last}",
    ),
    "answer.question": Pair(
        ANSWER.format(more="", answer="from: How was it, scale: [1, 5]"),
        ANSWER.format(more="", answer="from: How was it, scale: [1, 5]").replace("csat", "ces"),
        ANSWERS,
    ),
    "answer.from": answer("from: How was it, scale: [1, 5]", "from: Kind, scale: [1, 5]"),
    "answer.matching": answer("matching: how was, scale: [1, 5]", "matching: nothing like it, scale: [1, 5]"),
    "answer.scale": answer("from: How was it, scale: [1, 5]", "from: How was it, scale: [1, 10]"),
    "answer.words": answer("from: How was it, scale: [1, 5]", "from: How was it, scale: [1, 5], words: {sure: 5}"),
    "answer.direction": answer("from: How was it, scale: [1, 5]", "from: How was it, scale: [1, 5], direction: lower"),
    "answer.offered": answer("from: How was it, scale: [1, 5]", "from: How was it, scale: [1, 5], offered: Offered"),
    "answer.where": answer("from: How was it, scale: [1, 5]", "from: How was it, scale: [1, 5], where: {Kind: csat}"),
    "row.from": ticket(more="leave_out: [{from: State, values: Parked, reason: r}]\n", plain_more="leave_out: [{from: Alt, values: Parked, reason: r}]\n"),
    "row.values": ticket(more="leave_out: [{from: State, values: Parked, reason: r}]\n", plain_more="leave_out: [{from: State, values: Away, reason: r}]\n"),
    "row.pattern": ticket(more="leave_out: [{from: State, pattern: '^P', reason: r}]\n", plain_more="leave_out: [{from: State, pattern: '^Q', reason: r}]\n"),
    "row.empty": ticket(more="leave_out: [{from: Alt, empty: true, reason: r}]\n"),
    "row.lines_of": Pair(ORDER.format(more=""), ORDER.format(more=", lines_of: No"), ORDER_LINES),
    "row.reason": ticket(more="leave_out: [{from: Alt, empty: true, reason: one}]\n", plain_more="leave_out: [{from: Alt, empty: true, reason: two}]\n"),
    "events.case": Pair(LOG.format(events="{case: Case, order: At}", column=""), LOG.format(events="{case: Step, order: At}", column=""), EVENTS),
    "events.before": Pair(LOG.format(events="{case: Case, order: At}", column=""), LOG.format(events="{case: Case, order: At, before: Before}", column=""), MIDWAY),
    "events.opening": log("", events="{case: Case, order: At, opening: {Step: [start]}}"),
    "events.order": Pair(LOG.format(events="{case: Case, order: At}", column=""), LOG.format(events="{case: Case}", column=""), EVENTS),
    "threads.message": Pair(THREAD.format(threads="{message: M, reply_to: R}"), THREAD.format(threads="{message: Who, reply_to: R}"), MESSAGES),
    "threads.reply_to": Pair(THREAD.format(threads="{message: M, reply_to: R}"), THREAD.format(threads="{message: M, reply_to: Who}"), MESSAGES),
    "mapping.mailbox": Pair(
        LETTER.format(mailbox="{from: From, to: To, subject: About}"),
        LETTER.replace("mailbox: {mailbox}\n", "").format(),
        LETTERS,
    ),
    "mailbox.from": letters("{from: From, to: To, subject: About}", "{from: Client, to: To, subject: About}"),
    "mailbox.to": letters("{from: From, to: To, subject: About}", "{from: From, subject: About}"),
    "mailbox.subject": letters("{from: From, to: To, subject: About}", "{from: From, to: To}"),
    "mailbox.customer": letters("{from: From, to: To, subject: About}", "{from: From, to: To, subject: About, customer: To}"),
    "mailbox.thread": letters("{from: From, to: To, subject: About}", "{from: From, to: To, subject: About, thread: Talk}"),
    "mailbox.own": letters("{from: From, to: To, subject: About}", "{from: From, to: To, subject: About, own: example.com}"),
    "mailbox.bytes_as_letters": letters(
        "{from: From, to: To, subject: About}", "{from: From, to: To, subject: About, bytes_as_letters: true}"
    ),
    "mapping.counts": Pair(
        SUM.format(counts=f"{{rows: Visits, converted: Purchases, {DAYS}}}"), SUM.replace("counts: {counts}\n", "").format(), SUMS
    ),
    "counts.rows": sums(f"{{rows: Visits, converted: Purchases, {DAYS}}}", f"{{rows: Purchases, converted: Purchases, {DAYS}}}"),
    "counts.converted": sums(f"{{rows: Visits, converted: Purchases, {DAYS}}}", f"{{rows: Visits, {DAYS}}}"),
    "counts.start": sums(f"{{rows: Visits, {DAYS}}}", f"{{rows: Visits, {DAYS.replace('# From', '# Nothing')}}}"),
    "counts.end": sums(f"{{rows: Visits, {DAYS}}}", f"{{rows: Visits, {DAYS.replace('# To', '# Until')}}}"),
    "mapping.invitations": Pair(ANSWER.format(more="", answer="from: How was it"), ANSWER.format(more="invitations: true\n", answer="from: How was it"), ANSWERS),
    "mapping.long_form": Pair(LONG.format(form=FORM), LONG.replace("long_form: {form}\n", "").replace("number of the response", "Who").format(), ROWS),
    "long_form.response": Pair(LONG.format(form=FORM), LONG.format(form=FORM.replace("Who", "Other")), ROWS),
    "long_form.question": Pair(LONG.format(form=FORM), LONG.format(form=FORM.replace("Asked", "Kind")), ROWS),
    "long_form.answer": Pair(LONG.format(form=FORM), LONG.format(form=FORM.replace("Said", "Code")), ROWS),
    "recognition.all": recognised("all: Nothing"),
    "recognition.any": recognised("all: Id, any: Nothing"),
    "recognition.at_least": recognised("all: Id, any: [State, Nothing], at_least: 2", "all: Id, any: [State, Nothing]"),
    "recognition.none": recognised("all: Id, none: State"),
    "recognition.second_row": recognised("all: [Id, Opened], second_row: Nothing", "all: [Id, Opened]"),
    "recognition.columns": recognised("columns: status", "columns: resolved_at"),
    "recognition.cells": recognised("all: [Id, Opened], cells: {Id: '^x'}", "all: [Id, Opened]"),
}  # fmt: skip


def keys() -> list[str]:
    """Every key of the language, as it is written."""
    return [
        f"{part}.{field.alias or name}" for part, model in PARTS.items() for name, field in model.model_fields.items()
    ]


def outcome(folder: Path, pair: Pair, mapping: str, *, is_alone: bool) -> Any:
    """What is understood of the file, or the refusal; next to another mapping, a rule decides which is meant."""
    folder.mkdir()
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    (folder / "z.yaml").write_text(UNHEARD, encoding="utf-8")
    export = folder.parent / pair.name
    export.write_text(pair.file, encoding="utf-8")
    ended = piped("inspect", export, "--mapping", folder / "m.yaml" if is_alone else folder, "--format", "json")
    return json.loads(ended.out) if not ended.code else ended.err.replace(str(folder), "")


def test_every_key_of_the_language_is_among_these() -> None:
    assert sorted([*PAIRS, "mapping.system"]) == sorted(keys())


@pytest.mark.parametrize("key", PAIRS)
def test_a_key_changes_what_is_read_or_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    # What is read is looked at, and not which of all KPIs it feeds.
    monkeypatch.setattr("kpi_cli.options.question.catalogue", lambda *_: (BY_NAME["tickets_created"],))
    pair = PAIRS[key]
    is_alone = "recogni" not in key
    plain = outcome(tmp_path / "plain", pair, pair.plain, is_alone=is_alone)
    assert plain["files"], plain["not_read"]
    assert plain != outcome(tmp_path / "changed", pair, pair.changed, is_alone=is_alone)


@pytest.mark.parametrize(("system", "tickets"), [("m", 2), ("other", 4)])
def test_tickets_of_two_systems_are_other_tickets(tmp_path: Path, system: str, tickets: int) -> None:
    mapping = TICKET.format(more="recognised_by: {all: [Id, COLUMN]}\n", column="")
    for name, header, of in (("a", "Alt", "m"), ("b", "Other", system)):
        text = (
            mapping.replace("COLUMN", header).replace("name: m", f"name: {name}").replace("system: m", f"system: {of}")
        )
        (tmp_path / f"{name}.yaml").write_text(text)
        (tmp_path / f"{name}.csv").write_text(TICKETS.replace("Alt", header))
    found = reported(tmp_path / "a.csv", tmp_path / "b.csv", "--mapping", tmp_path)
    assert found.value("tickets_created") == tickets
