"""`python -m benchmarks.kills ROUNDS [FILE [SECONDS]]`: kill -9, again and again, while people buy, join, pause,
cancel, are refunded; about every SECONDS, 2 unless said. Joining takes some 5, with its e-mail.

By turns a process that answers requests, the worker, the database alone, and everything at once. After each round: how
long until pages come again. At the end of each lot of rounds, which has a shop of its own, the books of the shop, of
the bank and of the mail server must agree. What each lot came to is added to FILE, so an interruption loses one.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from benchmarks import actors, members, servers
from benchmarks.actors import Traffic
from benchmarks.small_shop import PRODUCT
from tests.operate.served import Served
from tests.support import demos, post_office
from tests.support.post_office import PostOffice

KINDS = ("web", "worker", "database", "all")
AIM_SECONDS = 5.0
PATIENCE = 180
STALLED_SECONDS = 150
"""Without any progress. A job whose worker was killed is taken up within seconds; sending e-mails is paused longer."""
ACTS_A_ROUND = 20
A_LOT, MEMBERS_FIRST = 20, 4
ACTORS = ((actors.buy, 3, 0.2), (actors.join, 3, 0.5), (actors.change, 2, 0.3), (actors.refund, 1, 0.5))
JOBS = "SELECT task_name, status FROM procrastinate_jobs WHERE status IN ('doing', 'todo') ORDER BY id"
BANK_ORDERS = """
SELECT count(*) FROM objects WHERE kind = 'payment_intent' AND status = 'succeeded'
AND json_extract(body, '$.metadata.purpose') = 'order'
"""
BANK_REFUNDS = "SELECT count(*) FROM objects WHERE kind = 'refund' AND status = 'succeeded'"
BANK_MEMBERS = "SELECT count(*) FROM objects WHERE kind = 'subscription' AND status IN ('active', 'trialing')"
BANK_LEAVING = f"{BANK_MEMBERS} AND json_extract(body, '$.cancel_at') IS NOT NULL"
SHOP = """
SELECT (SELECT count(*) FROM orders WHERE paid_at IS NOT NULL) AS orders,
  (SELECT count(*) FROM refund WHERE status = 'succeeded') AS refunds,
  (SELECT count(*) FROM subscription WHERE status IN ('active', 'paused')) AS members,
  (SELECT count(*) FROM subscription WHERE status IN ('active', 'paused') AND cancel_at IS NOT NULL) AS leaving,
  (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('doing', 'todo')
     AND coalesce(scheduled_at, now()) <= now() + interval '2 minutes' AND task_name NOT LIKE 'timetable:%') AS waiting,
  (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed') AS parked,
  (SELECT count(*) FROM email WHERE sent_at IS NULL AND failure <> '') AS unsent,
  (SELECT count(*) FROM orders o WHERE paid_at IS NOT NULL
     AND NOT EXISTS (SELECT FROM email e WHERE e.key = 'order-confirmation:' || o.id)) AS unconfirmed
"""


@dataclass
class Report:
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    traffic: Traffic = field(default_factory=Traffic)
    books: dict[str, int] = field(default_factory=dict)
    bank: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    sent_twice: int = 0
    promises: str = ""
    told_otherwise: list[str] = field(default_factory=list)
    quiet_after: float = 0.0

    @property
    def missing(self) -> list[str]:
        """What the shop has still to do."""
        found = [f"{name} (bank {count}, shop {self.books[name]})"
                 for name, count in self.bank.items() if count != self.books[name]]  # fmt: skip
        return found + [f"{self.books[name]} {name}" for name in ("waiting", "unconfirmed") if self.books[name]]

    @property
    def differences(self) -> list[str]:
        found = [f"{name}: bank {count}, shop {self.books[name]}"
                 for name, count in self.bank.items() if count != self.books[name]]  # fmt: skip
        found += [f"{name}: {self.books[name]}" for name in ("parked", "unconfirmed") if self.books[name]]
        found += [f"{self.sent_twice} e-mails were sent twice"] if self.sent_twice else []
        return [*found, *self.told_otherwise, *([self.promises] if self.promises else [])]

    def for_the_file(self) -> dict[str, object]:
        done = self.traffic
        told = {"bought": done.bought, "joined": done.joined, "refunded": done.refunded, "cut off": done.cut_off}
        return {"seconds": self.seconds, "told": told | dict(done.changed), "shop": self.books, "bank": self.bank,
                "e-mails": self.sent, "twice": self.sent_twice, "quiet after": self.quiet_after,
                "differences": self.differences}  # fmt: skip

    def print_out(self) -> None:
        print(f"what was cut off was done {self.quiet_after:.0f} s after the last kill")
        for kind, seconds in self.seconds.items():
            if seconds:
                print(f"{kind:<9} {len(seconds):>4} kills   first page after {statistics.median(seconds):.1f} s "
                      f"(median), {max(seconds):.1f} s (worst); aim {AIM_SECONDS:.0f} s")  # fmt: skip
        done = self.traffic
        print(f"told: {done.bought} bought, {done.joined} joined, {done.refunded} refunded, {done.cut_off} cut off, "
              f"members: {dict(done.changed)}")  # fmt: skip
        print(f"bank: {self.bank}\nshop: {self.books}\ne-mails: {self.sent} sent, {self.sent_twice} twice")
        print("\n".join(self.differences) or "The books of shop, bank and mail server agree; every promise holds.")


class Killed(Served):
    """A shop whose worker is a process of its own, started again when it is killed, as a supervisor would."""

    def __init__(self, data: Path, office: PostOffice) -> None:
        super().__init__(data)
        self.office = office
        self.worker: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"SMTP_URL": self.office.url, "TRUSTED_PROXIES": "127.0.0.1"}

    def stock(self) -> None:
        filling = [sys.executable, "-m", "benchmarks.small_shop"]
        subprocess.run(filling, env=self.environment, cwd=demos.ROOT, check=True, timeout=300)

    def start_worker(self) -> None:
        """Returns when it works, so that it is not killed before it has done anything."""
        log = self.data.parent / "worker.log"
        with log.open("wb") as out:
            self.worker = subprocess.Popen([*demos.PROGRAM, "worker"], env=self.environment, cwd=demos.ROOT,
                                           stdout=out, stderr=out, start_new_session=True)  # fmt: skip
        until = time.monotonic() + PATIENCE
        while "Worker running" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.1)

    def kill_one(self, kind: str) -> None:
        """And start again what the shop does not start again by itself."""
        assert self.process is not None and self.worker is not None
        if kind == "web":
            random.choice(psutil.Process(self.process.pid).children()).kill()
        elif kind == "database":
            os.kill(int((self.data / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        if kind in ("worker", "all"):
            self.worker.kill()
            self.worker.wait()
        if kind == "all":
            self.kill()

    def start_again(self, kind: str) -> None:
        if kind == "all":
            self.start("--without-worker")
        if kind in ("worker", "all"):
            self.start_worker()

    def stop(self) -> None:
        if self.worker is not None and self.worker.poll() is None:
            servers.stop(self.worker)
        super().stop()


async def run(data: Path, rounds: int, *, seconds: float = 2.0) -> Report:
    """On a data folder of its own, which is filled first."""
    report = Report()
    async with post_office.opened() as office:
        shop, report.traffic.office = Killed(data, office), office
        await asyncio.to_thread(shop.stock)
        await asyncio.to_thread(shop.start, "--without-worker")
        await asyncio.to_thread(shop.start_worker)
        try:
            for _ in range(MEMBERS_FIRST):  # who joins while everything is killed has changed little by the end
                await actors.join(report.traffic, shop.address)
            await _rounds(shop, report, rounds, seconds)
            await _until_quiet(shop, report)
            await _look_at_members(shop, report)
        finally:
            await asyncio.to_thread(shop.stop)
        checked = await asyncio.to_thread(shop.command, "check-invariants")
        report.promises = "" if checked.returncode == 0 else checked.stdout + checked.stderr
        _read_books(shop, office, report)
    return report


async def _rounds(shop: Killed, report: Report, rounds: int, seconds: float) -> None:
    acting = [asyncio.create_task(actors.for_ever(act, report.traffic, shop.address, pause=pause))
              for act, count, pause in ACTORS for _ in range(count)]  # fmt: skip
    try:
        for number in range(rounds):
            kind = KINDS[number % len(KINDS)]
            report.traffic.allow(ACTS_A_ROUND)
            await asyncio.sleep(seconds * random.uniform(0.5, 1.5))
            began = time.monotonic()
            await asyncio.to_thread(shop.kill_one, kind)
            starting = asyncio.create_task(asyncio.to_thread(shop.start_again, kind))
            await _until_answered(shop.address, shop.log)
            report.seconds[kind].append(time.monotonic() - began)
            if number % 10 == 9:
                print(f"    round {number + 1}: {report.traffic.bought} bought, {report.traffic.joined} joined, "
                      f"{report.traffic.refunded} refunded", flush=True)  # fmt: skip
            await starting
    finally:
        for task in acting:
            task.cancel()
        await asyncio.gather(*acting, return_exceptions=True)


async def _until_answered(address: str, log: Path) -> None:
    """A page and the database behind it."""
    until = time.monotonic() + PATIENCE
    async with httpx.AsyncClient(base_url=address, timeout=5) as client:
        while time.monotonic() < until:
            with suppress(httpx.HTTPError):
                answers = [await client.get(path) for path in ("/health/ready", f"/products/{PRODUCT}")]
                if all(answer.status_code == 200 for answer in answers):
                    return
            await asyncio.sleep(0.05)
    raise RuntimeError(f"no page within {PATIENCE} s:\n{log.read_text()[-3000:]}")


async def _until_quiet(shop: Killed, report: Report) -> None:
    """What was cut off is brought to its end by the shop itself."""
    began = progressed = time.monotonic()
    told = ""
    while True:
        connection = await shop.connect()
        try:
            report.books = {name: int(count) for name, count in (await connection.fetchrow(SHOP)).items()}
            jobs = [f"{row['task_name']} {row['status']}" for row in await connection.fetch(JOBS)]
        finally:
            await connection.close()
        _read_bank(shop, report)
        missing = report.missing
        report.quiet_after = time.monotonic() - began
        if not missing or time.monotonic() - progressed > STALLED_SECONDS:
            return
        if (words := ", ".join(missing)) != told:
            print(f"    {report.quiet_after:4.0f} s: to come: {words} ({', '.join(jobs[:3])})", flush=True)
            told, progressed = words, time.monotonic()
        await asyncio.sleep(1)


async def _look_at_members(shop: Killed, report: Report) -> None:
    connection = await shop.connect()
    try:
        report.told_otherwise = await members.told_otherwise(connection, report.traffic.members)
    finally:
        await connection.close()


def _read_bank(shop: Killed, report: Report) -> None:
    asked = {"orders": BANK_ORDERS, "refunds": BANK_REFUNDS, "members": BANK_MEMBERS, "leaving": BANK_LEAVING}
    with closing(sqlite3.connect(shop.data / "stand-in.sqlite", timeout=30)) as bank:
        report.bank = {name: int(bank.execute(sql).fetchone()[0]) for name, sql in asked.items()}


def _read_books(shop: Killed, office: PostOffice, report: Report) -> None:
    _read_bank(shop, report)
    times = Counter(str(letter["Message-ID"]) for letter in office.letters)
    report.sent, report.sent_twice = len(times), sum(count > 1 for count in times.values())


def main() -> None:
    left, ill = int(sys.argv[1]) if len(sys.argv) > 1 else 200, 0
    while left > 0:
        with tempfile.TemporaryDirectory(prefix="clubfront-kills-") as folder:
            data = Path(folder) / "data"
            data.mkdir()
            report = asyncio.run(run(data, min(left, A_LOT), seconds=float(sys.argv[3]) if len(sys.argv) > 3 else 2.0))
        report.print_out()
        if len(sys.argv) > 2:
            with Path(sys.argv[2]).open("a") as file:
                file.write(json.dumps(report.for_the_file()) + "\n")
        ill, left = ill + len(report.differences), left - A_LOT
    sys.exit(1 if ill else 0)


if __name__ == "__main__":
    main()
