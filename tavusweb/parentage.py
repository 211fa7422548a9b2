"""Start processes that do not outlive their parent. Standard library only."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
# Loaded here, because nothing may be imported between fork and exec.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Make the kernel kill this process when its parent dies. `parent` is the parent's pid, read before the fork.

    Linux only; does nothing elsewhere. The setting survives exec and is not inherited by forks.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died before the call
        os._exit(1)


def forks_die_with_their_parent() -> None:
    """Make every process forked from this one, and their forks in turn, die with its parent."""
    parent = os.getpid()

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: die_with_parent(parent))
