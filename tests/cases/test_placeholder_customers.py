"""A word for customers that nobody knows, taken for one customer who comes back again and again: `Telefonkund`, `Privatperson`."""

from pathlib import Path

import pytest

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

CODE = "placeholder-customer"


def _read(folder: Path, customers: list[str]) -> Dataset:
    rows = [f"{n};2026-09-{n % 28 + 1:02} 08:00;{who};Löst" for n, who in enumerate(customers)]
    path = folder / "list.csv"
    path.write_text("\n".join(["Ärendenr;Skapad;Kund;Status", *rows, ""]), encoding="utf-8")
    return read_exports([str(path)], Choices(), frozenset({"customer_id"}))


def _others(count: int) -> list[str]:
    return [f"kund{n}@ex.se" for n in range(count)]


def _without(dataset: Dataset) -> int:
    return dataset.tables["tickets"]["customer_id"].null_count()


@pytest.mark.parametrize("word", ["Telefonkund", "Privatperson", "Saknas", "Diverse kunder", "Okänt nummer", "Mangler"])
def test_a_word_for_nobody_is_none_however_seldom(tmp_path: Path, word: str) -> None:
    dataset = _read(tmp_path, [*_others(20), word])
    assert (_without(dataset), {found.code for found in dataset.findings} & {CODE}) == (1, set())


@pytest.mark.parametrize("word", ["Butiken", "Växeln", "Walkins"])
def test_another_word_is_none_by_its_share(tmp_path: Path, word: str) -> None:
    """Hand-worked: 12 of 32 rows, where the other 20 customers have one each."""
    dataset = _read(tmp_path, [*_others(20), *[word] * 12])
    (found,) = [found for found in dataset.findings if found.code == CODE]
    assert (_without(dataset), f"`{word}`" in found.text, "fcr_no_repeat*" in found.kpis) == (12, True, True)


@pytest.mark.parametrize("name", ["Volvo", "Region Skåne", "Equinor ASA"])
def test_a_name_is_not_taken_away(tmp_path: Path, name: str) -> None:
    """It may be a large customer or a word for several: it counts, and what follows customers is not compared."""
    dataset = _read(tmp_path, [*_others(20), *[name] * 12])
    (found,) = [found for found in dataset.findings if found.code == CODE]
    assert (_without(dataset), found.is_serious, "--null-value" in found.text) == (0, True, True)


def test_a_large_customer_that_looks_like_the_others_stays_and_is_reported(tmp_path: Path) -> None:
    dataset = _read(tmp_path, [*_others(20), *["stor@ex.se"] * 12])
    (found,) = [found for found in dataset.findings if found.code == CODE]
    assert (_without(dataset), "--null-value" in found.text) == (0, True)


@pytest.mark.parametrize(
    "customers",
    [[*_others(20), *["Butiken"] * 3], [*_others(10) * 3, *["Butiken"] * 9], ["Anna", "Bo", "Butiken"] * 5],
)  # fmt: skip
def test_a_customer_who_comes_as_others_do_is_one(tmp_path: Path, customers: list[str]) -> None:
    dataset = _read(tmp_path, customers)
    assert (_without(dataset), [found for found in dataset.findings if found.code == CODE]) == (0, [])
