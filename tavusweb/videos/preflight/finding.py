from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    LINK = "link"
    DATE = "date"
    NUMBER = "number"
    ABBREVIATION = "abbreviation"
    LENGTH = "length"
    REPLICA = "replica"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing before Generate.

    `line` is the line of the script that it is about, counted from 1; 0 for the video as a whole.
    """

    topic: Topic
    message: str
    line: int = 0
    refuses: bool = False
