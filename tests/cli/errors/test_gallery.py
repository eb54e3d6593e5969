"""Every way to be told off, to the letter: see `gallery.yaml`."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from invoked import piped

from kpi_cli.completion import mappings

GALLERY: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "gallery.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, text in GALLERY["files"].items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "binary.csv").write_bytes(random.Random(1).randbytes(3000))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_stderr_and_exit_code_are_these(folder: Path, case: dict[str, Any]) -> None:
    ended = piped(*case["kundpuls"].split())
    expected = case["stderr"].replace("{formats}", ", ".join(mappings()))
    if "{theirs}" in expected and re.fullmatch(re.escape(expected).replace(r"\{theirs\}", ".+"), ended.err):
        expected = ended.err
    assert (ended.err, ended.code, ended.out) == (expected, case["code"], "")


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_every_error_shows_the_way_out(case: dict[str, Any]) -> None:
    assert "\nhint: " in case["stderr"] or "did you mean" in case["stderr"]


JARGON = re.compile(
    r"usage:|try '|argument\(s\)|traceback|exception|errno|\b(?:click|typer|pydantic|polars|regex|nonetype|parsed? as)\b"
    r"|requires an argument|input should be|greater than or equal|less than or equal",
    re.IGNORECASE,
)


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_an_error_has_no_words_of_its_maker(case: dict[str, Any]) -> None:
    assert not JARGON.search(case["stderr"])


@pytest.mark.parametrize("case", GALLERY["cases"], ids=lambda case: case["kundpuls"])
def test_a_message_is_one_sentence_without_a_full_stop(case: dict[str, Any]) -> None:
    lines = [line for line in case["stderr"].splitlines() if line]
    assert lines[0].startswith("error: ")
    assert not [line for line in lines if line.endswith(".")]
