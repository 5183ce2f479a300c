"""Names and towns of the people in the demo's past, read from `kiln/people.toml`."""

import tomllib

from components.demo.demo_products import KILN

_SAID = tomllib.loads((KILN / "people.toml").read_text(encoding="utf-8"))

FIRST: tuple[str, ...] = tuple(_SAID["first"].split())
LAST: tuple[str, ...] = tuple(_SAID["last"].split())
TOWNS: tuple[tuple[str, str, str], ...] = tuple((town, postcode, street) for town, postcode, street in _SAID["towns"])
