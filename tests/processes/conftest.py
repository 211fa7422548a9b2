from tests.launch.marked import alive, mark, until  # noqa: F401
