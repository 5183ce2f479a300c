"""The shop's backups: how they are, one more now, and a copy for an owner who has confirmed that it is them."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from components.foundation import audit, settings
from components.foundation.operations import security_events
from components.foundation.operations.backup import BackupFailed
from components.foundation.refusals import Refusal
from components.keeping import backup_rows, backup_state, backup_store, kept_backups
from components.keeping.backup_rows import BackupRow
from components.keeping.backup_state import BackupState
from components.keeping.kept_backups import BackupRunning, NoPlaceForBackups
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.guards import owner, staff
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page

LIST = "/staff/backups"
SHOWN = 40
MOST_TO_DOWNLOAD = 100 * 1024**2
"""Larger ones are fetched on the server, with `clubfront backups fetch`."""
PIECE = 256 * 1024


class BackupTooLarge(Refusal):
    message = "This backup is too large to download here. Run `clubfront backups fetch` on the server."
    status = 413


class BackupNotReadable(Refusal):
    status = 503


@dataclass(frozen=True, slots=True)
class BackupLine:
    """`state` is `good` (proven), `plain` (not tried yet), `bad`, `running` or `deleted`; `words` say why."""

    id: UUID
    at: datetime
    size: str
    state: str
    label: str
    words: str
    may_be_downloaded: bool


@dataclass(frozen=True, kw_only=True)
class BackupsPage(View):
    """`is_elsewhere`: BACKUP_TO says that they are made in another way."""

    template: ClassVar[str] = "staff/system/backups/index.html"
    state: BackupState
    backup_troubles: tuple[str, ...]
    place: str
    is_elsewhere: bool
    is_encrypted: bool
    keeps: str
    newest_size: str
    proven_rows: int
    next_at: datetime
    lines: tuple[BackupLine, ...]


class StaffBackupsController(Controller):
    path = LIST
    guards = [staff("settings")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        known, state, rows = settings.current(), await backup_state.current(), await backup_rows.latest(SHOWN)
        good = [row for row in rows if row.is_there and row.place == known.backup_to]
        view = BackupsPage(
            state=state,
            backup_troubles=state.troubles,
            place=known.backup_to,
            is_elsewhere=bool(known.backup_to) and not known.makes_backups,
            is_encrypted=bool(known.backup_passphrase),
            keeps=_kept_words(known.backup_keep_days, known.backup_keep_weeks, known.backup_keep_months),
            newest_size=_size(good[0].size) if good else "",
            proven_rows=next((row.proven_rows for row in good if row.proven_at), 0),
            next_at=kept_backups.next_at(state.newest_at),
            lines=tuple(_line(row, known.backup_to) for row in rows),
        )
        return page(request, view)

    @post(guards=[owner])
    async def create(self, request: Request[Any, Any, Any]) -> Redirect:
        """Back up now: a job, since it takes as long as the shop is large."""
        try:
            await kept_backups.ask_for_one(by=person_id_of(request))
        except (BackupRunning, NoPlaceForBackups) as refusal:
            return with_refusal(see_other(LIST), str(refusal))
        return with_notice(see_other(LIST), "A backup is being made. It is listed here as soon as it has begun.")

    @post("/{backup_id:uuid}/file", guards=[owner], before_request=confirm_first)
    async def download(self, request: Request[Any, Any, Any], backup_id: FromPath[UUID]) -> Response[Any]:
        """The file as it is kept. It holds every secret of the shop."""
        row = await backup_rows.by_id(backup_id)
        if row.size > MOST_TO_DOWNLOAD:
            raise BackupTooLarge
        folder = tempfile.TemporaryDirectory(prefix="clubfront-download-")
        file = Path(folder.name) / row.name
        try:
            await asyncio.to_thread(backup_store.fetch, row.name, file)
        except BackupFailed as trouble:
            folder.cleanup()
            raise BackupNotReadable(str(trouble)) from None
        by = person_id_of(request)
        await security_events.note("export", person=by, detail=row.name)
        await audit.record(by, "downloaded", "backup", row.name)
        headers = {"Content-Disposition": f'attachment; filename="{row.name}"', "Cache-Control": "private, no-store"}
        return Stream(_pieces(file, folder), media_type="application/x-tar", headers=headers)


async def _pieces(file: Path, folder: tempfile.TemporaryDirectory[str]) -> AsyncIterator[bytes]:
    with folder, file.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece


def _line(row: BackupRow, place: str) -> BackupLine:
    state, label, words = _state(row)
    may = row.is_there and row.size <= MOST_TO_DOWNLOAD and row.place == place
    return BackupLine(row.id, row.begun_at, _size(row.size) if row.size else "—", state, label, words, may)


def _state(row: BackupRow) -> tuple[str, str, str]:
    if row.ended_at is None:
        return "running", "Being made", ""
    if row.failure:
        return "bad", "Failed", row.failure
    if row.deleted_at:
        return "deleted", "Deleted", "Its time was over."
    if row.proof_failure:
        return "bad", "Could not be restored", row.proof_failure
    if row.proven_at is None:
        return "plain", "Not restored yet", ""
    found = f"{row.proven_rows:,} rows restored in {row.proof_seconds} s, each as it was."
    if row.inconsistent:
        found += f" The shop itself had {row.inconsistent} inconsistencies: run “clubfront check-invariants”."
    return "good", "Proven", found


def _kept_words(days: int, weeks: int, months: int) -> str:
    """ "7 days, 5 weeks and 12 months"."""
    parts = [
        f"{n} {word if n == 1 else word + 's'}" for n, word in ((days, "day"), (weeks, "week"), (months, "month")) if n
    ]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _size(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"
