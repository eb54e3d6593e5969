"""What the formats that come with the tool say of themselves is there in every language."""

import pytest

from kpi_core.ingest.cells.scores.rating_words import ratings
from kpi_core.ingest.cells.scores.scale_names import NAMES, called
from kpi_core.ingest.formats.built_in_texts import NOTES, REASONS, as_message
from kpi_core.ingest.formats.mapping import built_in
from kpi_core.messages.message import Message

TEXTS = {
    *(note for mapping in built_in() for note in mapping.notes),
    *(rule.reason for mapping in built_in() for rule in mapping.leave_out),
}


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_notes_and_reasons_of_the_tools_own_are_messages(text: str) -> None:
    message = as_message(text)
    assert isinstance(message, Message)
    assert str(message) == text
    assert message.render("sv") != text


def test_a_text_of_a_users_mapping_stays_as_it_is() -> None:
    assert as_message("our own reason") == "our own reason"


def test_no_message_is_of_a_text_that_no_format_has() -> None:
    shown = {"rule-preview", "rule-further-line", "rule-test"}  # the examples of the README of the mappings
    assert {message.key for message in (*NOTES, *REASONS) if str(message) not in TEXTS} == shown


def test_every_scale_of_words_has_a_name_in_every_language() -> None:
    assert all(isinstance(called(scale.name), Message) for scale in ratings().scales)
    assert {str(message) for message in NAMES} == {scale.name for scale in ratings().scales}
