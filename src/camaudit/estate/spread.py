"""Work on many sites by all processors: in go sites and a function, out come its results in their order.

One process does it where there are few sites, or where the store is in this process's memory.
"""

from __future__ import annotations

import copyreg
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import MappingProxyType
from typing import Any, TypeVar

from camaudit.cache import as_proxy
from camaudit.store import Store

T = TypeVar("T")
R = TypeVar("R")

_FEWEST = 8
"""Sites for which it is worth to begin a process of its own."""
_MOST_PROCESSES = 4


def spread(
    store: Store, sites: Sequence[T], begin: Callable[..., Callable[[T], R]], inputs: tuple[Any, ...]
) -> Iterator[R]:
    """Yield what is made of each site; ``begin``, given the store and ``inputs``, returns what makes it.

    ``begin`` is a function of a module, and is called once in each process.
    """
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES, len(sites) // _FEWEST)
    if processes < 2 or store.lives_in_memory:
        yield from map(begin(store, *inputs), sites)
        return
    copyreg.pickle(MappingProxyType, as_proxy)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (store.url, begin, inputs)) as pool:
        yield from pool.map(_make, sites, chunksize=2)


_MAKES: list[Callable[[Any], Any]] = []
"""Of a process of its own: what it makes of each site."""


def _begin(url: str, begin: Callable[..., Callable[[Any], Any]], inputs: tuple[Any, ...]) -> None:
    _MAKES.append(begin(Store(url), *inputs))


def _make(site: Any) -> Any:
    return _MAKES[0](site)
