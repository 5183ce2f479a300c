"""The files of the shop's looks: its style sheet, logo, icons, social picture and manifest.

Addresses hold the version, so browsers keep them for ever; an address of another version gets what holds now and is not
kept. In a process that has not heard of a change yet, a page and its sheet still belong together.
"""

import json
import re
from typing import Any

from litestar import Controller, MediaType, Request, Response, get
from litestar.params import FromPath

from components.brand import icons, logos
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from web.guards import anyone
from web.looks import shop_look

FOR_EVER = "public, max-age=31536000, immutable"
ONCE = "no-cache"
A_DAY = "public, max-age=86400"
_LOGO = re.compile(r"logo-([0-9a-f]{32})\.(webp|png)")
_WRITTEN = re.compile(r"([0-9a-f]{12})\.(css|svg)")

_TYPES = {"css": "text/css", "svg": "image/svg+xml"}


class BrandFilesController(Controller):
    path = shop_look.FOLDER
    guards = [anyone]

    @get("/{name:str}")
    async def show(self, name: FromPath[str]) -> Response[bytes]:
        if found := _WRITTEN.fullmatch(name):
            written = shop_look.sheet() if found[2] == "css" else shop_look.stand_in_picture()
            is_own = shop_look.digest(written) == found[1]
            return _file(written.encode(), _TYPES[found[2]], FOR_EVER if is_own else ONCE)
        logo = await logos.file(found[1]) if (found := _LOGO.fullmatch(name)) else None
        if logo is None or found is None:
            raise NotFound(_("There is no such file."))
        return _file(logo.png if found[2] == "png" else logo.webp, f"image/{found[2]}", FOR_EVER)

    @get("/{version:str}/{name:str}")
    async def icon(self, version: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        return await _icon(name, FOR_EVER if version == icons.version() else ONCE)


class WellKnownIconsController(Controller):
    """Where browsers and phones look without being told."""

    guards = [anyone]

    @get("/favicon.ico")
    async def favicon(self) -> Response[bytes]:
        return await _icon("favicon.ico", A_DAY)

    @get(["/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"])
    async def touch(self) -> Response[bytes]:
        return await _icon("touch.png", A_DAY)

    @get("/site.webmanifest")
    async def manifest(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        known, look = shop_settings.current(), shop_look.look()
        drawn = [
            {"src": look.icon_address(f"{file}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png",
             "purpose": purpose}
            for file, purpose in (("icon", "any"), ("maskable", "maskable"))
            for size in (192, 512)
        ]  # fmt: skip
        said = {
            "name": known.shop_name,
            "short_name": known.shop_name[:30],
            "description": known.shop_tagline,
            "lang": language.tag(),
            "dir": language.direction(),
            "start_url": "/",
            "display": "browser",
            "theme_color": look.light,
            "background_color": look.light,
            "icons": drawn,
        }
        return _file(json.dumps(said, ensure_ascii=False).encode(), "application/manifest+json", ONCE)


async def _icon(name: str, cache_control: str) -> Response[bytes]:
    found = await icons.icon(name)
    if found is None:
        raise NotFound(_("There is no such file."))
    return _file(found.body, found.media_type, cache_control)


def _file(body: bytes, media_type: str | MediaType, cache_control: str) -> Response[bytes]:
    """Other sites may show it: where mail is read, and where a page of the shop is shared."""
    headers = {"Cache-Control": cache_control, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(body, media_type=media_type, headers=headers)
