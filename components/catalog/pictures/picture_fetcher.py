"""The job that fetches pictures of other shops: a few at once, two of a host, going on where it was whatever happens.

What has come of an address is written before the next one is asked for, so a job that was killed asks again for what
was under way and for nothing else.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.catalog.catalog_refusals import PictureRefused
from components.catalog.pictures import picture_fetches, pictures
from components.catalog.pictures.checked_network import DownloadLater, DownloadRefused, DownloadRules
from components.catalog.pictures.guarded_download import Downloads, downloads
from components.catalog.pictures.pictures import StoredPicture
from components.catalog.tables import Picture, PictureFetch
from components.foundation import database, jobs, settings
from components.foundation.shop_settings import shop_settings

AT_ONCE, OF_A_HOST = 6, 2
LOOKED_AT = 50
MOST_TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST_DAYS = timedelta(days=3)
TURN = timedelta(minutes=5)
"""Then the job makes room for others and is queued again."""
RULES = DownloadRules()


@dataclass(frozen=True)
class _Wanted:
    id: UUID
    address: str
    host: str
    tries: int


@dataclass
class _Turn:
    """`busy` has the addresses under way; pictures are decoded one after the other."""

    downloads: Downloads
    busy: dict[asyncio.Task[None], _Wanted] = field(default_factory=dict)
    decoding: asyncio.Lock = field(default_factory=asyncio.Lock)


async def run(*, rules: DownloadRules | None = None) -> None:
    """Fetch what is due. What has to wait is a later job."""
    until = asyncio.get_running_loop().time() + TURN.total_seconds()
    async with downloads(_agent(), rules or RULES) as opened:
        turn = _Turn(opened)
        try:
            while asyncio.get_running_loop().time() < until:
                await _fill(turn)
                if not turn.busy:
                    break
                await _one_done(turn)
            while turn.busy:
                await _one_done(turn)
        finally:
            for task in turn.busy:
                task.cancel()
            await asyncio.gather(*turn.busy, return_exceptions=True)
    await picture_fetches.show_fetched()
    await _come_back()


def _agent() -> str:
    """Who asks, for whoever reads the other shop's log."""
    shop = shop_settings.current().shop_name.encode("ascii", "ignore").decode().translate({40: None, 41: None})
    words = "".join(sign for sign in shop if sign.isprintable()).strip()
    return f"Clubfront ({words or 'a shop'}; +{settings.current().base_url}) picture import"


async def _fill(turn: _Turn) -> None:
    """Begin as many as may be under way at once."""
    while len(turn.busy) < AT_ONCE:
        hosts = [one.host for one in turn.busy.values()]
        full = [host for host in set(hosts) if hosts.count(host) >= OF_A_HOST]
        under_way = [one.id for one in turn.busy.values()]
        due = await database.fetch_as(_Wanted, _DUE, under_way, full, LOOKED_AT)
        begun = 0
        for one in due:
            if len(turn.busy) < AT_ONCE and hosts.count(one.host) < OF_A_HOST:
                turn.busy[asyncio.create_task(_fetch(turn, one))] = one
                hosts.append(one.host)
                begun += 1
        if not begun:
            return


_DUE = """
SELECT f.id, f.address, f.host, f.tries FROM picture_fetch f
WHERE f.state = 'waiting' AND f.next_at <= now() AND f.id <> ALL($1::uuid[]) AND f.host <> ALL($2::text[])
  AND EXISTS (SELECT FROM picture p WHERE p.source = f.id)
ORDER BY f.next_at, f.id LIMIT $3"""


