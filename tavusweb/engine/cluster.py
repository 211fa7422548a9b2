"""django-q2's cluster, without its silent failures. Imported after `django.setup()`."""

import logging
import os
import signal
import sys
from multiprocessing.process import BaseProcess
from types import FrameType

from django_q import cluster

from .shutdown import begin_to_stop

log = logging.getLogger(__name__)


class Guard(cluster.Sentinel):
    """The process between the main one and the workers. It ends, with all of them, rather than run on damaged.

    The supervisor of the main process notices that immediately and restarts everything.
    """

    def start(self) -> None:
        # A SIGTERM to all of us is meant for the main process, which then stops us in order. A sentinel that died
        # of it would leave the main process waiting for it without end (django-q2 #346).
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            super().start()  # type: ignore[no-untyped-call]
        except BaseException:
            log.exception("The worker's sentinel broke")
            os._exit(1)  # a regular exit waits for children that nobody stops

    def reincarnate(self, process: BaseProcess) -> None:
        if process.exitcode is not None and process.exitcode < 0:
            # It may have held the lock of a queue, for which all others would wait forever.
            log.error("A worker process was killed by signal %s: starting all of them again", -process.exitcode)
            os._exit(1)
        timer = getattr(process, "timer", None)
        if timer is not None and timer.value == 0:
            process.kill()  # it ignores the SIGTERM for a task past its time limit
        super().reincarnate(process)  # type: ignore[no-untyped-call]


class Worker(cluster.Cluster):
    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        begin_to_stop()
        if self.sentinel is None:  # nothing was forked yet
            sys.exit(0)
        super().sig_handler(signum, frame)


cluster.Sentinel = Guard  # type: ignore[misc]  # what Cluster starts
