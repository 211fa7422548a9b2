from .key import APIKey, digest_of
from .replica import Replica
from .standing import LOOK_EVERY, LOOK_LEASE

__all__ = ["LOOK_EVERY", "LOOK_LEASE", "APIKey", "Replica", "digest_of"]
