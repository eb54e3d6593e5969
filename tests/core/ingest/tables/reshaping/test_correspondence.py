"""Letters to conversations: whose side a person is on, and which letters are of one thread."""

import json
from pathlib import Path

import pytest
from invoked import piped

from kpi_core.errors import ExportError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

HEADER = "From;To;Subject;Received;Importance;Size"
TEXTS = frozenset({"agent"})


def read(folder: Path, *rows: str, own: str = "") -> Dataset:
    path = folder / "list.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    if not own:
        return read_exports([str(path)], Choices(), TEXTS)
    mapping = folder / "ours.yaml"
    mapping.write_text(
        "name: ours-messages\nlabel: Ours\nsystem: ours\ntable: messages\nextends: outlook-messages\n"
        f"mailbox: {{from: From, to: To, subject: Subject, own: [{own}]}}\n",
        encoding="utf-8",
    )
    return read_exports([str(path)], Choices(mapping=str(mapping)), TEXTS)


def authors(dataset: Dataset) -> list[str | None]:
    return dataset.tables["messages"].sort("sent_at")["author"].cast(str).to_list()


def letter(sender: str, to: str, subject: str, minute: int) -> str:
    return f"{sender};{to};{subject};2025-09-01 10:{minute:02};Normal;9 kB"


def test_the_domain_that_takes_part_in_every_letter_is_ours(tmp_path: Path) -> None:
    rows = [
        letter("Asta <asta@a.example>", "help@us.example", "Box", 0),
        letter("tor@us.example", "asta@a.example", "SV: Box", 10),
        letter("bo@b.example", "help@us.example", "Lid", 20),
        letter("una@us.example", "bo@b.example", "Re: Lid", 25),
    ]
    assert authors(read(tmp_path, *rows)) == ["customer", "agent", "customer", "agent"]


def test_an_address_of_a_public_mail_service_is_its_owner_and_nobody_else(tmp_path: Path) -> None:
    rows = [
        letter("asta@gmail.com", "ourshop@gmail.com", "Box", 0),
        letter("ourshop@gmail.com", "asta@gmail.com", "Re: Box", 10),
        letter("bo@gmail.com", "ourshop@gmail.com", "Lid", 20),
    ]
    assert authors(read(tmp_path, *rows)) == ["customer", "agent", "customer"]


def test_letters_between_one_customer_and_us_leave_it_open_who_is_who(tmp_path: Path) -> None:
    rows = [
        letter("asta@a.example", "help@us.example", "Box", 0),
        letter("tor@us.example", "asta@a.example", "Re: Box", 9),
    ]
    with pytest.raises(ExportError, match="which side of its letters is yours") as caught:
        read(tmp_path, *rows)
    assert "own" in (caught.value.hint or "")
    assert authors(read(tmp_path, *rows, own="us.example")) == ["customer", "agent"]


def test_letters_among_us_are_not_public(tmp_path: Path) -> None:
    rows = [
        letter("asta@a.example", "help@us.example", "Box", 0),
        letter("tor@us.example", "una@us.example", "Box", 5),
        letter("tor@us.example", "asta@a.example", "Re: Box", 10),
        letter("bo@b.example", "help@us.example", "Lid", 20),
    ]
    assert read(tmp_path, *rows).tables["messages"].sort("sent_at")["is_public"].to_list() == [True, False, True, True]


@pytest.mark.parametrize("prefix", ["Re: ", "SV: ", "Sv: RE: ", "VS: ", "RE[2]: ", "Fwd:  ", "AW: ", "VB: re: "])
def test_an_answer_is_of_the_thread_of_its_subject_and_its_customer(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "list.csv"
    rows = [
        letter("asta@a.example", "help@us.example", "Box  no 3", 0),
        letter("bo@b.example", "help@us.example", "Box no 3", 1),
        letter("tor@us.example", "bo@b.example", f"{prefix}Box no 3", 11),
        letter("tor@us.example", "asta@a.example", f"{prefix}box no 3", 40),
    ]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    ended = piped(
        "report", path, "--period", "all", "--kpi", "reply_time*", "--kpi", "tickets_created", "--format", "json"
    )
    values = {one["kpi"]: one["value"] for one in json.loads(ended.out)["results"]}
    assert values["tickets_created"] == 2
    assert values["reply_time_mean"] == 25 * 60  # 10 and 40 minutes


def test_a_file_a_conversation_knows_the_customer_by_its_title(tmp_path: Path) -> None:
    for number, name in enumerate(("Asta Ek", "Bo Lind")):
        folder = tmp_path / "inbox" / name.replace(" ", "")
        folder.mkdir(parents=True)
        messages = [
            {"sender_name": "Our shop", "timestamp_ms": 1756722600000 + number * 600000, "content": "Yes"},
            {"sender_name": name, "timestamp_ms": 1756720800000, "content": "Open?"},
        ]
        text = {
            "participants": [{"name": name}, {"name": "Our shop"}],
            "messages": messages,
            "title": name,
            "thread_path": f"inbox/{number}",
        }
        (folder / "message_1.json").write_text(json.dumps(text), encoding="utf-8")
    ended = piped(
        "report", tmp_path / "inbox" / "*" / "*.json", "--period", "all", "--kpi", "reply_time_mean", "--format", "json"
    )
    (result,) = json.loads(ended.out)["results"]
    assert (result["value"], result["n"]) == (35 * 60, 2)  # 30 and 40 minutes


def test_letters_whose_bytes_were_escaped_one_by_one_are_letters_again(tmp_path: Path) -> None:
    path = tmp_path / "message_1.json"
    path.write_text(
        '{"participants":[{"name":"x"}],"messages":[{"sender_name":"B\\u00c3\\u00a5rd","timestamp_ms":1756720800000,"content":"hi"}],'
        '"title":"\\u00c3\\u0085sa","thread_path":"inbox/1"}',
        encoding="utf-8",
    )
    assert read_exports([str(path)], Choices(), TEXTS).tables["messages"]["agent"].cast(str).to_list() == ["Bård"]


def test_letters_escaped_as_themselves_stay(tmp_path: Path) -> None:
    path = tmp_path / "message_1.json"
    path.write_text(
        '{"participants":[{"name":"x"}],"messages":[{"sender_name":"B\\u00e5rd","timestamp_ms":1756720800000,"content":"hi"}],'
        '"title":"Asa","thread_path":"inbox/1"}',
        encoding="utf-8",
    )
    assert read_exports([str(path)], Choices(), TEXTS).tables["messages"]["agent"].cast(str).to_list() == ["Bård"]
