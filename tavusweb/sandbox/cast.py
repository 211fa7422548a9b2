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


def _id(name: str) -> str:
    return "r" + hashlib.sha256(name.encode()).hexdigest()[:11]


def _stock(number: int, look: str, where: str) -> Replica:
    name = f"{look.title()} - {where}"
    return Replica(_id(name), name, look, "system", _OPENING_DAY + timedelta(days=number))


STOCK = tuple(_stock(day, look, role) for day, (look, role) in enumerate(zip(LOOKS, ROLES, strict=True)))
READY = Replica("r5a11d0b0c01", "My replica", "grace", "user", _OPENING_DAY + timedelta(days=302))
IN_TRAINING = Replica(
    "r5a11d0b0c02",
    "My replica, in training",
    "farid",
    "user",
    _OPENING_DAY + timedelta(days=301),
    status="started",
    progress=62,
)
IN_ERROR = Replica(
    "r5a11d0b0c03",
    "My replica, failed",
    "ben",
    "user",
    _OPENING_DAY + timedelta(days=300),
    status="error",
    progress=0,
    error_message="There was an issue processing your training video. Please check it against the guidelines.",
)
USUAL = (READY, IN_TRAINING, IN_ERROR, *STOCK)
MOST = 250  # the largest cast there is


@cache
def cast(size: int = len(USUAL)) -> dict[str, Replica]:
    """The replicas of a key by id: the usual ones, and as many more stock ones as make up the size."""
    extras = islice(cycle(LOOKS), size - len(USUAL))
    more = (_stock(30 + number, look, f"Take {number}") for number, look in enumerate(extras, 1))
    return {replica.replica_id: replica for replica in (*USUAL, *more)}


def find(replica_id: str) -> Replica:
    """The replica of this id, whoever's cast it is in; the id must be one that was handed out."""
    return cast(MOST)[replica_id]
