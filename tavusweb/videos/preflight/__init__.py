"""What to know before a video is bought. Pure: findings about a script and a replica, shown beside **Generate**.

Notes never stop anything. A finding that `refuses` does: Tavus would only fail the video.
"""

from .finding import Finding
from .replica import ReplicaState, replica_finding
from .script import script_findings

__all__ = ["Finding", "ReplicaState", "replica_finding", "script_findings"]
