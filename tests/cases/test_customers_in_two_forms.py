"""One customer, or one agent, written in two ways in two exports."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reported import Reported, reported

FORMS: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "fraction": (str, "{}.0".format),
    "decimals": (str, '"{},00"'.format),
    "blank": (str, lambda number: f"{number:,}".replace(",", "\u00a0")),
    "comma": (str, lambda number: f'"{number:,}"'),
    "formula": (str, '"=""{}"""'.format),
    "capitals": ("K-{}".format, "k-{}".format),
    "letters": ("KUND{}".format, "kund{}".format),
    "mail program": ("k{}@x.se".format, "Kund Ett <K{}@x.se>".format),
    "link": ("k{}@x.se".format, "mailto:k{}@x.se".format),
    "telephones": ("+4670000{}".format, "00 46 70-000 {}".format),
    "zeros": (str, "{:08}".format),
    "zeros first": ("{:08}".format, str),
}


def _orders(path: Path, months: dict[int, Callable[[int], str]]) -> Reported:
    """The same 20 customers order each month."""
    files = []
    for month, form in months.items():
        rows = [f"{month}{at:03},2026-{month:02}-{at + 1:02},100,{form(1007 + at)}" for at in range(20)]
        files.append(path / f"{month}.csv")
        files[-1].write_text("\n".join(["Order ID,Order date,Amount,Customer ID", *rows, ""]), encoding="utf-8")
    return reported(*files, "--kpi", "active_customers,orders_per_customer")


@pytest.mark.parametrize("form", FORMS)
def test_one_customer_in_two_forms_is_one(tmp_path: Path, form: str) -> None:
    one, other = FORMS[form]
    found = _orders(tmp_path, {3: one, 4: other})
    assert (found.value("active_customers"), found.value("orders_per_customer")) == (20, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("001{:015}Gz3A".format, "001{:015}Gz3a".format),
        (str, lambda number: f"{number + 500:08}"),
        ("k{}@x.se".format, "Kund Ett <l{}@x.se>".format),
        ("{}.1".format, "{}.2".format),
    ],
    ids=["ids of letters in both cases", "zeros before other numbers", "other addresses", "parts of a number"],
)
def test_other_customers_stay_others(tmp_path: Path, one: Callable[[int], str], other: Callable[[int], str]) -> None:
    assert _orders(tmp_path, {3: one, 4: other}).value("active_customers") == 40


def test_zeros_before_a_number_stay_where_nothing_says_more(tmp_path: Path) -> None:
    """`007` and `7` in one file are two customers."""
    found = _orders(tmp_path, {3: lambda number: str(number - 1006) if number % 2 else f"{number - 1007:03}"})
    assert found.value("active_customers") == 20


@pytest.mark.parametrize(
    ("names", "agents"),
    [(["Anna Berg", "Berg, Anna"], 1), (["Berg, Anna", "Dahl, Ola"], 2), (["7", '"7,0"'], 1), (["Anna Berg", "Anna Dahl"], 2)],
)  # fmt: skip
def test_one_agent_in_two_forms_is_one(tmp_path: Path, names: list[str], agents: int) -> None:
    quoted = [f'"{name}"' if not name.startswith('"') else name for name in names]
    rows = [f"{at},2026-03-{at + 1:02} 09:00,2026-03-{at + 1:02} 12:00,Solved,{quoted[at % 2]}" for at in range(20)]
    (tmp_path / "a.csv").write_text(
        "\n".join(["Ticket ID,Created at,Resolved at,Status,Agent", *rows, ""]), encoding="utf-8"
    )
    assert reported(tmp_path / "a.csv", "--kpi", "tickets_per_agent").value("tickets_per_agent") == 20 / agents


def test_a_condition_on_customers_next_to_one_that_is_cut_off(tmp_path: Path) -> None:
    rows = [f"O{at},2026-03-{at + 1:02},10,{'K-1' if at % 2 else '4.67E+10'}" for at in range(20)]
    (tmp_path / "a.csv").write_text("\n".join(["Order ID,Order date,Amount,Customer ID", *rows, ""]), encoding="utf-8")
    found = reported(tmp_path / "a.csv", "--where", "customer_id == 'K-1'", "--min-n", "1", "--kpi", "revenue")
    assert found.value("revenue") == 100


@pytest.mark.parametrize("other", ["#{}", "Kund {}", "Customer #{}", "{}\u200b", "nr {}"])
def test_a_number_behind_a_sign_or_a_word_is_that_number(tmp_path: Path, other: str) -> None:
    rows = [
        f"{n},2026-01-{1 + n:02} 09:00,2026-01-{1 + n:02} 10:00,Solved,{other.format(1015) if n % 2 else 1015}"
        for n in range(6)
    ]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(("Ticket ID,Created at,Resolved at,Status,Customer ID", *rows)) + "\n", encoding="utf-8")
    assert reported(path, "--kpi", "fcr_no_repeat", period="2026-01").value("fcr_no_repeat") == pytest.approx(1 / 6)
