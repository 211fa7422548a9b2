"""Look a video over before it is bought: what `preflight` finds, how long it will be, and what it will use."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tavusweb.accounts.models import User
from tavusweb.keys.models import APIKey, Replica
from tavusweb.text_policy import fold, is_blank, spoken_seconds
from tavusweb.workspaces.models import Workspace

from .budget_rules import Verdict
from .models import BudgetPolicy, OverBudget, Video, reserved_in
from .models.budget import verdict_on
from .preflight import Finding, ReplicaState, replica_finding, script_findings
from .spec import VideoSpec


@dataclass(frozen=True)
class Checks:
    """What stands beside **Generate**."""

    key: APIKey | None = None
    seconds: float = 0.0  # estimated length
    is_first_purchase: bool = False
    same: Video | None = None  # rendered before with the same replica, script and options
    findings: list[Finding] = field(default_factory=list)
    budget: int | None = None  # seconds per month
    used: int = 0
    verdict: Verdict = Verdict.BUY


def look_over(workspace: Workspace, spec: VideoSpec, *, by: User | None = None, pk: UUID | None = None) -> Checks:
    """Check a spec as far as it is filled in. `pk` is the video itself, which is not the same one again."""
    speaks_script = not spec.audio and not spec.audio_url
    findings = script_findings(spec.script) if speaks_script else []
    key = spec.api_key
    if key and spec.replica_id:
        named = replicas_named(key, spec.replica_id)
        finding = replica_check(key, spec.replica_id, named[0] if named else None)
        findings = ([finding] if finding else []) + findings
    policy = BudgetPolicy.objects.filter(workspace=workspace).first() if key and not key.is_sandbox else None
    budget = policy.monthly_seconds if policy else None
    used = reserved_in(workspace.pk) if budget is not None else 0
    return Checks(
        budget=budget,
        used=used,
        verdict=verdict_on(policy, Video.seconds_asked(spec), used, workspace, by) if policy else Verdict.BUY,
        key=key,
        seconds=length_of(spec),
        is_first_purchase=bool(key and is_unused(key)),
        same=_same(workspace, spec, pk),
        findings=findings,
    )


def over_budget(problem: OverBudget) -> str:
    values = {"needed": problem.needed, "left": problem.left}
    message = _("This video needs about %(needed)d s, and %(left)d s of this month’s budget are left.")
    return message % values + " " + _("Nothing was charged. An owner can raise the budget.")


def length_of(spec: VideoSpec) -> float:
    """The estimated length in seconds; 0.0 for a recording at a URL, which nobody here has heard."""
    if spec.audio:
        return float(spec.audio.seconds or 0.0)
    return 0.0 if spec.audio_url else spoken_seconds(spec.script)


def is_unused(key: APIKey) -> bool:
    """Whether a live key has bought nothing from here yet."""
    return not key.is_sandbox and not Video.objects.filter(Q(attempt__gt=0) | ~Q(tavus_id=""), api_key=key).exists()


def unused_keys(workspace: Workspace) -> list[str]:
    """The IDs of the live keys that have bought nothing yet."""
    live = workspace.api_keys.to_make_with().filter(is_sandbox=False)
    return [str(key.pk) for key in live if is_unused(key)]


def replicas_named(key: APIKey | None, given: str) -> list[Replica]:
    """The replicas of a key with this ID, or else with this name: two of them at most."""
    known = Replica.objects.filter(api_key=key)
    return list(known.filter(replica_id=given)[:1] or known.filter(name_folded=fold(given))[:2])


def replica_check(key: APIKey, given: str, replica: Replica | None) -> Finding | None:
    """Return what speaks against a replica, by the list that was last read with the key."""
    read_at = key.replicas_whole_at
    state = ReplicaState()
    if replica:
        is_listed = read_at is None or replica.seen_at >= read_at
        is_failed = replica.status == "error"
        state = ReplicaState(str(replica), is_listed, replica.is_usable, has_error=is_failed)
    return replica_finding(state, whole_list_read_at=read_at, at=timezone.now())


def _same(workspace: Workspace, spec: VideoSpec, pk: UUID | None) -> Video | None:
    has_speech = bool(spec.audio or spec.audio_url or not is_blank(spec.script))
    if not (spec.api_key and spec.replica_id and has_speech):
        return None
    same = workspace.videos.same_as(spec.digest(), in_sandbox=spec.api_key.is_sandbox)
    others = same.exclude(pk=pk) if pk else same
    return others.select_related("workspace", "api_key").first()
