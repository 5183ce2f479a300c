"""Telling the terminal how far the demo is."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


class TerminalProgress:
    """A bar for each stretch of work in a terminal, one line for each where nobody is watching."""

    @contextmanager
    def of(self, words: str, length: int) -> Iterator["ProgressLine"]:
        began = time.perf_counter()
        if sys.stdout.isatty():
            with click.progressbar(length=length, label=f"{words:<28}", width=28) as bar:
                yield ProgressLine(bar.update)
        else:
            yield ProgressLine(lambda _: None)
            click.echo(f"{words} ({time.perf_counter() - began:.1f} s)")


class ProgressLine:
    def __init__(self, update: Callable[[int], object]) -> None:
        self._update = update

    def __call__(self, steps: int = 1) -> None:
        self._update(steps)


class Later(ProgressLine):
    """Counts while nobody is told, and tells of it at once when somebody is."""

    def __init__(self) -> None:
        super().__init__(self._count)
        self.counted = 0

    def _count(self, steps: int) -> None:
        self.counted += steps

    def tell(self, told: ProgressLine) -> None:
        told(self.counted)
        self._update = told
