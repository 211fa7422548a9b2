"""Processes that do not outlive the one that started them. Standard library only."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
# Loaded here: what runs between fork and exec must not import.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent, known by `parent` before the fork, dies.

    Linux only, nothing elsewhere. It holds through exec and is not inherited by a fork.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the call
        os._exit(1)


def forks_die_with_their_parent() -> None:
    """From now on every process that this one forks, and their forks in turn, dies with the one that forked it."""
    parent = os.getpid()

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: die_with_parent(parent))
