"""Whether the shop in this container is ready for visitors; the exit status says it, for the HEALTHCHECK."""

import os
import sys
import urllib.error
import urllib.request

ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', '80')}/health/ready"


def main() -> int:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=4) as answer:
            print(answer.read(500).decode())
            return 0
    except urllib.error.HTTPError as refused:
        print(refused.read(500).decode())
    except OSError as trouble:
        print(trouble)
    return 1


if __name__ == "__main__":
    sys.exit(main())
