"""Filling a shop that is stopped half-way leaves it half filled: it says so, and nobody is served it."""

import signal
import subprocess
import time
from pathlib import Path

from tests.support import demos

ARGUMENTS = ["demo", "--members", "3000", "--orders", "30000", "--years", "2"]
SAYS = "This shop is only half filled: filling it with 3,000 members and 30,000 orders in 2 years, seed 1 was stopped"


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*demos.PROGRAM, *arguments], cwd=demos.ROOT, env=demos.environment(data), capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


def test_a_shop_that_is_half_filled_is_not_served_and_says_what_to_do(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    data, output = tmp_path / "data", tmp_path / "output"
    with output.open("w") as written:
        filling = subprocess.Popen(
            [*demos.PROGRAM, *ARGUMENTS], cwd=demos.ROOT, env=demos.environment(data) | {"PYTHONUNBUFFERED": "1"},
            stdout=written, stderr=subprocess.STDOUT, preexec_fn=_hear_interrupts,
        )  # fmt: skip
        _wait_until_it_writes(output, filling)
        filling.send_signal(signal.SIGINT)
        assert filling.wait(60) == 1
    told = output.read_text()
    assert SAYS in told and "Traceback" not in told, told[-2_000:]
    for arguments in (["serve"], ["serve", "--demo"], ["worker"], ["demo"], ARGUMENTS):
        refused = run(data, *arguments)
        assert refused.returncode == 1 and SAYS in refused.stderr and f"Delete the folder {data}" in refused.stderr


def _hear_interrupts() -> None:
    """As in a terminal: who starts tests in the background has them ignore Ctrl-C, and their children too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait_until_it_writes(output: Path, filling: subprocess.Popen[bytes]) -> None:
    """The demo's own orders are the last thing before the history."""
    until = time.monotonic() + 240
    while "Orders (" not in output.read_text():
        assert filling.poll() is None and time.monotonic() < until, output.read_text()
        time.sleep(0.2)
    time.sleep(2)


def test_wrong_sizes_are_refused_in_words(tmp_path: Path) -> None:
    for arguments, words in (
        (["--members", "0"], "0 is not in the range 1<=x<=1000000"),
        (["--orders", "-1"], "-1 is not in the range 0<=x<=10000000"),
        (["--years", "21"], "21 is not in the range 1<=x<=20"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--members", "many"], "'many' is not a valid integer range"),
    ):
        done = run(tmp_path / "data", "demo", *arguments)
        assert done.returncode == 2 and words in done.stderr, (arguments, done.stderr)
    assert not (tmp_path / "data").exists()
