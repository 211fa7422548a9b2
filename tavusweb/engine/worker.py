"""The worker: django-q2's cluster, changed to tell tasks when it stops and to let no process outlive its parent.

Run as `python -m tavusweb.engine.worker`. SIGTERM or SIGINT to it, alone or with all its processes, stops it cleanly.
"""

import math
import os
import signal

from tavusweb.parentage import forks_die_with_their_parent

FIRST_SWEEP_PATIENCE = 20  # seconds: the lease of a killed worker lasts 15


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tavusweb.settings")
    # Imported here because django-q2 imports its models.
    import django

    django.setup()
    from .cluster import Worker
    from .tasks import sweep_later

    # Otherwise, if only the main process is killed, its children keep working beside those of the next one.
    forks_die_with_their_parent()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # The cluster looks at its schedules for the first time after half a minute. A database that is away is waited
    # for: to end instead would use up the patience of whoever starts us again.
    sweep_later(patience=FIRST_SWEEP_PATIENCE, trying_for=math.inf)
    Worker().start()


if __name__ == "__main__":
    main()
