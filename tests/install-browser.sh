#!/bin/sh
# A Chromium for the browser tests: the system's, else Playwright's, else Debian's.
set -eu
bin=$1
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && exit 0
done
"$bin/python" - <<'PY' && exit 0 || true
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    sys.exit(not os.path.exists(p.chromium.executable_path))
PY
echo "Installing a Chromium for the browser tests …"
if timeout 300 "$bin/playwright" install chromium >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
    exit 0
fi
echo "No Chromium was found and none could be installed. Install Chromium, then run this again." >&2
exit 1
