"""The worker: django-q2's cluster, which tells its tasks when it stops and whose processes die with their parent.

Run as `python -m tavusweb.engine.worker`. SIGTERM or SIGINT to it, alone or with all its processes, stops it cleanly.
"""

import math
import os
import signal

from tavusweb.parentage import forks_die_with_their_parent

FIRST_SWEEP_PATIENCE = 20  # seconds: a worker that was killed leaves a lease that lasts 15


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tavusweb.settings")
    # django-q2 imports its models, so not before this.
    import django

    django.setup()
    from .cluster import Worker
    from .tasks import sweep_later

    # Killed alone, the main process would leave its children working beside those of the next one.
    forks_die_with_their_parent()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # The cluster looks at its schedules for the first time after half a minute. A database that is away is waited
    # for: to end instead would use up the patience of whoever starts us again.
    sweep_later(patience=FIRST_SWEEP_PATIENCE, trying_for=math.inf)
    Worker().start()


if __name__ == "__main__":
    main()
