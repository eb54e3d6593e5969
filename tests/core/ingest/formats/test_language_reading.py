"""Each part of the mapping language on a small file: what the rows become."""

import polars as pl
import pytest
from reported import english

from kpi_core.errors import MappingError
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.formats.mapping import load_mapping
from kpi_core.ingest.tables.reshaping.thread_starts import first_messages
from kpi_core.model.tables import TABLES, Kind

TEXTS = frozenset(
    column.name for table in TABLES.values() for column in table.columns if column.kind in (Kind.TEXT, Kind.KEY)
)


@pytest.fixture
def read(tmp_path):
    def reads(mapping: str, content: str, name: str = "export.csv"):
        (tmp_path / "mapping.yaml").write_text("name: x\nlabel: X\nsystem: x\n" + mapping, encoding="utf-8")
        (tmp_path / name).write_text(content, encoding="utf-8")
        choices = Choices(mapping=str(tmp_path / "mapping.yaml"))
        return read_exports([str(tmp_path / name)], choices, TEXTS)

    return reads


def column(dataset, name: str, table: str = "tickets") -> list:
    cells = dataset.tables[table][name]
    return [str(cell) if hasattr(cell, "year") else cell for cell in cells.to_list()]


BASE = "table: tickets\ncolumns:\n  ticket_id: Id\n  created_at: Opened\n"


def test_a_part_of_a_cell_is_taken_out(read):
    found = read(BASE + '  group: {from: Title, extract: "team (\\\\w+)"}\n',
                 "Id,Opened,Title\n1,2026-01-01,for team Blue!\n2,2026-01-02,nothing\n")  # fmt: skip
    assert column(found, "group") == ["Blue", None]


def test_an_empty_cell_may_mean_something(read):
    found = read(BASE + '  is_merged: {from: Into, patterns: {".": "true"}, empty: "false"}\n',
                 "Id,Opened,Into\n1,2026-01-01,77\n2,2026-01-02,\n3,2026-01-03, \n")  # fmt: skip
    assert column(found, "is_merged") == [True, False, False]


def test_all_columns_of_a_header_are_joined(read):
    found = read(BASE + "  tags: {from: Labels, every: true}\n",
                 "Id,Opened,Labels,Labels,labels\n1,2026-01-01,a,b,\n2,2026-01-02,,,\n3,2026-01-03,,,c\n")  # fmt: skip
    assert column(found, "tags") == ["a, b", None, "c"]


def test_the_next_column_is_looked_at_where_a_cell_is_empty(read):
    found = read("table: orders\ncolumns:\n  order_id: Id\n  channel: {from: Shop, else: [Site, Till]}\n",
                 "Id,Shop,Site,Till\n1,,web,\n2,Oslo,web,3\n3,,,7\n4,,,\n")  # fmt: skip
    assert column(found, "channel", "orders") == ["web", "Oslo", "7", None]


def test_a_constant_holds_in_every_row_unless_a_column_says(read):
    found = read('table: reviews\nconstants: {scale_high: "5", platform: App}\ncolumns:\n  review_id: Id\n  rating: Stars\n  scale_high: Of\n',
                 "Id,Stars\n1,4\n2,5\n")  # fmt: skip
    assert column(found, "scale_high", "reviews") == [5.0, 5.0]
    assert column(found, "platform", "reviews") == ["App", "App"]
    result = read(
        'table: messages\nconstants: {is_public: "true"}\ncolumns: {message_id: Id, sent_at: At}\n',
        "Id,At\n1,2026-01-01\n",
    )
    assert column(result, "is_public", "messages") == [True]


def test_money_in_hundredths(read):
    found = read("table: orders\ncolumns:\n  order_id: Id\n  amount: {from: Cents, divide: 100}\n",
                 "Id,Cents\n1,14840\n2,5\n")  # fmt: skip
    assert column(found, "amount", "orders") == [148.4, 0.05]


def test_instants_counted_from_1970(read):
    found = read("table: tickets\ncolumns:\n  ticket_id: Id\n  created_at: {from: Opened, unit: seconds}\n",
                 "Id,Opened\n1,1767225600\n2,1767225661\n")  # fmt: skip
    assert column(found, "created_at") == ["2026-01-01 00:00:00", "2026-01-01 00:01:01"]
    assert found.zone == "UTC"


