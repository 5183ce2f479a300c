#!/bin/sh
# The servers that a shop may stand behind, from Debian's packages, for the tests that run the shop behind them.
set -eu
missing=
for name in caddy nginx pgbouncer shellcheck; do
    command -v "$name" >/dev/null || [ -x "/usr/sbin/$name" ] || missing="$missing $name"
done
if [ -z "$missing" ]; then
    echo "Caddy, nginx, PgBouncer and ShellCheck are installed."
    exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Not installed:$missing. As root on Debian this command installs them." >&2
    exit 1
fi
# They are started by tests alone: no service of theirs begins by itself.
policy=/usr/sbin/policy-rc.d
if ! [ -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086  # several names
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
