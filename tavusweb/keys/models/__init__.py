from .key import APIKey
from .replica import Replica
from .standing import LOOK_EVERY, LOOK_LEASE

__all__ = ["LOOK_EVERY", "LOOK_LEASE", "APIKey", "Replica"]
