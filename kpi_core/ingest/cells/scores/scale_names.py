"""What the known scales of words are called in a sentence."""

from functools import cache

from kpi_core.messages.message import Message, Text

NAMES = (
    Message("scale-of-good-or-bad"),
    Message("scale-of-thumbs"),
    Message("scale-of-good-okay-not-good"),
    Message("scale-of-satisfaction-in-five-steps"),
    Message("scale-of-satisfaction-from-not-to-very"),
    Message("scale-of-satisfaction-in-three-steps"),
    Message("scale-of-satisfaction-in-seven-steps"),
    Message("scale-of-satisfaction-in-seven-steps-the-middle-ones-plain"),
    Message("scale-of-happiness-in-three-steps"),
    Message("scale-of-happiness-in-five-steps"),
    Message("scale-of-happiness-in-seven-steps"),
    Message("scale-of-ease-in-five-steps"),
    Message("scale-of-ease-in-three-steps"),
    Message("scale-of-ease-in-seven-steps"),
    Message("scale-of-ease-in-seven-steps-the-middle-ones-plain"),
    Message("scale-of-expectations-in-five-steps"),
    Message("scale-of-expectations-in-three-steps"),
    Message("scale-of-agreement-in-five-steps"),
    Message("scale-of-agreement-in-seven-steps"),
    Message("scale-of-agreement-in-how-well-it-fits"),
    Message("scale-of-likelihood-in-five-steps"),
    Message("scale-of-satisfaction-from-not-at-all-to-extremely"),
    Message("scale-of-ease-from-not-at-all-to-extremely"),
    Message("scale-of-likelihood-from-not-at-all-to-extremely"),
    Message("scale-of-quality-in-five-steps"),
    Message("scale-of-quality-from-bad-to-very-good"),
    Message("scale-of-quality-in-three-steps"),
    Message("scale-of-quality-in-five-steps-from-poor-to-excellent"),
    Message("scale-of-faces-in-three-steps"),
    Message("scale-of-faces-in-five-steps"),
    Message("scale-of-faces-from-angry-to-smiling"),
    Message("scale-of-faces-from-angry-to-loving"),
    Message("scale-of-yes-or-no"),
    Message("scale-of-yes-partly-or-no"),
    Message("scale-of-satisfied-or-not"),
    Message("scale-of-satisfaction-from-not-at-all-to-very"),
    Message("scale-of-groups-of-recommendation"),
    Message("scale-of-degree-in-five-steps"),
)


def called(name: str) -> Text:
    """The message that says the name of a scale."""
    return _known().get(name, name)


@cache
def _known() -> dict[str, Message]:
    return {str(message): message for message in NAMES}
