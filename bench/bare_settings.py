"""The settings of `bin/bench share`: the program's own, with one route more."""

from tavusweb.settings import *  # noqa: F403 - the same in everything else

ROOT_URLCONF = "bench.bare"