def test_rows_that_are_no_cases_are_counted_under_their_reason(read):
    rules = """leave_out:
  - {from: Id, empty: true, reason: further line}
  - {from: State, values: [Preview, Test], reason: preview}
  - {from: State, pattern: "(?i)^draft", reason: draft}
  - {from: No such column, empty: true, reason: never}
"""
    found = read(rules + BASE + "  status: State\n",
                 "Id,Opened,State\n1,2026-01-01,open\n,,\n,,x\n2,no date,test\n3,2026-01-03,Draft 2\n4,2026-01-04,solved\n")  # fmt: skip
    (source,) = found.sources
    assert english(source.rows_refused) == {"further line": 2, "preview": 1, "draft": 1}
    assert {*map(str, source.by_design)} == {"further line", "preview", "draft"}
    assert (source.rows_read, source.rows_used) == (6, 2)
    assert column(found, "status") == ["open", "solved"]


def test_a_footer_and_all_below_it_is_no_data(read):
    found = read('footer: ["^Grand Totals"]\n' + BASE,
                 'Id,Opened\n1,2026-01-01\n2,2026-01-02\n\n"Grand Totals (2 records)",\n\n"Our cases",\n3,2026-01-03\n')  # fmt: skip
    (source,) = found.sources
    assert english(source.rows_refused) == {"blank row": 1, "footer": 4}
    assert column(found, "created_at") == ["2026-01-01 00:00:00", "2026-01-02 00:00:00"]


def test_a_zone_in_the_header_is_the_zone_of_its_times(read):
    found = read("table: tickets\ncolumns:\n  ticket_id: Id\n  created_at: Opened at (*)\n",
                 "Id,Opened at (America/New_York)\n1,2026-01-01 12:00\n2,2026-07-01 12:00\n")  # fmt: skip
    assert found.zone == "America/New_York"
    assert column(found, "created_at") == ["2026-01-01 17:00:00", "2026-07-01 16:00:00"]


def test_the_wording_of_a_question_stands_in_a_row_of_its_own(read):
    mapping = """table: answers
header_rows: 3
header_labels: 2
columns: {response_id: RID}
answers: [{question: nps, matching: ["recommend"]}]
"""
    found = read(mapping, 'RID,Q1\nNumber,"Would you recommend us?"\n{a},{b}\n1,10\n2,3\n')
    assert column(found, "score", "answers") == [10.0, 3.0]


def test_a_file_without_a_header_gets_one_from_the_mapping(read):
    mapping = "table: orders\nheader_rows: 0\nheaders: [nr, day, sum]\ncolumns: {order_id: nr, ordered_at: day, amount: sum}\n"
    found = read(mapping, "1,2026-01-01,10.5,x\n2,2026-01-02,3,y\n")
    assert column(found, "amount", "orders") == [10.5, 3.0]
    assert found.sources[0].rows_read == 2


def test_one_column_answers_several_questions(read):
    mapping = """table: answers
columns: {response_id: RID, survey: Kind}
answers:
  - {question: nps, from: Score, where: {Kind: [NPS, relation]}}
  - {question: csat, from: Score, scale: [1, 5], where: {Kind: [CSAT]}}
"""
    found = read(mapping, "RID,Kind,Score\n1,nps,10\n2,CSAT,4\n3,Relation,0\n4,Other,7\n")
    result = (
        found.tables["answers"]
        .select(pl.col("question").cast(pl.String), "score", "scale_high")
        .sort("question", "score")
    )
    assert result.rows() == [("csat", 4.0, 5.0), ("nps", 0.0, 10.0), ("nps", 10.0, 10.0)]


LOG = """Case,What,When,Who
B,open,2026-01-02 09:00,ann
A,resolve,2026-01-03 09:00,bo
A,open,2026-01-01 09:00,ann
A,resolve,2026-01-05 09:00,cy
,open,2026-01-09 09:00,ann
"""
OF_EVENTS = """table: tickets
events: {case: Case, order: When}
columns:
  ticket_id: Case
  agent: Who
  created_at: {from: When, take: first}
  first_resolved_at: {from: When, take: first, where: {What: [Resolve]}}
  resolved_at: {from: When, take: last, where: {What: [resolve]}}
  reopens: {take: count, where: {What: [resolve]}, less: 1}
  is_spam: {from: Nothing, take: last}
"""


def test_an_event_log_is_folded_to_one_row_a_case(read):
    found = read(OF_EVENTS, LOG)
    (source,) = found.sources
    assert source.rows_read == 5
    assert english(source.rows_refused) == {"earlier event of its case": 2, "no Case": 1}
    assert {*map(str, source.by_design)} == {"earlier event of its case"}
    tickets = found.tables["tickets"].sort("created_at")
    assert tickets["agent"].cast(pl.String).to_list() == ["cy", "ann"]
    assert [str(each) for each in tickets["first_resolved_at"]] == ["2026-01-03 09:00:00", "None"]
    assert [str(each) for each in tickets["resolved_at"]] == ["2026-01-05 09:00:00", "None"]
    assert tickets["reopens"].to_list() == [1, 0]
    assert "is_spam" not in tickets.columns


