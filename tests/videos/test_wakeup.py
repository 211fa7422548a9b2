from django.utils.module_loading import import_string

from tavusweb.engine import tasks
from tavusweb.videos import wakeup


def test_task_that_pages_wake_by_name_exists() -> None:
    assert import_string(wakeup.SEND_NEXT) is tasks.send_next
