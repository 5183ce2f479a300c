"""Shows the progress of the demo on the terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


class Progress:
    """A progress bar for each step in a terminal, otherwise one line."""

    @contextmanager
    def of(self, words: str, length: int) -> Iterator["Told"]:
        began = time.perf_counter()
        if sys.stdout.isatty():
            with click.progressbar(length=length, label=f"{words:<28}", width=28) as bar:
                yield Told(bar.update)
        else:
            yield Told(lambda _: None)
            click.echo(f"{words} ({time.perf_counter() - began:.1f} s)")


class Told:
    def __init__(self, update: Callable[[int], object]) -> None:
        self._update = update

    def __call__(self, steps: int = 1) -> None:
        self._update(steps)


class Later(Told):
    """Counts silently, or updates the progress bar if there is one."""

    def __init__(self) -> None:
        super().__init__(self._count)
        self.counted = 0

    def _count(self, steps: int) -> None:
        self.counted += steps

    def tell(self, told: Told) -> None:
        told(self.counted)
        self._update = told
