"""Files that go to the bank with the evidence: one for each of Stripe's fields, kept here until they are sent.

What a file is, is read from its first bytes: its name says nothing. One that was sent stays, so that it can be read
what the bank was given; any other goes when staff remove it.
"""

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import UniqueViolationError

from components.foundation import audit, clock, database, ids, json
from components.foundation.refusals import NotFound, Refusal
from components.payments import disputes
from components.payments.dispute_answers.evidence_drafts import AnsweredAlready
from components.payments.dispute_answers.tables import DisputeAnswer, DisputeFile
from components.payments.stripe_calls import stripe_files as calls
from components.payments.tables import MirroredDispute

MOST_BYTES = 4_500_000
"""Of all files of a dispute together: what banks take. Stripe takes 5 MB of one."""
KINDS = {b"%PDF-": ("application/pdf", "pdf"), b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
         b"\xff\xd8\xff": ("image/jpeg", "jpg")}  # fmt: skip
FIELDS = (
    "receipt",
    "customer_communication",
    "shipping_documentation",
    "service_documentation",
    "refund_policy",
    "cancellation_policy",
    "customer_signature",
    "duplicate_charge_documentation",
    "uncategorized_file",
)
"""By Stripe's names."""
LONGEST_NAME = 100


class FileOfAnotherKind(Refusal):
    message = "The bank takes PDF, JPEG and PNG files only. Please save it as one of these."


class TooManyBytes(Refusal):
    message = "The bank takes 4.5 MB of files in all, and this would be more. Please send a smaller one."
    status = 413


class FieldTaken(Refusal):
    message = (
        "There is a file of this kind already, and the bank takes one of each. Remove it first, or choose another kind."
    )
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """Without its content."""

    id: UUID
    field: str
    name: str
    media: str
    size: int
    added_at: datetime


async def add(dispute_id: str, field: str, content: bytes, *, name: str, by: UUID) -> UUID:
    """Raises `FileOfAnotherKind`, `TooManyBytes`, `FieldTaken`, `AnsweredAlready`."""
    media, ending = _kind(content)
    if field not in FIELDS:
        raise NotFound("The bank takes no file of this kind.")
    async with database.transaction():
        await database.locked(MirroredDispute, MirroredDispute.stripe_id == dispute_id)
        if not (await disputes.by_id(dispute_id)).needs_answer:
            raise AnsweredAlready
        if sum(one.size for one in await of_dispute(dispute_id)) + len(content) > MOST_BYTES:
            raise TooManyBytes
        made = DisputeFile(
            id=ids.new(), dispute=dispute_id, field=field, name=_named(name, ending), media=media, size=len(content),
            content=content, added_at=clock.now(), added_by=by,
        )  # fmt: skip
        try:
            await DisputeFile.insert(made)
        except UniqueViolationError:
            raise FieldTaken from None
        await audit.record(by, "evidence file added", "dispute", dispute_id, after={"size": len(content)})
    return made.id


async def remove(dispute_id: str, file_id: UUID, *, by: UUID) -> None:
    """One that was sent stays on record. Raises `NotFound`, `AnsweredAlready`."""
    async with database.transaction():
        await database.locked(MirroredDispute, MirroredDispute.stripe_id == dispute_id)
        if file_id not in {one.id for one in await of_dispute(dispute_id)}:
            raise NotFound("This file is not there (any more).")
        if not (await disputes.by_id(dispute_id)).needs_answer:
            raise AnsweredAlready
        is_it = DisputeFile.id == file_id
        if await _is_on_record(dispute_id, file_id):
            await DisputeFile.update({DisputeFile.removed_at: clock.now()}).where(is_it)
        else:
            await DisputeFile.delete().where(is_it)
        await audit.record(by, "evidence file removed", "dispute", dispute_id)


async def of_dispute(dispute_id: str) -> list[EvidenceFile]:
    """Those that would be sent now, in the order of their fields."""
    found = await _views((DisputeFile.dispute == dispute_id) & DisputeFile.removed_at.is_null())
    return sorted(found, key=lambda one: FIELDS.index(one.field))


async def named(file_ids: Iterable[UUID]) -> list[EvidenceFile]:
    """Also those that were removed after they had been sent."""
    wanted = list(file_ids)
    found = await _views(DisputeFile.id.is_in(wanted)) if wanted else []
    return sorted(found, key=lambda one: FIELDS.index(one.field))


async def content(dispute_id: str, file_id: UUID) -> tuple[EvidenceFile, bytes]:
    """Raises `NotFound`."""
    one = DisputeFile
    (file,) = await named([file_id]) or (None,)
    row = await one.select(one.content).where((one.id == file_id) & (one.dispute == dispute_id)).first()
    if file is None or row is None or not row["content"]:
        raise NotFound("This file is not there (any more).")
    return file, bytes(row["content"])


async def sent(file_ids: Sequence[UUID]) -> dict[str, str]:
    """Stripe's ids of these files by field, each uploaded once. Raises as `connection.change` does."""
    found: dict[str, str] = {}
    one = DisputeFile
    for file in await named(file_ids):
        row = await one.select(one.stripe_id, one.content).where(one.id == file.id).first()
        stripe_id = str(row["stripe_id"] or "") if row else ""
        if not stripe_id and row:
            stripe_id = await calls.upload(bytes(row["content"]), name=file.name, key=f"dispute-file:{file.id}")
            await one.update({one.stripe_id: stripe_id}).where(one.id == file.id)
        found[file.field] = stripe_id
    return found


def ids_of(answer: DisputeAnswer) -> list[UUID]:
    written: object = answer.files
    with contextlib.suppress(ValueError):
        return [UUID(one) for one in json.load(written if isinstance(written, str) else "[]")]
    return []


async def _is_on_record(dispute_id: str, file_id: UUID) -> bool:
    answers = await DisputeAnswer.objects().where(DisputeAnswer.dispute == dispute_id)
    return any(file_id in ids_of(one) for one in answers)


async def _views(where: object) -> list[EvidenceFile]:
    one = DisputeFile
    columns = (one.id, one.field, one.name, one.media, one.size, one.added_at)
    return [EvidenceFile(**row) for row in await one.select(*columns).where(where)]  # type: ignore[arg-type]


def _kind(content: bytes) -> tuple[str, str]:
    for begins, kind in KINDS.items():
        if content.startswith(begins):
            return kind
    raise FileOfAnotherKind


def _named(name: str, ending: str) -> str:
    """Harmless in a header, and with the ending that it should have."""
    plain = re.sub(r"[^\w .()-]", "_", name.rsplit("/")[-1].rsplit("\\")[-1]).strip(" .")
    stem = plain.rpartition(".")[0] or plain
    return f"{stem[:LONGEST_NAME] or 'file'}.{ending}"
