"""The database: one engine, one transaction per change, typed rows, and several queries in one round trip.

`pool` connections and transactions · `rows` statements and their rows · `queries` several at once ·
`request_coalescing` the same ones for many visitors · `advisory_locks`, `schema`, `migrations`,
`embedded`, `notifications`.
"""

from components.foundation.database.pool import (
    DB,
    connect,
    counted,
    disconnect,
    dsn,
    is_reachable,
    locked,
    opened,
    transaction,
)
from components.foundation.database.queries import Query, TextQuery, batch, batch_of
from components.foundation.database.rows import (
    execute,
    execute_many,
    fetch,
    fetch_as,
    fetch_one,
    fetch_one_as,
    fetch_rows,
    fetch_value,
    fetch_values,
    insert_rows,
    notify,
)

__all__ = [
    "DB", "Query", "TextQuery", "batch", "batch_of", "connect", "counted", "disconnect", "dsn", "execute",
    "execute_many", "fetch", "fetch_as", "fetch_one", "fetch_one_as", "fetch_rows", "fetch_value", "fetch_values",
    "insert_rows", "is_reachable", "locked", "notify", "opened", "transaction",
]  # fmt: skip
