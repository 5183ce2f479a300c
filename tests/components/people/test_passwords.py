"""Passwords: the same answer and the same work for everybody, and no guessing."""

import asyncio
import statistics
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from components.foundation import clock, database
from components.people import passwords
from components.people.passwords import WrongCredentials
from components.people.rate_limits import TooManyTries
from tests.conftest import NOON
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def at_full_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing as the shop does it, with what OWASP asks of argon2id."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "_HASH_OF_NOBODY", hasher.hash("nobody has this password"))


def test_the_shop_hashes_with_what_owasp_asks_for() -> None:
    """Read from a process of its own, where no test has made hashing cheap."""
    asked = (
        "from components.people.passwords import _HASHER as h, _HASH_OF_NOBODY as nobody; "
        "print(h.time_cost, h.memory_cost, h.parallelism, h.check_needs_rehash(nobody))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["2", "19456", "1", "False"], "the hash of nobody costs as much"


async def outcome(email: str, password: str, address: str = "192.0.2.1") -> str:
    try:
        return (await passwords.check(email, password, address=address)).name
    except (WrongCredentials, TooManyTries) as refusal:
        return type(refusal).__name__


async def test_however_the_e_mail_is_written_it_is_the_same_account() -> None:
    await people.customer()
    assert await outcome("  NOOR@Kiln.Test ", people.PASSWORD) == "Noor"


async def test_of_fifty_guesses_at_once_ten_are_looked_at() -> None:
    await people.customer()
    results = await asyncio.gather(*[asyncio.create_task(outcome("noor@kiln.test", f"guess-{n}")) for n in range(50)])
    assert results.count("WrongCredentials") == 10 and results.count("TooManyTries") == 40


async def test_the_window_slides() -> None:
    await people.customer()
    for n in range(10):
        clock.set_everywhere(NOON + timedelta(minutes=n))
        assert await outcome("noor@kiln.test", "guess") == "WrongCredentials"
    clock.set_everywhere(NOON + timedelta(minutes=14, seconds=59))
    assert await outcome("noor@kiln.test", people.PASSWORD) == "TooManyTries"
    clock.set_everywhere(NOON + timedelta(minutes=15))
    assert await outcome("noor@kiln.test", "guess") == "WrongCredentials"
    assert await outcome("noor@kiln.test", people.PASSWORD) == "TooManyTries", "the second try is in the window again"


async def test_somebody_elses_guessing_from_elsewhere_does_not_lock_her_out() -> None:
    await people.customer()
    for _ in range(12):
        await outcome("noor@kiln.test", "guess", address="203.0.113.9")
    assert await outcome("noor@kiln.test", people.PASSWORD, address="192.0.2.1") == "Noor"


async def test_one_place_cannot_go_through_many_accounts() -> None:
    results = [await outcome(f"person{n}@kiln.test", "guess") for n in range(70)]
    assert results.count("WrongCredentials") == 60 and results[-1] == "TooManyTries"


async def test_signing_in_properly_again_and_again_is_not_guessing() -> None:
    await people.customer()
    assert [await outcome("noor@kiln.test", people.PASSWORD) for _ in range(70)] == ["Noor"] * 70


async def test_many_places_cannot_go_through_one_account_for_ever() -> None:
    await people.customer()
    results = [await outcome("noor@kiln.test", "guess", address=f"198.51.100.{n}") for n in range(105)]
    assert results.count("TooManyTries") == 5


async def test_an_unknown_e_mail_takes_as_long_as_a_wrong_password(at_full_price: None) -> None:
    await people.customer()
    times: dict[str, list[float]] = {"noor@kiln.test": [], "ruth@kiln.test": []}
    for n in range(9):
        for email, taken in times.items():
            began = time.perf_counter()
            await outcome(email, "guess", address=f"198.51.100.{n}")
            taken.append(time.perf_counter() - began)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.6 < unknown / known < 1.67


async def test_the_event_loop_goes_on_while_a_password_is_hashed(at_full_price: None) -> None:
    await people.customer()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    for _ in range(5):
        await passwords.hash_password("clay-and-ash")
    ticking.cancel()
    assert ticks >= 10


async def test_a_password_hashed_with_weaker_parameters_is_hashed_anew_when_it_is_next_used(
    at_full_price: None,
) -> None:
    noor = await people.customer()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(people.PASSWORD)
    await database.execute("UPDATE person SET password_hash = $2 WHERE id = $1", noor.id, weak)
    assert await outcome("noor@kiln.test", people.PASSWORD) == "Noor"
    kept = str(await database.fetch_value("SELECT password_hash FROM person"))
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await outcome("noor@kiln.test", people.PASSWORD) == "Noor"


async def test_somebody_without_a_password_cannot_sign_in_with_any() -> None:
    await people.newcomer("maya@kiln.test", password=None)
    for guess in ("", "nobody has this password", "None"):
        assert await outcome("maya@kiln.test", guess) == "WrongCredentials"


def test_memory_that_hashes_needed_is_given_back() -> None:
    """Measured in a process of its own, where six threads have each made some."""
    done = subprocess.run([sys.executable, "-c", HASHING], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 15, "megabytes more than before"


HASHING = """
import asyncio, psutil
from components.people.passwords import _HASHER

async def main():
    before = psutil.Process().memory_info().rss
    await asyncio.gather(*(asyncio.to_thread(_HASHER.hash, "x") for _ in range(12)))
    print((psutil.Process().memory_info().rss - before) / 1e6)

asyncio.run(main())
"""
