"""The switch with which the expected rows are written anew: `python -m pytest tests/formats --write-expected`."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-expected", action="store_true", help="write the expected rows instead of comparing")
