"""A setting that cannot be used is one sentence that names it, at the start and not later."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from components.foundation.operations.buckets import Bucket
from tests.support import demos
from tests.support.cells import every_cell


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "99999", "PORT must be a number from 1 to 65535, not 99999."),
        ("PORT", "0", "PORT must be a number from 1 to 65535, not 0."),
        ("PORT", "http", "PORT must be a whole number, not “http”."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of debug, info, warning, error, not “loud”."),
        ("WORKERS", "0", "WORKERS must be 1 or more."),
        ("DATABASE_POOL", "0", "DATABASE_POOL must be 1 or more."),
        ("TIME_ZONE", "Mars/X", "TIME_ZONE must be a name such as Europe/London, not “Mars/X”."),
        ("TIME_ZONE", "../etc", "TIME_ZONE must be a name such as Europe/London, not “../etc”."),
        ("DATABASE_URL", "postgresql://kiln@localhost:abc/kiln", "DATABASE_URL names the port “abc”"),
        ("PICTURES_TO", "/srv/pictures", "PICTURES_TO names no bucket: s3://bucket/folder."),
        ("POOLED_DATABASE_URL", "mysql://kiln", "POOLED_DATABASE_URL must be a PostgreSQL address"),
        ("POOLED_DATABASE_URL", "postgresql://a/kiln", "POOLED_DATABASE_URL needs DATABASE_URL too"),
        ("DATABASE_URL", "postgresql://a:5432,b:99999/kiln", "DATABASE_URL names the port “99999”"),
    ],
)
def test_it_is_one_sentence(tmp_path: Path, name: str, value: str, words: str) -> None:
    assert words in _refused(tmp_path, **{name: value})


@every_cell(
    ("changes", "words"),
    [
        ({}, ""),
        ({"to": "s3:///pictures"}, "PICTURES_TO names no bucket: s3://bucket/folder."),
        ({"key": "secret"}, "PICTURES_KEY_ID and PICTURES_KEY belong together: set both, or neither."),
        ({"endpoint": "minio:9000"}, "PICTURES_ENDPOINT must be an address: https://s3.example.net."),
    ],
)
def test_what_is_wrong_with_a_bucket_is_said(changes: dict[str, str], words: str) -> None:
    bucket = Bucket(to="s3://shop/pictures", endpoint="", region="us-east-1", key_id="", key="")
    assert replace(bucket, **changes).trouble("PICTURES") == words


def test_so_is_a_database_that_does_not_know_the_user(dsn: str, tmp_path: Path) -> None:
    unknown = dsn.replace("postgres:", "nobody-we-know:").replace("postgres@", "nobody-we-know@")
    assert "nobody-we-know" in unknown
    assert 'The database cannot be reached: role "nobody-we-know" does not exist' in _refused(
        tmp_path, DATABASE_URL=unknown
    )


def _refused(folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [*demos.PROGRAM, "serve"],
        env=demos.environment(folder / "data", **environment),
        cwd=demos.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr[-2000:]
    (line,) = done.stderr.strip().splitlines()
    return line
