"""Gunicorn's configuration: `gunicorn --config python:tavusweb.launch.gunicorn_conf`.

On two cores, threads serve a page that reads rows many times faster than an event loop.
"""

from pathlib import Path

from tavusweb.parentage import die_with_parent

wsgi_app = "tavusweb.wsgi:application"
worker_class = "tavusweb.launch.web_worker.WebWorker"  # slow clients occupy no thread
workers = 2
threads = 4
worker_connections = 400  # per process; the usual limit of open files is 1024
timeout = 60
graceful_timeout = 10  # less than the supervisor's grace period
limit_request_line = 8190
loglevel = "warning"
# Otherwise gunicorn leaves a socket in the user's home folder.
control_socket_disable = True
# For the processes' heartbeat files: on a disk, a slow write looks like a hung process.
_shared_memory = Path("/dev/shm")  # noqa: S108
worker_tmp_dir = str(_shared_memory) if _shared_memory.is_dir() else None


def post_fork(server, worker) -> None:  # type: ignore[no-untyped-def]
    die_with_parent(server.pid)


def post_worker_init(worker) -> None:  # type: ignore[no-untyped-def]
    from tavusweb.sharing.visit_queue import queue  # Django is set up only now

    queue.start()


def worker_exit(server, worker) -> None:  # type: ignore[no-untyped-def]
    from tavusweb.sharing.visit_queue import queue

    queue.stop()
