"""`kundpuls formats`: which exports are known, by what, and how each column is read."""

import json
from pathlib import Path

import pytest
from invoked import on_terminal, piped

from kpi_core.ingest.formats.mapping import built_in

MAPPINGS = [mapping.name for mapping in built_in()]


def test_the_list_holds_every_format() -> None:
    ended = piped("formats", "--format", "json")
    record = json.loads(ended.out)
    assert ended.code == 0
    assert [one["name"] for one in record["formats"]] == MAPPINGS
    assert all(one["recognised_by"] and one["evidence"] in ("real", "documented") for one in record["formats"])
    shown = piped("formats").out
    assert [name for name in MAPPINGS if name not in shown] == []


@pytest.mark.parametrize("name", MAPPINGS)
def test_every_format_can_be_shown_in_full_at_any_width(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    shown = on_terminal(monkeypatch, 80, "formats", name)
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    record = json.loads(piped("formats", name, "--format", "json").out)["format"]
    mapping = next(one for one in built_in() if one.name == name)
    assert {field: spec.get("from", []) for field, spec in record["columns"].items()} == {
        field: list(spec.headers) for field, spec in mapping.columns.items()
    }
    assert [one["question"] for one in record["answers"]] == [spec.question for spec in mapping.answers]


def test_a_format_says_its_headers_units_words_and_questions() -> None:
    shown = piped("formats", "freshdesk-tickets").out
    for result in (
        "Freshdesk tickets (freshdesk-tickets)",
        "at least one of `Initial response time`",
        "Last update time, Last updated time",
        "h:mm:ss",
        "`Within SLA` = true; `SLA Violated` = false",
        "/(?i)^waiting on / = pending",
        "missing: `No Group`",
        "Survey results, Survey result, CSAT Rating",
    ):
        assert result in shown


def test_a_mapping_of_one_s_own_is_shown_too(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(
        "name: mine\nlabel: My list\nsystem: mine\ntable: tickets\nzone: Europe/Oslo\n"
        "columns:\n  ticket_id: Nr\n  handle_time: {from: Tid, unit: minutes}\n"
    )
    shown = piped("formats", own).out
    assert "My list (mine)" in shown
    assert "Europe/Oslo" in shown
    assert "in minutes" in shown


@pytest.mark.parametrize(
    ("name", "code", "error"),
    [
        ("zendesk", 2, "no format `zendesk`, did you mean `zendesk-tickets`?"),
        ("freshdesk-ticket", 2, "no format `freshdesk-ticket`, did you mean `freshdesk-tickets`?"),
        ("nothing.yaml", 3, "nothing.yaml: "),
    ],
)
def test_an_unknown_format_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, code: int, error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = piped("formats", name)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith(f"error: {error}")
