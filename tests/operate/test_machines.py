"""Two machines, a PostgreSQL with a replica, and PgBouncer: `make machines` installs it and prints the figures."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.operate.machines import Machine, Postgres, several
from tests.operate.test_pgbouncer import INSTALLED
from tests.support import demos

SECONDS = 2.0


def seconds_until(is_so: Callable[[], bool], *, within: float = 60) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within
        time.sleep(0.02)
    return time.monotonic() - began


def shows(machine: Machine, path: str, words: str) -> bool:
    try:
        return words in httpx.get(f"{machine.address}{path}", timeout=10).text
    except httpx.TransportError:
        return False


def seconds_until_both_show(machines: tuple[Machine, Machine], words: str) -> float:
    return max(seconds_until(lambda machine=machine: shows(machine, "/products", words)) for machine in machines)


def renamed(postgres: Postgres, title: str, at: Path) -> None:
    postgres.ask(f"UPDATE product SET title = '{title}' WHERE slug = 'mug'", at)


def puts_into_basket(machine: Machine, client: httpx.Client) -> None:
    page = client.get(f"{machine.address}/products/mug").text
    variant = re.search(r'name="variant" value="([^"]+)"', page)
    assert variant is not None
    client.post(f"{machine.address}/basket", data={"variant": variant[1], "quantity": "1"}).raise_for_status()


@INSTALLED
@pytest.mark.skipif("MACHINES" not in os.environ, reason="four servers and two shops: make machines")
def test_two_machines_are_one_shop_and_outlive_their_database() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="clubfront-machines-") as made,
        several(Path(made), 2) as (postgres, pooler, (one, other)),
    ):
        filled = subprocess.run(
            [sys.executable, "-m", "tests.operate.stocking", "mug", "400"],
            env=one.environment, cwd=demos.ROOT, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        assert filled.returncode == 0, filled.stderr
        with ThreadPoolExecutor(2) as both:  # two at once: one of them applies what is left of migrations
            list(both.map(Machine.start, (one, other)))

        renamed(postgres, "Blue mug", postgres.primary)
        seen = [
            seconds_until(lambda machine=machine: shows(machine, "/products", "Blue mug")) for machine in (one, other)
        ]
        assert max(seen) < SECONDS
        with httpx.Client(follow_redirects=True, timeout=20) as client:
            puts_into_basket(one, client)
            assert "Blue mug" in client.get(f"{other.address}/basket").text  # its own write, on the other machine
            puts_into_basket(other, client)

            lsn = postgres.ask("SELECT pg_current_wal_lsn()", postgres.primary)
            behind = f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'"
            lag = seconds_until(lambda: postgres.ask(behind, postgres.replica) == "t")
            postgres.lose_primary()
            away = client.get(f"{one.address}/search?q=blue")
            assert away.status_code in {200, 503}

            began = time.monotonic()
            postgres.promote()
            pooler.lead_to(postgres.replica)
            pooler.reload()
            for machine in (one, other):
                seconds_until(lambda machine=machine: shows(machine, "/health/ready", '"worker":"running"'))
            back = time.monotonic() - began
            assert client.get(f"{other.address}/basket").text.count("Blue mug") >= 1
            renamed(postgres, "Red mug", postgres.replica)
            seen += [
                seconds_until(lambda machine=machine: shows(machine, "/products", "Red mug"))
                for machine in (one, other)
            ]
            assert max(seen) < SECONDS
            puts_into_basket(one, client)
        print(f"\na change is seen everywhere after {seen:.2f} s, the replica has it after {lag:.2f} s; "
              f"all is well {back:.1f} s after promoting")  # fmt: skip
        checked = one.command("check-invariants")
        assert checked.returncode == 0, checked.stdout
