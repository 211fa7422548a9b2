"""The provider's own log of a run, read back. A purchase is told by its script: no name or mark is read for it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

IN_FLIGHT = 1.0  # seconds: a request on its way when another was told to slow down is not impolite


@dataclass(frozen=True)
class Purchase:
    """One accepted submission. Each video of a run has a script of its own."""

    script: str
    video_id: str
    key: str
    fails: bool


@dataclass(frozen=True)
class Drawn:
    """What a key's provider is like."""

    name: str
    can_prove: bool = True


AS_DOCUMENTED = Drawn("as documented")


@dataclass
class Ledger:
    behaviours: dict[str, Drawn] = field(default_factory=dict)
    purchases: list[Purchase] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    refused_as_full: int = 0
    callbacks: Counter[str] = field(default_factory=Counter)
    too_early: int = 0  # requests within a pause that Tavus had asked for

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls.of(json.loads(line) for line in path.read_text().splitlines())

    @classmethod
    def of(cls, entries: Iterable[dict[str, Any]]) -> Self:
        ledger = cls()
        told_at: dict[str, float] = {}
        for entry in entries:
            match entry["event"]:
                case "accepted":
                    bought = Purchase(entry["script"], entry["video_id"], entry["key"], entry["fails"])
                    ledger.purchases.append(bought)
                case "behaviour":
                    ledger.behaviours[entry["key"]] = Drawn(entry["behaviour"], entry["can_prove"])
                case "fault":
                    ledger.faults[entry["fault"]] += 1
                case "request":
                    ledger.requests[entry["kind"]] += 1
                    began = told_at.get(entry["key"], 0.0)
                    ledger.too_early += entry["too_early"] > 0 and entry["at"] - began > IN_FLIGHT
                case "silence":
                    told_at[entry["key"]] = entry["at"]
                case "full":
                    ledger.refused_as_full += 1
                case "callback":
                    ledger.callbacks[entry["how"]] += 1
        return ledger

    def by_script(self) -> dict[str, list[Purchase]]:
        grouped: dict[str, list[Purchase]] = defaultdict(list)
        for purchase in self.purchases:
            grouped[purchase.script].append(purchase)
        return grouped

    def behaviour_of(self, key: str) -> Drawn:
        return self.behaviours.get(key, AS_DOCUMENTED)
