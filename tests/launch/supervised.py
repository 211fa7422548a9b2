"""Run a supervisor over the services given on the command line, for tests to watch from outside."""

import json
import sys
from functools import partial

from tavusweb.launch.processes import Service
from tavusweb.launch.supervisor import RestartBudget, Supervisor

services = [Service(name, command, grace) for name, command, grace in json.loads(sys.argv[1])]
say = partial(print, flush=True)
sys.exit(Supervisor(services, say=say, budget=partial(RestartBudget, limit=int(sys.argv[2]))).run())
