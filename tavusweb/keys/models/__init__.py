from .key import APIKey, digest_of
from .key_health import REFRESH_EVERY, REFRESH_LEASE
from .replica import Replica

__all__ = ["REFRESH_EVERY", "REFRESH_LEASE", "APIKey", "Replica", "digest_of"]
