"""Settings for `bin/bench share`: the program's own, with one more route."""

from tavusweb.settings import *  # noqa: F403 - the same in everything else

ROOT_URLCONF = "bench.bare"
