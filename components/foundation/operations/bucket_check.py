"""Whether the buckets of the shop can be used: a small object is written, read, listed and deleted again."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

from components.foundation import settings
from components.foundation.operations import buckets
from components.foundation.operations.buckets import Bucket
from components.foundation.operations.doctor import Finding

if TYPE_CHECKING:
    from obstore.store import S3Store

CONNECT, REQUEST, RETRIES = timedelta(seconds=3), timedelta(seconds=5), 1
PATIENCE_SECONDS = 20
FOLDER = "clubfront-doctor"
"""The object is in it, named by chance: two machines may ask at once."""
STEPS = {
    "written": "write into it",
    "read": "read from it",
    "listed": "list what is in it",
    "deleted": "delete what is in it",
}

_KNOWN = (
    ("NoSuchBucket", "There is no bucket of this name: create it, or correct {name}_TO."),
    ("InvalidAccessKeyId", "The service does not know the key: correct {name}_KEY_ID."),
    ("SignatureDoesNotMatch", "The key’s secret is wrong: correct {name}_KEY."),
    ("AuthorizationHeaderMalformed", "The bucket is in another region: correct {name}_REGION."),
    ("PermanentRedirect", "The bucket is in another region: correct {name}_REGION."),
    ("IllegalLocationConstraint", "The bucket is in another region: correct {name}_REGION."),
    ("incorrectly configured region", "The bucket is in another region: correct {name}_REGION."),
    ("RequestTimeTooSkewed", "The clock of this machine is wrong: synchronise it with a time server."),
    ("InsufficientStorage", "It is full."),
    ("QuotaExceeded", "It is full."),
)
"""What a service says in its answer, and what to do."""


async def examine() -> AsyncIterator[Finding]:
    known = settings.current()
    if known.pictures_to:
        yield await _examined("pictures", "PICTURES", known.pictures_bucket)
    if known.backup_to.startswith(buckets.SCHEME):
        yield await _examined("backups", "BACKUP", known.backup_bucket)


async def _examined(what: str, name: str, bucket: Bucket) -> Finding:
    if wrong := bucket.trouble(name):
        return Finding(what, wrong, False)
    done: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            store = bucket.store(connect=CONNECT, request=REQUEST, retries=RETRIES, retrying=REQUEST)
            await _probe(store, done)
    except buckets.troubles() as trouble:  # a TimeoutError is an OSError
        return Finding(what, _in_words(name, bucket, done, trouble), False)
    return Finding(what, f"can be written to, read, listed and emptied: {bucket.to}")


async def _probe(store: "S3Store", done: list[str]) -> None:
    """Each step that was done goes into the list."""
    import obstore

    said, name = secrets.token_bytes(32), f"{FOLDER}/{secrets.token_hex(8)}"
    await obstore.put_async(store, name, said)
    done.append("written")
    try:
        if bytes(await (await obstore.get_async(store, name)).bytes_async()) != said:
            raise OSError("it gave back something else than what was written")
        done.append("read")
        if not [one async for batch in obstore.list(store, prefix=FOLDER) for one in batch if one["path"] == name]:
            raise OSError("what was written is not listed")
        done.append("listed")
    finally:
        await obstore.delete_async(store, name)
    done.append("deleted")


def _in_words(name: str, bucket: Bucket, done: list[str], trouble: BaseException) -> str:
    from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

    said = " ".join(str(trouble).partition("Debug source:")[0].split())
    for mark, words in _KNOWN:
        if mark in said:
            return f"{bucket.to}: {words.format(name=name)}"
    if isinstance(trouble, TimeoutError) or "error sending request" in said:
        where = bucket.endpoint or f"Amazon S3 in {bucket.region}"
        return f"{where} does not answer. Check {name}_ENDPOINT, {name}_REGION and the network."
    step = next(step for step in STEPS if step not in done)
    if isinstance(trouble, (PermissionDeniedError, UnauthenticatedError)) or "AccessDenied" in said:
        return f"{bucket.to}: The key may not {STEPS[step]}: give it that right at the service."
    return f"{bucket.to}: The shop could not {STEPS[step]}: {said[:200] or type(trouble).__name__}"
