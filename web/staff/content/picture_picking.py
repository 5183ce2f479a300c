"""Pictures in a text that is being written: uploaded or picked, and put where the cursor was. Nothing else is saved."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from components.catalog.pictures import pictures
from components.catalog.snapshot import snapshot_refresh
from components.content import content_pictures
from components.content.content_pictures import TextPicture
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.forms.form import Form
from web.forms.sending import SentForm, read_body

LONGEST_SEARCH = 100
ADDED = "The picture is in the text. Save to keep it."
IS_COVER = "This is now the picture at the top. Save to keep it."
CHOOSE_FILE = "Choose a picture first."
_BUTTONS = ("upload", "upload_cover", "pick", "pick_cover", "find_pictures")


@dataclass(frozen=True, kw_only=True)
class PicturePicker:
    """`is_asked`: one of its buttons was pressed, so it stands open. `cover`: the text has a picture at its top."""

    pictures: tuple[TextPicture, ...]
    cover: bool
    is_asked: bool = False
    words: str = ""
    alt: str = ""
    said: str = ""
    refusal: str = ""
    status: int = 200


async def is_asked(request: Request[Any, Any, Any]) -> bool:
    """Whether a button of the picker was pressed."""
    sent = await read_body(request)
    return any(name in sent for name in _BUTTONS)


async def picker(request: Request[Any, Any, Any], form: Form, *, cover: bool = False) -> PicturePicker:
    """What can be picked. What was asked for is done in `form`, whose other fields stay as they were typed."""
    sent = await read_body(request)
    words, alt = _text(sent, "picture_words")[:LONGEST_SEARCH], _text(sent, "picture_alt")
    said = refusal = ""
    status, asked = 200, await is_asked(request)
    if asked:
        form.errors, form.refusal = {}, None
        try:
            said = await _done(request, sent, form, alt)
        except Refusal as refused:
            refusal, status = str(refused), refused.status
    offered = await content_pictures.offered(words, snapshot_refresh.snapshot())
    return PicturePicker(pictures=offered, cover=cover, is_asked=asked, words=words, alt="" if said else alt, said=said,
                         refusal=refusal, status=status)  # fmt: skip


async def _done(request: Request[Any, Any, Any], sent: SentForm, form: Form, alt: str) -> str:
    """Raises `Refusal`."""
    if "find_pictures" in sent:
        return ""
    if "upload" in sent or "upload_cover" in sent:
        file = sent.get("picture_file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refusal(CHOOSE_FILE)
        source = await file.read(pictures.MOST_BYTES + 1)
        picked = await content_pictures.upload(source, alt=alt, by=person_id_of(request))
    else:
        picked = await content_pictures.by_path(_text(sent, "pick") or _text(sent, "pick_cover"))
    if "cover" in form.declared and ("upload_cover" in sent or "pick_cover" in sent):
        form.typed |= {"cover": [picked.path], "cover_alt": [picked.alt]}
        return IS_COVER
    body = inserted(form.field("body").typed, picked.markdown, _text(sent, "caret"))
    form.typed["body"], form.values["body"] = [body], body
    return ADDED


def inserted(body: str, picture: str, caret: str) -> str:
    """After the paragraph the cursor is in, or at the end. `caret` counts as browsers do: in UTF-16, one for a line."""
    plain = body.replace("\r\n", "\n")
    at = len(plain)
    if caret.isdecimal() and caret.isascii() and len(caret) < 9:
        at = len(plain.encode("utf-16-le")[: 2 * int(caret)].decode("utf-16-le", "ignore"))
        end = plain.find("\n\n", at)
        at = len(plain) if end < 0 else end
    before, after = plain[:at].rstrip("\n"), plain[at:].lstrip("\n")
    return "\n\n".join(part for part in (before, picture, after) if part)


def _text(sent: SentForm, name: str) -> str:
    value = sent.get(name)
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""
