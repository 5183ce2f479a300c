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


EVERY = 2.0
"""Seconds between two lines; where nobody watches, ten times as long."""


class FillingProgress:
    """Counts people and orders as steps, and the rows that were copied."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.rows = max(1, total), 0, 0
        self.began = self._told = time.monotonic()

    def step(self) -> None:
        self.done += 1

    def wrote(self, rows: int) -> None:
        self.rows += rows
        is_watched, now = sys.stdout.isatty(), time.monotonic()
        if now - self._told >= (EVERY if is_watched else 10 * EVERY):
            self._told = now
            click.echo(("\r" if is_watched else "") + self.words(now - self.began), nl=not is_watched)

    def words(self, seconds: float) -> str:
        share = self.done / self.total
        left = seconds * (1 - share) / share if share else 0.0
        pace = self.rows / seconds if seconds else 0.0
        return f"History {share:4.0%}, {self.rows:,} rows, {pace:,.0f} rows/s, {_time(left)} left   "

    def end(self) -> None:
        seconds = max(time.monotonic() - self.began, 0.001)
        start = "\r" if sys.stdout.isatty() else ""
        click.echo(f"{start}History: {self.rows:,} rows in {_time(seconds)}, {self.rows / seconds:,.0f} rows/s   ")


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
