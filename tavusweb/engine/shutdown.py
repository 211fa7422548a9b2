"""Tell long tasks that their worker is stopping.

django-q2 lets a worker process finish its task before it stops and tells it nothing meanwhile. So the
cluster's main process raises a flag in memory that all its forks share.
"""

import mmap

_flag = mmap.mmap(-1, 1)  # one byte, shared with forks; without a lock, because a signal handler writes it


def is_stopping() -> bool:
    """Whether this process was asked to stop: a task that would go on for more than a few seconds returns now.

    Always False outside the worker that bin/start runs.
    """
    return _flag[0] == 1


def begin_to_stop() -> None:
    """Tell every process forked from this one, before or after, to stop soon."""
    _flag[0] = 1
