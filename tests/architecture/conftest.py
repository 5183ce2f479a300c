"""What the tests of this folder keep of the code is thrown away behind the last of them."""

from collections.abc import Iterator

import pytest

from tests.architecture import parsing


@pytest.fixture(scope="package", autouse=True)
def kept_no_longer() -> Iterator[None]:
    yield
    parsing.parsed.cache_clear()
