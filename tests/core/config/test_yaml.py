"""Every way a YAML file can be wrong, and how that is reported."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml as pyyaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from kpi_core.config import yaml
from kpi_core.errors import ConfigError, DefinitionError, KpiError, MappingError


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Column(Strict):
    headers: tuple[str, ...] = Field(default=(), alias="from")
    unit: Literal["days", "hours", "minutes"] | None = None


class Sheet(Strict):
    name: str
    rows: int = 1
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    is_open: bool = False
    colour: Colour = Colour.RED
    columns: dict[str, Column | str] = {}
    limits: dict[Literal["low", "high"], float] = {}
    tags: list[str] = []

    @model_validator(mode="after")
    def _known(self) -> "Sheet":
        for column in self.columns:
            if column == "total":
                raise ValueError(f"`{column}` is worked out, not read")
        return self


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: No\nb: 12:30\nc: 012\nd: 2026-10-01\n", {"a": "No", "b": "12:30", "c": "012", "d": "2026-10-01"}),
        ("On: yes\nnull: x\n", {"On": "yes", "null": "x"}),
        ("a:\nb: null\nc: ~\nd: ''\ne: 'null'\n", {"a": None, "b": None, "c": None, "d": "", "e": "null"}),
        ("- [1, x]\n- {a: b}\n", [["1", "x"], {"a": "b"}]),
        ("\ufeffa: å\n", {"a": "å"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
    ],
)
def test_cells_stay_text_and_only_nothing_is_null(tmp_path: Path, text: str, data: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert yaml.load(path).data == data


@pytest.mark.parametrize("loader", [pyyaml.BaseLoader, getattr(pyyaml, "CBaseLoader", pyyaml.BaseLoader)])
def test_both_loaders_mark_every_key_and_item_with_its_line(monkeypatch: pytest.MonkeyPatch, loader: type) -> None:
    monkeypatch.setattr(yaml, "_LOADER", loader)
    document = yaml.parse("# mine\na:\n  b: 1\n  c:\n    - x\n    - y\n", "mine.yaml")
    assert document.marks == {
        (): 1,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", 0): 5,
        ("a", "c", 1): 6,
    }
    assert document.where(("a", "c", 1)) == "mine.yaml:6"
    assert document.where(("a", "nowhere", "at", "all")) == "mine.yaml:2"


@pytest.mark.parametrize("loader", [pyyaml.BaseLoader, getattr(pyyaml, "CBaseLoader", pyyaml.BaseLoader)])
@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("", 1, "the file is empty", None),
        ("# only a comment\n", 1, "the file is empty", None),
        ("a: 1\nb: 2\na: 3\n", 3, "key `a` is there twice", "the first one is on line 1"),
        ("a: &x [1]\nb: *x\n", 2, "alias `*x` is not allowed", "write the value out"),
        ("a: &x\n  - *x\n", 2, "alias `*x` is not allowed", "write the value out"),
        ("a: 1\nb: !!int 3\n", 2, "tag `tag:yaml.org,2002:int` is not allowed", "write the plain value"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here", "keep one document in a file"),
        ("? [a, b]\n: 1\n", 1, "a key must be a word", None),
        ("a: b: c\n", 1, "a second `: ` on the line", None),
        ("a: 1\n  b: 2\n", 2, "a second `: ` on the line, or a line indented too far", None),
        ("a: 1\nb: @x\n", 2, "a value may not begin with `@`: put it in quotes", None),
        ("a: %x\n", 1, "a value may not begin with `%`: put it in quotes", None),
        ("a:\n\tb: 1\n", 2, "a tab where only blanks may stand", None),
        ("a: {b: 1\nc: 2\n", 2, "a `{` or `[` is not closed before this, or a comma is missing (character 2)", None),
        ("a: [1, 2\nb: 3\n", 2, "a `{` or `[` is not closed before this", None),
        ("[a, b\n", 2, "a `{` or `[` is not closed before this", None),
        ("a: 'x\nb: 1\n", 3, "a quote is never closed", None),
        ('a: "x\\q"\n', 1, "a `\\` that stands for no letter", None),
        ("a: 1\nb\nc: 2\n", 3, "the line before is a key without `:`", None),
        ("a:\n  b: 1\n c: 2\n", 3, "the line does not go on as the one before it", None),
        ("a: 'x' y\n", 1, "the line does not go on as the one before it", None),
        ("- a\nb: 1\n", 2, "the line does not go on as the one before it", None),
        ("a: 1\nb: \x01\n", 2, "control character `U+0001` is not allowed", "delete it"),
        ("[" * 40 + "]" * 40, 1, "nested deeper than 32 levels", None),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(
    monkeypatch: pytest.MonkeyPatch, loader: type, text: str, line: int, message: str, hint: str | None
) -> None:
    monkeypatch.setattr(yaml, "_LOADER", loader)
    with pytest.raises(MappingError) as caught:
        yaml.parse(text, "mine.yaml", MappingError)
    assert caught.value.where == f"mine.yaml:{line}"
    assert caught.value.message.startswith(message)
    assert caught.value.hint == hint


def test_a_hundred_thousand_brackets_neither_crash_nor_hang() -> None:
    # Whether the library or we find it first is the library's to choose.
    with pytest.raises(ConfigError) as caught:
        yaml.parse("[" * 100_000, "bomb.yaml")
    assert caught.value.where == "bomb.yaml:1"
    assert caught.value.message


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: å\n".encode("latin-1"))
    with pytest.raises(KpiError, match="byte 3 is not UTF-8"):
        yaml.load(tmp_path / "latin.yaml")
    with pytest.raises(KpiError, match="cannot be read: "):
        yaml.load(tmp_path / "none.yaml")


def test_text_becomes_what_the_model_declares() -> None:
    text = (
        "name: 7\nrows: 3\nshare: 0.25\nis_open: yes\ncolour: green\ncolumns: {a: x, b: {from: [y]}}\nlimits: {low: 1}"
    )
    sheet = yaml.validate(yaml.parse(text, "mine.yaml"), Sheet, ConfigError)
    assert (sheet.name, sheet.rows, sheet.share, sheet.is_open, sheet.colour) == ("7", 3, 0.25, True, Colour.GREEN)
    assert sheet.columns == {"a": "x", "b": Column.model_validate({"from": ["y"]})}
    assert sheet.limits == {"low": 1.0}


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("rows: 3\n", 1, "`name` is missing", None),
        ("name: x\nrow: 3\n", 2, "unknown key `row`", "did you mean `rows`?"),
        (
            "name: x\nzzz: 3\n",
            2,
            "unknown key `zzz`",
            "known are `name`, `rows`, `share`, `is_open`, `colour`, `columns`, `limits`, `tags`",
        ),
        ("name: x\nrows: three\n", 2, "`rows` must be a whole number, not `three`", None),
        ("name: x\nshare: half\n", 2, "`share` must be a number, not `half`", None),
        ("name: x\nshare: 2\n", 2, "`share` must be ", None),
        ("name: x\nis_open: maybe\n", 2, "`is_open` must be true or false, not `maybe`", None),
        ("name: x\ncolour: gren\n", 2, "`colour` cannot be `gren`", "did you mean `green`?"),
        ("name: x\ncolour: blue\n", 2, "`colour` cannot be `blue`", "known are `red`, `green`"),
        ("name:\n", 1, "`name` must be text, not empty", None),
        ("name: [x]\n", 1, "`name` must be text, not a list", None),
        ("name: x\ntags: y\n", 2, "`tags` must be a list, not `y`", None),
        ("name: x\ntags:\n- a\n- {b: c}\n", 4, "`tags` must be text, not keys with values", None),
        ("name: x\nlimits:\n  lwo: 1\n", 3, "unknown key `lwo`", "did you mean `low`?"),
        ("name: x\ncolumns:\n  a:\n    form: [x]\n", 4, "unknown key `form`", "did you mean `from`?"),
        ("name: x\ncolumns:\n  a:\n    unit: hour\n", 4, "`unit` cannot be `hour`", "did you mean `hours`?"),
        ("name: x\ncolumns:\n  total: y\n", 3, "`total` is worked out, not read", None),
        ("- name\n", 1, "`the file` must be keys with values, not a list", None),
    ],
)
def test_what_does_not_fit_the_model_is_reported_in_the_words_of_the_file(
    text: str, line: int, message: str, hint: str | None
) -> None:
    with pytest.raises(DefinitionError) as caught:
        yaml.validate(yaml.parse(text, "mine.yaml"), Sheet, DefinitionError)
    assert (caught.value.where, caught.value.hint) == (f"mine.yaml:{line}", hint)
    # A message that breaks off goes on in pydantic's words.
    assert caught.value.message.startswith(message) if message.endswith(" ") else caught.value.message == message


def test_all_that_does_not_fit_is_reported_at_once_in_the_order_of_the_lines() -> None:
    text = "nam: x\nrows: a\nshare: b\nis_open: c\ncolour: gren\ntags: e\n"
    with pytest.raises(MappingError) as caught:
        yaml.validate(yaml.parse(text, "m.yaml"), Sheet, MappingError)
    assert str(caught.value).splitlines() == [
        "m.yaml:1: `name` is missing",
        "m.yaml:1: unknown key `nam`, did you mean `name`?",
        "m.yaml:2: `rows` must be a whole number, not `a`",
        "m.yaml:3: `share` must be a number, not `b`",
        "m.yaml:4: `is_open` must be true or false, not `c`",
        "and 2 more",
    ]
