"""The rows of pairs that are bought together, and of words to join for segments."""

from piccolo.columns import UUID, DoublePrecision, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class SoldProduct(Table):
    """In how many paid orders of the last year a product was when its pairs were last counted. Nobody is in it."""

    product = UUID(primary_key=True, default=None)
    orders = Integer(default=0)
    counted_at = Timestamptz(default=None, index=True)


class ProductPair(Table):
    """`other` was in `together` of the counted orders of `product`, of `buyers` different people. `score` is how much
    they belong together (`product_pairs`)."""

    id = UUID(primary_key=True, default=None)
    product = UUID(default=None)
    other = UUID(default=None)
    together = Integer(default=0)
    buyers = Integer(default=0)
    score = DoublePrecision(default=0.0)


class JoinWords(Table):
    """What the page to join says above its plans to those who fit a segment; the first that fits is said."""

    id = UUID(primary_key=True, default=None)
    segment = UUID(default=None)
    position = Integer(default=0)
    title = Varchar(length=120, default="")
    text = Text(default="")
    changed_at = Timestamptz(default=None)


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX product_pair_once ON product_pair (product, other)",
    "CREATE INDEX product_pair_best ON product_pair (product, score DESC, other)",
    """ALTER TABLE product_pair ADD CONSTRAINT product_pair_is_of_two
       CHECK (product <> other AND buyers >= 3 AND together >= buyers AND score > 0)""",
    "ALTER TABLE sold_product ADD CONSTRAINT sold_product_was_sold CHECK (orders > 0)",
    "CREATE UNIQUE INDEX join_words_of_segment ON join_words (segment)",
    "ALTER TABLE join_words ADD CONSTRAINT join_words_say_something CHECK (title <> '')",
)
