"""The replicas and voices that every sandbox key can use: eight stock presenters and three custom ones."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle, islice


@dataclass(frozen=True)
class Replica:
    replica_id: str
    name: str
    appearance: str  # a presenter in static/sandbox/presenters
    kind: str  # user or system
    created_at: datetime
    status: str = "completed"
    progress: int = 100
    error_message: str | None = None
    updated_at: datetime | None = None  # None: never changed
    training_until: datetime | None = None  # None: finished long ago, or never will
    fails: bool = False  # its training fails, now or later
    model_name: str = "phoenix-4"


@dataclass(frozen=True)
class Voice:
    """A stock replica's voice, for training a replica from a photo."""

    name: str
    replica_id: str
    appearance: str
    tags: tuple[str, ...]


APPEARANCES = ("ada", "ben", "chloe", "dev", "elif", "farid", "grace", "hugo")
ROLES = ("Office", "Studio", "Lounge", "Workshop", "Classroom", "Garden", "Boutique", "Library")
MODELS = ("phoenix-4", "phoenix-3")  # the first is the default
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
LARGEST = 250  # the most replicas that any key has


@cache
def cast(size: int = len(USUAL)) -> dict[str, Replica]:
    """Return a key's replicas by id: the usual ones, plus stock replicas up to the size."""
    extras = islice(cycle(APPEARANCES), size - len(USUAL))
    more = (_stock(30 + number, appearance, f"Take {number}") for number, appearance in enumerate(extras, 1))
    return {replica.replica_id: replica for replica in (*USUAL, *more)}


def find(replica_id: str) -> Replica | None:
    """Find a bundled replica by id; None for one that a key trained."""
    return cast(LARGEST).get(replica_id)


def appearance_of(replica_id: str) -> str:
    """Return the presenter that a replica looks like; a trained replica always gets the same one."""
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
