"""`python -m components.demo.drawing`: redraws every product in every glaze."""

from concurrent.futures import ProcessPoolExecutor
from zlib import crc32

from PIL import Image

from components.demo.demo_products import DemoProduct, shelves
from components.demo.drawing.scene import Place, picture

KEPT = 1000


def draw(ware: DemoProduct, glaze: str) -> int:
    path = ware.picture(glaze)
    path.parent.mkdir(exist_ok=True)
    drawn = picture(glaze, (Place(ware.shape),), seed=crc32(path.name.encode())).resize(
        (KEPT, KEPT), Image.Resampling.LANCZOS
    )
    drawn.save(path, "WEBP", quality=72, method=6)
    return path.stat().st_size


def main() -> None:
    wares = [(ware, glaze) for shelf in shelves() for ware in shelf.wares for glaze in ware.glazes]
    with ProcessPoolExecutor() as hands:
        sizes = list(hands.map(draw, *zip(*wares, strict=True)))
    print(f"{len(sizes)} pictures, {sum(sizes) // 1024} kB, the largest {max(sizes) // 1024} kB")


if __name__ == "__main__":
    main()