def test_an_event_log_without_its_case_is_an_error(read):
    with pytest.raises(MappingError, match="needs `Case` for its cases"):
        read(OF_EVENTS, "Nr,What,When\n1,open,2026-01-01\n")


def test_numbers_order_events_as_numbers(read):
    found = read("table: tickets\nevents: {case: Case, order: Nr}\ncolumns: {ticket_id: Case, status: State}\n",
                 "Case,Nr,State\nA,10,closed\nA,9,open\n")  # fmt: skip
    assert column(found, "status") == ["closed"]


WAITS = """table: tickets
events: {case: Case, order: When}
columns:
  ticket_id: Case
  status: {from: To, take: last, where: {Field: [status]}}
  requester_wait_time: {from: When, take: time, where: {Field: [status], To: [new, open]}, among: {Field: [status]}}
"""


def test_a_wait_is_the_time_from_each_change_that_fits_to_the_next_one_that_counts(read):
    # A: new for 1 hour, open for 2 though its priority changed in between, pending for 4, open again for 1 minute.
    # B is new still: nobody knows for how long. C was never waited for by us; D has changes of other things only.
    log = """Case,Field,To,When
A,status,open,2026-01-01 10:00
A,status,new,2026-01-01 09:00
A,priority,open,2026-01-01 11:00
A,status,pending,2026-01-01 12:00
A,status,open,2026-01-01 16:00
A,status,solved,2026-01-01 16:01
B,status,new,2026-01-02 09:00
C,status,pending,2026-01-02 09:00
C,status,solved,2026-01-02 10:00
D,priority,open,2026-01-02 10:00
"""
    found = read(WAITS, log)
    waits = dict(zip(column(found, "status"), column(found, "requester_wait_time"), strict=True))
    assert column(found, "requester_wait_time") == [3 * 3600 + 60, 0, 0, None]
    assert waits["new"] == 0


def test_a_wait_of_which_one_end_is_not_known_is_missing(read):
    found = read(WAITS.replace("order: When", "order: Nr"), "Case,Field,To,When,Nr\nA,status,new,2026-01-01 09:00,1\nA,status,open,,2\n"
                 "A,status,solved,2026-01-01 12:00,3\n")  # fmt: skip
    assert column(found, "requester_wait_time") == [None]


def test_messages_are_strung_into_threads(read):
    mapping = """table: messages
threads: {message: id, reply_to: to}
columns: {message_id: id, ticket_id: thread, sent_at: at}
"""
    found = read(mapping, "id,to,at\n5,4.0,2026-01-05\n1,,2026-01-01\n4,1,2026-01-04\n8,7,2026-01-08\n9,7,2026-01-09\n")
    threads = dict(found.tables["messages"].sort("sent_at").select("sent_at", "ticket_id").iter_rows())
    named = list(dict.fromkeys(threads.values()))
    assert [named.index(thread) for thread in threads.values()] == [0, 0, 0, 1, 1]


def test_a_long_thread_and_a_ring_come_to_an_end():
    chain = pl.Series(range(5000)).cast(pl.String)
    assert first_messages(chain, chain.shift(1)).unique().to_list() == ["0"]
    ring = first_messages(pl.Series(["a", "b"]), pl.Series(["b", "a"]))
    assert ring.null_count() == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("events: {order: When}\n", "case"),
        ("columns: {agent: {from: A, take: last}}\n", "say which column is the case with `events`"),
        ('columns: {agent: {from: A, extract: "x+"}}\n', "has no group in parentheses"),
        ("columns: {agent: {from: A, take: last, among: {B: [c]}}}\n", "it goes with `take: time`"),
        ("leave_out: [{from: A, reason: r}]\n", "says which rows by one of"),
        ('constants: {ticket_id: "7"}\n', "it can be no constant"),
        ("constants: {reopens: few}\n", "`few` is no number"),
        ("constants: {is_spam: perhaps}\n", "`perhaps` is no is_spam"),
        ("header_rows: 0\n", "`headers` name the columns"),
        ("headers: [a, b]\n", "`headers` name the columns"),
        ("header_labels: 3\n", "row 3 of 1 header rows"),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(tmp_path, line, message):
    path = tmp_path / "mine.yaml"
    path.write_text("name: x\nlabel: X\nsystem: x\ntable: tickets\n" + line, encoding="utf-8")
    with pytest.raises(MappingError) as raised:
        load_mapping(path)
    assert message in f"{raised.value.message}"
    assert str(raised.value.where).startswith(f"{path}:")
