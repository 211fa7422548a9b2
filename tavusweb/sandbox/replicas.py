"""The replicas and voices every sandbox key can use: eight stock presenters and three of its own."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, islice


@dataclass(frozen=True)
class Replica:
    replica_id: str
    name: str
    appearance: str  # whose pictures and clips: a name in static/sandbox/presenters
    kind: str  # user or system
    created_at: datetime
    status: str = "completed"
    progress: int = 100
    error_message: str | None = None
    updated_at: datetime | None = None  # None: never changed
    training_until: datetime | None = None  # None: finished long ago, or never to be
    fails: bool = False  # in training, sooner or later
    model_name: str = "phoenix-4"


@dataclass(frozen=True)
class Voice:
    """The voice of a stock replica, as a photo is trained with it."""

    name: str
    replica_id: str
    appearance: str
    tags: tuple[str, ...]


APPEARANCES = ("ada", "ben", "chloe", "dev", "elif", "farid", "grace", "hugo")
ROLES = ("Office", "Studio", "Lounge", "Workshop", "Classroom", "Garden", "Boutique", "Library")
MODELS = ("phoenix-4", "phoenix-3")  # the default first
_OPENING_DAY = datetime(2024, 1, 24, 7, 14, 3, 327_000, tzinfo=UTC)


def _id(name: str) -> str:
    return "r" + hashlib.sha256(name.encode()).hexdigest()[:11]


def _stock(number: int, appearance: str, where: str) -> Replica:
    name = f"{appearance.title()} - {where}"
    model = MODELS[number % len(MODELS)]
    return Replica(_id(name), name, appearance, "system", _OPENING_DAY + timedelta(days=number), model_name=model)


STOCK = tuple(
    _stock(day, appearance, role) for day, (appearance, role) in enumerate(zip(APPEARANCES, ROLES, strict=True))
)
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
LARGEST = 250  # the largest cast there is


@cache
def cast(size: int = len(USUAL)) -> dict[str, Replica]:
    """The replicas of a key by id: the usual ones, and as many more stock ones as make up the size."""
    extras = islice(cycle(APPEARANCES), size - len(USUAL))
    more = (_stock(30 + number, appearance, f"Take {number}") for number, appearance in enumerate(extras, 1))
    return {replica.replica_id: replica for replica in (*USUAL, *more)}


def find(replica_id: str) -> Replica | None:
    """Find a bundled replica by id; None for one that a key trained."""
    return cast(LARGEST).get(replica_id)


def look_of(replica_id: str) -> str:
    """The presenter whose pictures and clips a replica shows; a trained one always borrows the same."""
    replica = find(replica_id)
    return (
        replica.appearance
        if replica
        else APPEARANCES[hashlib.sha256(replica_id.encode()).digest()[0] % len(APPEARANCES)]
    )


def _voice(replica: Replica, tone: str) -> Voice:
    return Voice(replica.name.lower().replace(" - ", "-"), replica.replica_id, replica.appearance, ("english", tone))


TONES = ("warm", "calm", "bright", "deep")
VOICES = tuple(_voice(replica, tone) for replica, tone in zip(STOCK, cycle(TONES), strict=False))
