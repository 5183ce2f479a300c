"""Lists that are shown page by page, counted from 1. An empty list has one page."""


def last(count: int, size: int) -> int:
    """The last page of `count` rows, `size` to a page."""
    return max(1, -(-count // size))


def within(number: int, count: int, size: int) -> int:
    """The page to show to whoever asks for `number`: never before the first, never beyond the last."""
    return min(max(1, number), last(count, size))
