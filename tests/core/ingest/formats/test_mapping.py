"""Mappings as their users write them: what a file may say, what it builds on, and how its faults are reported."""

from pathlib import Path

import pytest

from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.ingest.formats.mapping import Mapping, built_in, find_mapping, load_mapping

HEAD = "name: mine\nlabel: Mine\nsystem: mine\ntable: tickets\n"


def load(folder: Path, text: str) -> Mapping:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def test_one_header_many_headers_and_a_whole_description_say_the_same_thing(tmp_path: Path) -> None:
    mapping = load(
        tmp_path,
        HEAD + "columns:\n  ticket_id: No\n  status: [State, Status]\n  group: {from: Team, missing: nobody}\n",
    )
    assert mapping.columns["ticket_id"].headers == ("No",)
    assert mapping.columns["status"].headers == ("State", "Status")
    assert (mapping.columns["group"].headers, mapping.columns["group"].missing) == (("Team",), ("nobody",))
    assert not mapping.fallback
    assert mapping.header_rows == 1


def test_a_mapping_that_extends_another_puts_its_own_over_it(tmp_path: Path) -> None:
    mapping = load(
        tmp_path,
        HEAD + "extends: freshdesk-tickets\nzone: Europe/Oslo\ncolumns:\n  group: Department\n"
        "constants: {product: Shop}\nanswers:\n  - {question: csat, from: Stars, scale: [1, 5]}\n  - {question: nps, from: Recommend}\n",
    )
    base = find_mapping("freshdesk-tickets")
    assert (mapping.name, mapping.label, mapping.zone) == ("mine", "Mine", "Europe/Oslo")
    assert mapping.recognised_by == base.recognised_by
    assert mapping.columns["group"].headers == ("Department",)
    assert mapping.columns["ticket_id"] == base.columns["ticket_id"]
    assert [(answer.question, answer.headers) for answer in mapping.answers] == [
        ("csat", ("Stars",)),
        ("nps", ("Recommend",)),
    ]
    assert mapping.constants == {"product": "Shop"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (HEAD + "columns:\n  ticket_id: No\n  reopened: Reopens\n", None, "no column `reopened` in tickets, did you mean `reopens`?"),
        (HEAD.replace("tickets", "ticket"), None, "no table `ticket`"),
        (HEAD + "columns:\n  status:\n    from: State\n    values: {Klar: finished}\n", None, "`finished` is no status"),
        (HEAD + 'columns:\n  priority:\n    from: P\n    patterns: {"^1": top}\n', None, "`top` is no priority"),
        (HEAD + "columns:\n  is_spam: {from: Spam, values: {X: maybe}}\n", None, "`maybe` is no is_spam"),
        (HEAD + "answers:\n  - question: nsp\n    from: NPS\n", 6, "no question `nsp`"),
        (HEAD + "headers_row: 2\n", 5, "headers_row"),
        (HEAD + "header_rows: 4\n", 5, ""),
        (HEAD + "decimal: ;\n", 5, ""),
        (HEAD + "columns:\n  first_reply_time: {from: Reply, unit: fortnights}\n", 6, "fortnights"),
        (HEAD + "name: other\n", 5, "`name` is there twice"),
        ("name: mine\nlabel: [unclosed\n", None, ""),
        ("label: Mine\nsystem: mine\ntable: tickets\n", None, "name"),
        ("- a list\n", None, ""),
        ("", None, ""),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_place(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    with pytest.raises(MappingError) as refused:
        load(tmp_path, text)
    assert message in refused.value.message
    assert refused.value.where is not None
    assert "mine.yaml" in refused.value.where
    if line is not None:
        assert refused.value.where.endswith(f"mine.yaml:{line}")


def test_an_unknown_column_is_reported_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no column `reopened`") as refused:
        load(tmp_path, HEAD + "columns:\n  ticket_id: No\n  reopened: Reopens\n")
    assert refused.value.where is not None
    assert refused.value.where.endswith("mine.yaml:7")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + 'answers:\n  - question: nps\n    matching: ["recommend("]\n',
        HEAD + 'columns:\n  status:\n    from: State\n    patterns: {"(waiting": pending}\n',
        HEAD + 'columns:\n  status:\n    from: State\n    patterns: {"(?=look ahead)": pending}\n',
    ],
)  # fmt: skip
def test_a_pattern_that_is_none_is_a_fault_of_the_mapping(tmp_path: Path, text: str) -> None:
    with pytest.raises(MappingError) as refused:
        load(tmp_path, text)
    assert refused.value.where is not None
    assert "mine.yaml" in refused.value.where


def test_a_mapping_that_extends_nothing_there_is_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no mapping `freshdesk-ticket`, did you mean `freshdesk-tickets`"):
        load(tmp_path, HEAD + "extends: freshdesk-ticket\n")


def test_a_mapping_that_extends_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    with pytest.raises(MappingError):
        load(tmp_path, HEAD + f"extends: {path}\n")


def test_a_mapping_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    assert find_mapping("zendesk-tickets").name == "zendesk-tickets"
    (tmp_path / "own.yaml").write_text(HEAD, encoding="utf-8")
    assert find_mapping(str(tmp_path / "own.yaml")).name == "mine"
    with pytest.raises(MappingError, match="no mapping `zendesk`") as refused:
        find_mapping("zendesk")
    assert refused.value.hint is not None
    assert "zendesk-tickets" in refused.value.hint
    with pytest.raises(MappingError):
        find_mapping(str(tmp_path / "gone.yaml"))


def test_every_mapping_that_is_shipped_loads() -> None:
    names = [mapping.name for mapping in built_in()]
    assert sorted(names) == sorted(path.stem for path in (configs() / "mappings").glob("*.yaml"))
    assert len(names) == len(set(names))
