"""Opens books on the state, and keeps the state up to date with the clock."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from web.standin.http import faults
from web.standin.state import cleanup, clock, timeline
from web.standin.state.books import Books
from web.standin.state.practice_offset import OFFSET
from web.standin.state.store import Store

BATCH = 200  # due things done in one transaction
TARGET = "moving_to"
STANDS_AT = "stands_at"
OFFSET_KEPT = 0.05  # seconds: how soon this process notices that another has moved the clock


@dataclass
class StandInEngine:
    store: Store
    events: frozenset[str]
    is_strict: bool
    on_announced: Callable[[], None] = lambda: None
    source: Callable[[], int] = clock.real_seconds
    moves_in_steps: bool = False
    _offset: int = 0
    _stands_at: int = 0
    _offset_until: float = 0.0

    def moment(self) -> int:
        held = clock.held_moment()
        if held is not None:
            return held
        self._read_offset()
        return self._stands_at or self.source() + self._offset

    def _read_offset(self) -> None:
        """The shop reads the time at every request, so the file is not read each time."""
        if time.monotonic() >= self._offset_until:
            self._offset, self._stands_at = self.store.setting(OFFSET), self.store.setting(STANDS_AT)
            self._offset_until = time.monotonic() + OFFSET_KEPT

    @contextmanager
    def reading(self) -> Iterator[Books]:
        self.catch_up()
        with self.store.reading() as connection:
            books = self._books(connection)
            books.is_reading = True
            yield books

    @contextmanager
    def trying(self) -> Iterator[Books]:
        self.catch_up()
        with self.store.trying() as connection:
            yield self._books(connection)

    @contextmanager
    def changing(self, *, request_id: str | None = None, key: str | None = None) -> Iterator[Books]:
        self.catch_up()
        with self.store.changing() as connection:
            books = self._books(connection)
            books.request_id, books.idempotency_key = request_id, key
            yield books
            books.flush()
        if books.announced:
            self.on_announced()

    def _books(self, connection: sqlite3.Connection) -> Books:
        return Books(connection, self.moment(), listens_for=self.events, is_strict=self.is_strict)

    def catch_up(self) -> int:
        """Does everything that is due by now; returns the number of things done."""
        done = 0
        while self._is_behind():
            done += self._catch_up_batch()
        return done

    def _is_behind(self) -> bool:
        due = self.next_due()
        return due is not None and due <= self.moment()

    def next_due(self) -> int | None:
        """Earliest instant at which something changes by the clock, except test clocks."""
        query = "SELECT min(due) FROM objects WHERE due IS NOT NULL AND clock IS NULL"
        with self.store.reading() as connection:
            found: int | None = connection.execute(query).fetchone()[0]
        return found

    def _catch_up_batch(self) -> int:
        until = self.moment()
        try:
            with self.store.changing() as connection:
                books = self._books(connection)
                done = 0
                while done < BATCH and timeline.run_next(books, until):
                    done += 1
                books.flush()
        except Exception:
            if self.is_strict:
                raise
            self._skip_failing(until)
            return 0
        if books.announced:
            self.on_announced()
        return done

    def _skip_failing(self, until: int) -> None:
        """One by one up to the failing change, which is postponed."""
        try:
            while True:
                with self.store.changing() as connection:
                    books = self._books(connection)
                    if not timeline.run_next(books, until):
                        return
                    books.flush()
        except Exception:
            timeline.log.exception("stand-in: a due change failed")
            with self.store.changing() as connection:
                timeline.put_off(self._books(connection), until)

    def advance(self, step: timedelta) -> None:
        """Moves the clock forward. Everything due happens in order, each change at its own instant."""
        if step < timedelta():
            raise ValueError("The stand-in's clock only goes forward.")
        with self.store.changing() as connection:
            connection.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
                (OFFSET, int(step.total_seconds())),
            )
        self._offset_until = 0.0
        self.catch_up()
        self.on_announced()

    def move(self, step: timedelta) -> None:
        """At once, or only set as the target of the shop's own steps (`step_to`); asked again, it moves on."""
        if not self.moves_in_steps:
            self.advance(step)
            return
        if step < timedelta():
            raise ValueError("The stand-in's clock only goes forward.")
        target = max(self.store.setting(TARGET), self.moment()) + int(step.total_seconds())
        self._set({TARGET: target})

    def target(self) -> int | None:
        return self.store.setting(TARGET) or None

    def step_to(self, instant: int) -> None:
        """A part of the way to the target; when it is reached, moving is over.

        A step over renewals stops a second before its end, with their drafts: the shop hears of those in time. On the
        way the clock stands still at each stop, however long the shop takes to answer what happened.
        """
        now = self.moment()
        stop = instant - 1 if instant - 1 > now and self._has_renewals(instant) else max(instant, now)
        with clock.stepping(instant):
            self._set({OFFSET: stop - self.source(), STANDS_AT: stop})
            self.catch_up()
        if (self.target() or 0) <= stop:
            self._set({OFFSET: stop - self.source(), STANDS_AT: 0, TARGET: 0})
        self.on_announced()

    def _has_renewals(self, until: int) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM objects WHERE kind = 'subscription' AND clock IS NULL AND due < ?)"
        with self.store.reading() as connection:
            return bool(connection.execute(query, (until,)).fetchone()[0])

    def _set(self, values: dict[str, int]) -> None:
        with self.store.changing() as connection:
            connection.executemany(
                "INSERT INTO settings (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                list(values.items()),
            )
        self._offset_until = 0.0

    def tidy(self) -> None:
        with self.store.changing() as connection:
            cleanup.forget(connection, self.moment())

    def order_fault(self, kind: faults.Kind, *, times: int, amount: float) -> None:
        with self.store.changing() as connection:
            faults.order(connection, kind, times=times, amount=amount)
