"""The replicas every sandbox key can use: eight stock presenters and three of its own."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, islice


@dataclass(frozen=True)
class Replica:
    replica_id: str
    name: str
    look: str  # whose pictures and clips: a name in static/sandbox/presenters
    kind: str  # user or system
    created_at: datetime
    status: str = "completed"
    progress: int = 100
    error_message: str = ""


LOOKS = ("ada", "ben", "chloe", "dev", "elif", "farid", "grace", "hugo")
ROLES = ("Office", "Studio", "Lounge", "Workshop", "Classroom", "Garden", "Boutique", "Library")
MODEL_NAME = "sandbox-1"
_OPENING_DAY = datetime(2024, 1, 24, 7, 14, 3, 327_000, tzinfo=UTC)


def _replica(number: int, name: str, look: str, kind: str, **state: str | int) -> Replica:
    replica_id = "r" + hashlib.sha256(name.encode()).hexdigest()[:11]
    return Replica(replica_id, name, look, kind, _OPENING_DAY + timedelta(days=number), **state)  # type: ignore[arg-type]


STOCK = tuple(
    _replica(number, f"{look.title()} - {role}", look, "system")
    for number, (look, role) in enumerate(zip(LOOKS, ROLES, strict=True))
)
READY = _replica(300, "My replica", "grace", "user")
IN_TRAINING = _replica(301, "My replica, in training", "farid", "user", status="started", progress=62)
IN_ERROR = _replica(
    302,
    "My replica, failed",
    "ben",
    "user",
    status="error",
    progress=0,
    error_message="There was an issue processing your training video. Please check it against the guidelines.",
)
OWN = (IN_ERROR, IN_TRAINING, READY)


@cache
def cast(at_least: int = 0) -> tuple[Replica, ...]:
    """All replicas of a key: the own ones, the stock, and as many more as make up the number."""
    usual = OWN + STOCK
    extras = islice(cycle(LOOKS), max(0, at_least - len(usual)))
    return usual + tuple(
        _replica(number, f"{look.title()} - Take {number}", look, "system") for number, look in enumerate(extras, 1)
    )


def find(replica_id: object, at_least: int = 0) -> Replica | None:
    return next((replica for replica in cast(at_least) if replica.replica_id == replica_id), None)
