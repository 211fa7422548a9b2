"""The worker: django-q2's cluster, which tells its tasks when it stops and whose processes die with their parent.

Run as `python -m tavusweb.launch.worker`. SIGTERM or SIGINT to this process alone stops it cleanly.
"""

import os
import signal
import sys
from types import FrameType

from tavusweb.launch.children import forks_die_with_their_parent
from tavusweb.launch.stopping import begin_to_stop

FIRST_SWEEP_PATIENCE = 20  # seconds: a worker that was killed leaves a lease that lasts 15


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tavusweb.settings")
    # django-q2 imports its models, so not before this.
    import django

    django.setup()
    from django_q.cluster import Cluster

    class Worker(Cluster):
        def sig_handler(self, signum: int, frame: FrameType | None) -> None:
            begin_to_stop()
            if self.sentinel is None:  # nothing was forked yet
                sys.exit(0)
            super().sig_handler(signum, frame)

    from tavusweb.videos.tasks import sweep_later

    # Killed alone, the main process would leave its children working beside those of the next one.
    forks_die_with_their_parent()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # The cluster looks at its schedules for the first time after half a minute.
    sweep_later(patience=FIRST_SWEEP_PATIENCE)
    Worker().start()


if __name__ == "__main__":
    main()
