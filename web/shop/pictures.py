"""Pictures of products, under names made of their content: whoever has one need not ask again."""

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from components.catalog import pictures
from components.foundation.refusals import NotFound
from web.guards import anyone

FOR_EVER = "public, max-age=31536000, immutable"


class PictureController(Controller):
    path = "/pictures"
    guards = [anyone]

    @get("/{name:str}", sync_to_thread=True)
    def show(self, name: FromPath[str]) -> Response[Any]:
        path = pictures.file(name)
        if path is None:
            raise NotFound("There is no such picture.")
        headers = {"Cache-Control": FOR_EVER}
        return Response(path.read_bytes(), media_type="image/webp", headers=headers)
