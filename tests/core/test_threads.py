"""Work in the background of other work: its result, and its fault where the result is asked for."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from kpi_core.threads import FEW, at_leisure, at_once, in_background, leisure, pool


def test_work_in_the_background_gives_its_result_in_another_thread() -> None:
    found = in_background(lambda factor, *, of: (factor * of, threading.current_thread().name), 6, of=7)
    value, thread = found.result(timeout=10)
    assert value == 42
    assert thread != threading.current_thread().name


def test_work_in_the_background_keeps_no_program_from_ending() -> None:
    assert in_background(lambda: threading.current_thread().daemon).result(timeout=10)


@pytest.mark.parametrize("begun", [in_background, at_once])
def test_a_fault_is_raised_where_the_result_is_asked_for(begun: Callable[..., Future[float]]) -> None:
    found = begun(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        found.result(timeout=10)


@pytest.mark.parametrize("rows", [FEW, FEW + 1])
def test_a_pool_ends_when_all_of_its_work_is_done(rows: int) -> None:
    done: list[int] = []
    with pool(2, rows) as workers:
        for number in range(10):
            workers.submit(done.append, number)
        assert [*workers.map(divmod, (7, 8), (2, 3))] == [(3, 1), (2, 2)]
    assert sorted(done) == list(range(10))


def test_work_on_few_rows_has_no_thread() -> None:
    here = threading.current_thread().name
    with pool(2, FEW) as workers:
        assert workers.submit(lambda: threading.current_thread().name).result() == here
    with pool(2, FEW + 1) as workers:
        assert workers.submit(lambda: threading.current_thread().name).result(timeout=10) != here


def test_what_is_kept_is_done_once_there_is_leisure() -> None:
    done = threading.Event()
    at_leisure("this", done.set)
    assert not done.is_set()
    leisure()
    assert done.wait(timeout=10)
