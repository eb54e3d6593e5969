"""The one place that starts threads: work beside other work, so that no core is idle.

polars shares one query among all cores and leaves them idle between two; hashing and importing need one core alone.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def beside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Begins some work in a thread of its own, which keeps no program from ending; the future raises what the work raises."""
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work(*args, **kwargs))
        except BaseException as fault:  # noqa: BLE001 - raised where the result is asked for
            result.set_exception(fault)

    Thread(target=run, daemon=True).start()
    return result


def pool(workers: int) -> ThreadPoolExecutor:
    """So many threads for the work of a `with` block, which ends when all of it is done."""
    return ThreadPoolExecutor(max_workers=workers)