async def _one_done(turn: _Turn) -> None:
    done, _ = await asyncio.wait(turn.busy, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        del turn.busy[task]
    for task in done:
        task.result()


async def _fetch(turn: _Turn, wanted: _Wanted) -> None:
    try:
        source = await turn.downloads.picture(wanted.address)
        async with turn.decoding:
            kept = await _kept(source)
    except (DownloadRefused, PictureRefused) as refused:
        words = str(refused) if isinstance(refused, DownloadRefused) else _NO_PICTURE
        refused_for: dict[Column | str, Any] = {
            PictureFetch.state: "refused", PictureFetch.why: words, PictureFetch.tries: PictureFetch.tries + 1,
        }  # fmt: skip
        await PictureFetch.update(refused_for).where((PictureFetch.id == wanted.id) & (PictureFetch.state == "waiting"))
    except DownloadLater as trouble:
        await _later(wanted, trouble)
    else:
        async with database.transaction():
            await _show(wanted, kept)


_NO_PICTURE = "It is no picture the shop can use: JPEG, PNG, WebP, GIF or AVIF, at most 50 million pixels."


async def _show(wanted: _Wanted, kept: StoredPicture) -> None:
    fetched: dict[Column | str, Any] = {
        PictureFetch.state: "fetched", PictureFetch.why: "", PictureFetch.tries: PictureFetch.tries + 1,
        PictureFetch.path: kept.path, PictureFetch.width: kept.width, PictureFetch.height: kept.height,
    }  # fmt: skip
    await PictureFetch.update(fetched).where(PictureFetch.id == wanted.id)
    shown: dict[Column | str, Any] = {
        Picture.path: kept.path, Picture.width: kept.width, Picture.height: kept.height,
    }  # fmt: skip
    await Picture.update(shown).where(Picture.source == wanted.id)


async def _kept(source: bytes) -> StoredPicture:
    """The same bytes under another address are not decoded again."""
    name = await pictures.name_of(source)
    one = PictureFetch
    known = await one.select(one.width, one.height).where(one.path == name).first()
    if known and pictures.file_path(f"{name}-{known['width']}.webp") is not None:
        return StoredPicture(name, known["width"], known["height"])
    return await pictures.reencode(source)


async def _later(wanted: _Wanted, trouble: DownloadLater) -> None:
    """With growing pauses; the whole host rests when nothing of it works. At last it is given up."""
    pause = min(FIRST_PAUSE * 2**wanted.tries, LONGEST_PAUSE)
    if trouble.after is not None:
        pause = max(timedelta(seconds=trouble.after), timedelta(seconds=1))
    await database.execute(_PAUSE, wanted.id, pause, trouble.why)
    if trouble.is_host:
        # A host that is not there costs each of its pictures a try; one that asks to wait, only this one.
        await database.execute(_PAUSE_HOST, wanted.host, pause, int(trouble.is_down), trouble.why)
    await database.execute(_GIVE_UP, MOST_TRIES, MOST_DAYS)


_PAUSE = """
UPDATE picture_fetch SET tries = tries + 1, next_at = now() + $2, why = $3 WHERE id = $1 AND state = 'waiting'"""
_PAUSE_HOST = """
UPDATE picture_fetch SET tries = tries + $3, next_at = now() + $2, why = $4
WHERE id IN (SELECT id FROM picture_fetch WHERE host = $1 AND state = 'waiting' AND next_at <= now()
  ORDER BY id FOR UPDATE)"""
_GIVE_UP = """
UPDATE picture_fetch SET state = 'given_up' WHERE id IN (
  SELECT id FROM picture_fetch
  WHERE state = 'waiting' AND tries > 0 AND (tries >= $1 OR wanted_at < now() - $2::interval) ORDER BY id FOR UPDATE)"""


async def _come_back() -> None:
    """When the next one is due."""
    wait = await database.fetch_value(_NEXT)
    if wait is not None:
        task, after = picture_fetches.TASK, max(wait, timedelta(0))
        await jobs.defer(task, after=after, lock=task, queueing_lock=f"{task} later", lets_pass=True)


_NEXT = """
SELECT min(f.next_at) - now() FROM picture_fetch f
WHERE f.state = 'waiting' AND EXISTS (SELECT FROM picture p WHERE p.source = f.id)"""
