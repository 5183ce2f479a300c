from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.web.standin.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Noon on 1 March 2027."""
    opened = Desk.open(tmp_path, datetime(2027, 3, 1, 12, tzinfo=UTC))
    yield opened
    opened.standin.close()
