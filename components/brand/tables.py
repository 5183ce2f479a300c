"""The rows of the shop's looks. What was chosen are settings of the shop."""

from piccolo.columns import JSON, UUID, Bytea, Integer, Timestamptz, Varchar
from piccolo.table import Table


class BrandImage(Table):
    """An uploaded logo or icon, re-encoded. Rows are append-only: e-mails of long ago show them."""

    id = UUID(primary_key=True, default=None)
    digest = Varchar(length=32, unique=True)
    width = Integer()
    height = Integer()
    png = Bytea()
    webp = Bytea()
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class BrandDraft(Table):
    """Looks that one member of staff tries and has not saved; one each, gone when saved or discarded."""

    id = UUID(primary_key=True, default=None)
    person = UUID(unique=True)
    wanted = JSON()
    at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE brand_image ADD CONSTRAINT brand_image_size
    CHECK (width BETWEEN 1 AND 1024 AND height BETWEEN 1 AND 1024 AND octet_length(png) <= 2000000)""",
    """CREATE TRIGGER brand_image_is_append_only BEFORE UPDATE OR DELETE ON brand_image
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
