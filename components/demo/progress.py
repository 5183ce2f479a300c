"""Shows the progress of the demo on the terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


class TerminalProgress:
    """A progress bar for each step in a terminal, otherwise one line."""

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
    """Counts silently, or updates the progress bar if there is one."""

    def __init__(self) -> None:
        super().__init__(self._count)
        self.counted = 0

    def _count(self, steps: int) -> None:
        self.counted += steps

    def tell(self, told: ProgressLine) -> None:
        told(self.counted)
        self._update = told
