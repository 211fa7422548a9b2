"""The back-off formula: the first pause doubles with each repeated failure, up to the longest."""

DOUBLINGS = 16  # by then every pause is the longest; more would overflow


def pause_after(failures: int, *, first: float, longest: float) -> float:
    """Return the pause in seconds after a number of consecutive failures; `first` after none or one."""
    return min(first * float(2 ** min(max(failures - 1, 0), DOUBLINGS)), longest)
