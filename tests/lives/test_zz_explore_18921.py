import asyncio, os, re, sys, time, io, contextlib, traceback
import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import get_state_machine_test
from tests.lives.machine import Lives
from tests.lives.stage import Backstage

SEEDS = os.environ.get("SEEDS", "0-20")
A, B = map(int, SEEDS.split("-"))
STEPS = int(os.environ.get("STEPS", "10"))
EACH = int(os.environ.get("EACH", "6"))
SKIP = set(os.environ.get("SKIP", "").split(",")) - {""}
for n in SKIP:
    for c in Lives.__mro__:
        if n in c.__dict__:
            delattr(c, n)


def one(seed):
    how = hypothesis.settings(
        max_examples=EACH,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        derandomize=False,
        phases=[Phase.generate] + ([Phase.shrink] if os.environ.get("SHRINK") else []),
        suppress_health_check=list(HealthCheck),
    )
    hypothesis.seed(seed)(get_state_machine_test(Lives, settings=how))()


async def test_explore(db, dsn):
    Backstage.loop, Backstage.dsn = asyncio.get_running_loop(), dsn
    t = time.process_time()
    n = 0
    for seed in range(A, B):
        try:
            await asyncio.to_thread(one, seed)
        except BaseException as e:
            es = e.exceptions if isinstance(e, BaseExceptionGroup) else [e]
            for x in es:
                tb = traceback.extract_tb(x.__traceback__)
                where = [
                    f"{f.filename.split('/wt/proofs/')[-1]}:{f.lineno}:{f.name}"
                    for f in tb
                    if "/wt/proofs/" in f.filename and ".venv" not in f.filename
                ]
                print(f"--- seed {seed}: {type(x).__name__}: {str(x)[:900]}\n    at {where[-4:]}")
                print("\n".join("    " + l for l in getattr(x, "__notes__", []))[:1500])
            sys.stdout.flush()
    print(f"cpu {time.process_time() - t:.1f}s for {(B - A) * EACH} at most")
