"""What TAB offers is what there is, and offering it imports nothing heavy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpi_cli import outputs
from kpi_cli.documents.wording import LANGUAGES
from kpi_cli.options import completion, delivery
from kpi_core.config import resources
from kpi_core.ingest.formats.mapping import built_in
from kpi_core.kpis import BY_NAME
from kpi_core.model.tables import ANSWERS, TICKETS


def test_every_kpi_of_the_catalogue_is_offered_with_its_label() -> None:
    assert set(completion.kpis()) == set(BY_NAME)
    assert ("csat", completion.kpis()["csat"]) in completion.kpi("cs")
    assert completion.kpi("zzz") == []


def test_formats_are_the_output_modules() -> None:
    modules = {path.stem for path in Path(outputs.__file__).parent.glob("[!_]*.py")}
    assert set(outputs.names()) == modules


def test_mappings_are_the_shipped_files() -> None:
    assert completion.mappings() == tuple(sorted(mapping.name for mapping in built_in()))


def test_dimensions_are_columns_of_a_table() -> None:
    assert set(completion.DIMENSIONS) <= {*TICKETS.names, *ANSWERS.names}


def test_languages_are_those_there_are_labels_in() -> None:
    assert delivery.LANGUAGES == LANGUAGES


def test_a_broken_installation_offers_nothing_and_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "files", lambda name: tmp_path / name)
    assert completion.kpis() == {}
    assert completion.mappings() == ()


def _offered(words: str) -> list[str]:
    environment = {
        **os.environ,
        "_KUNDPULS_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    code = "import sys; sys.argv = ['kundpuls']; from kpi_cli.app import app; app(prog_name='kundpuls')"
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("kundpuls in", ["inspect"]),
        ("kundpuls report --gra", ["--grain"]),
        ("kundpuls report --by cha", ["channel"]),
        ("kundpuls report --kpi cs", ["csat"]),
        ("kundpuls report --format nd", ["ndjson"]),
        ("kundpuls report --lang s", ["sv"]),
        ("kundpuls report --compare y", ["year-ago"]),
    ],
)
def test_the_shell_is_offered(words: str, offered: list[str]) -> None:
    found = _offered(words)
    assert found[: len(offered)] == offered
