"""The browser of `tests/browser`, without the demo that those tests wait for."""

from tests.browser.conftest import chromium

__all__ = ["chromium"]
