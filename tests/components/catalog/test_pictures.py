"""Pictures that come in are made anew; what is no picture is refused."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from components.catalog.catalog_refusals import PictureRefused, PictureTooLarge
from components.catalog.pictures import image_processing, pictures
from components.catalog.snapshot import snapshot_refresh
from tests.support import make_products
from tests.support.cells import every_cell

pytestmark = pytest.mark.usefixtures("empty_shelves")


def drawn(width: int = 1600, height: int = 1200, kind: str = "JPEG", **how: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), (190, 150, 120)).save(file, kind, **how)  # type: ignore[arg-type]
    return file.getvalue()


async def test_a_picture_is_kept_in_three_sizes_without_what_the_camera_said() -> None:
    mug = await make_products.product("Moon mug")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    await pictures.upload(mug.id, drawn(exif=exif), alt="A round mug")
    await snapshot_refresh.catch_up([mug.id])
    (picture,) = snapshot_refresh.snapshot().product("moon-mug").pictures  # type: ignore[union-attr]
    assert (picture.alt, picture.width, picture.height) == ("A round mug", 1280, 960)
    for width in (320, 640, 1280):
        path = pictures.file_path(pictures.address(picture, width).removeprefix("/pictures/"))
        assert path is not None
        with Image.open(path) as found:
            assert (found.format, found.width) == ("WEBP", width)
            assert not found.getexif()


def test_a_picture_of_the_shops_own_stays_as_it_is_and_an_uploaded_one_never_does(tmp_path: Path) -> None:
    source = drawn(1000, 800, "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    assert image_processing.process(source, tmp_path, "own", is_own=True) == (1000, 800)
    assert image_processing.process(source, tmp_path, "sent") == (1000, 800)
    assert (tmp_path / "own-1000.webp").read_bytes() == source
    assert b"EXIF" in source and b"EXIF" not in (tmp_path / "sent-1000.webp").read_bytes()
    for name in ("own", "sent"):
        kept = sorted(path.name for path in tmp_path.glob(f"{name}-*"))
        assert kept == [f"{name}-{width}.webp" for width in (1000, 320, 640)]
    jpeg = drawn(1000, 800)
    image_processing.process(jpeg, tmp_path, "jpeg", is_own=True)
    assert Image.open(tmp_path / "jpeg-1000.webp").format == "WEBP"


async def test_a_small_picture_is_not_enlarged() -> None:
    assert image_processing.widths(500) == (320, 500)
    assert image_processing.widths(200) == (200,)
    assert image_processing.widths(640) == (320, 640)
    assert image_processing.widths(4000) == (320, 640, 1280)


@every_cell(
    "source",
    [
        b"",
        b"not a picture",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a" + b"\0" * 40,
        drawn()[:3000],
    ],
)
async def test_what_is_no_picture_is_refused(source: bytes) -> None:
    mug = await make_products.product("Moon mug")
    with pytest.raises(PictureRefused):
        await pictures.upload(mug.id, source, alt="")


async def test_too_many_bytes_and_too_many_pixels_are_refused() -> None:
    mug = await make_products.product("Moon mug")
    with pytest.raises(PictureTooLarge):
        await pictures.upload(mug.id, b"x" * (pictures.MOST_BYTES + 1), alt="")
    with pytest.raises(PictureTooLarge):
        await pictures.upload(mug.id, drawn(12_000, 9_000, "PNG"), alt="")


@every_cell("name", ["../secret-key", "..%2fsecret-key", "a" * 40 + "-640.png", "x.webp", ""])
def test_only_names_of_pictures_lead_to_files(name: str) -> None:
    assert pictures.file_path(name) is None
