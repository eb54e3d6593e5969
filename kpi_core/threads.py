"""The one place that starts threads: work in the background of other work, so that no core is idle.

polars shares one query among all cores and leaves them idle between two; hashing and importing need one core alone.
"""

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from threading import Thread
from typing import ParamSpec, TypeVar

_kept: dict[str, Callable[[], object]] = {}
P = ParamSpec("P")
T = TypeVar("T")


def in_background(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Begins some work in a thread of its own, which keeps no program from ending; the future raises what the work raises."""
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work(*args, **kwargs))
        except BaseException as fault:  # noqa: BLE001 - raised where the result is asked for
            result.set_exception(fault)

    Thread(target=run, daemon=True).start()
    return result


def at_once(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Some work as `in_background` has it, that takes less time than a thread: it is done here and now."""
    result: Future[T] = Future()
    try:
        result.set_result(work(*args, **kwargs))
    except Exception as fault:  # noqa: BLE001 - raised where the result is asked for
        result.set_exception(fault)
    return result


def at_leisure(name: str, work: Callable[[], object]) -> None:
    """Keeps some work for when the interpreter has nothing to do (see `leisure`), one of a name; it must be no matter whether it is ever done."""
    _kept[name] = work


def import_at_leisure(module: str) -> None:
    """Has a module that is wanted later imported while polars works."""
    if module not in sys.modules:
        at_leisure(module, partial(import_module, module))


def leisure() -> None:
    """Begins what was kept, in the background and one after another: who calls it is about to wait for polars, and the interpreter is free until then."""
    kept = [*_kept.values()][::-1]
    _kept.clear()
    if kept:
        in_background(_do_all, kept)


def _do_all(kept: list[Callable[[], object]]) -> None:
    for work in kept:
        work()


FEW = 20_000
"""Rows up to which work is done sooner than a thread has begun, and two threads mostly wait for each other at the interpreter."""


def pool(workers: int, rows: int) -> Executor:
    """So many threads for the work of a `with` block, which ends when all of it is done; for work on few rows none, and each piece is done where it is asked for."""
    return ThreadPoolExecutor(max_workers=workers) if rows > FEW else _AtOnce()


class _AtOnce(Executor):
    """No thread: what is submitted is done before `submit` ends."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return at_once(fn, *args, **kwargs)
