from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.deletion import CASCADE, Collector, ProtectedError
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..permissions import Permission, Role, can
from .workspace import Workspace


class LastOwner(Exception):
    """The last owner of a workspace cannot leave, be removed or be demoted."""

    def __init__(self) -> None:
        super().__init__(_("A workspace needs an owner. Make someone else an owner first."))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def owners(self) -> "MembershipQuerySet":
        """Memberships that count as owners: those of deactivated accounts do not."""
        return self.filter(role=Role.OWNER, user__is_active=True)

    def by_name(self) -> "MembershipQuerySet":
        """Order by display name, ignoring case: the name, or the address of a person without one."""
        shown = Coalesce(NullIf("user__name", models.Value("")), "user__email")
        return self.order_by(Lower(shown), "pk")


def without_whom_no_owner(memberships: models.QuerySet["Membership"]) -> list["Membership"]:
    """The ownerships among these whose workspace would have no owner without all of them.

    Inside a transaction the workspaces stay locked, so that no other owner leaves until it ends.
    """
    owners = memberships.filter(role=Role.OWNER).order_by("workspace_id").select_related("user", "workspace")
    workspace_pks = owners.values_list("workspace_id", flat=True)
    if transaction.get_connection().in_atomic_block:
        list(Workspace.objects.select_for_update(no_key=True).filter(pk__in=list(workspace_pks)).order_by("pk"))
    leaving = list(owners)
    staying = (
        Membership.objects.owners().filter(workspace__in=workspace_pks).exclude(pk__in=[each.pk for each in leaving])
    )
    owned = set(staying.values_list("workspace_id", flat=True))
    return [each for each in leaving if each.workspace_id not in owned]


def unless_last_owner(collector: Collector, field: Any, memberships: Any, using: str) -> None:
    """Delete a person's memberships with the account, unless a workspace would be left without an owner."""
    if last := without_whom_no_owner(memberships.all()):
        raise ProtectedError(str(LastOwner()), set(last))
    CASCADE(collector, field, memberships, using)


class Membership(models.Model):
    """A person's role in a workspace. Change it by the methods below, which keep the workspace an owner."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, unless_last_owner, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_user")]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace} ({self.role})"

    def can(self, permission: Permission) -> bool:
        return can(self.role, permission)

    @property
    def is_last_owner(self) -> bool:
        others = Membership.objects.owners().filter(workspace=self.workspace_id).exclude(pk=self.pk)
        return self.role == Role.OWNER and not others.exists()

    def hold_workspace(self) -> None:
        """Lock all roles of the workspace until the transaction ends. Call it before locking any membership."""
        Workspace.objects.select_for_update(no_key=True).get(pk=self.workspace_id)

    def spare_last_owner(self) -> None:
        """Raise LastOwner if this is the last one. All roles stay locked until the transaction ends."""
        self.hold_workspace()
        if self.is_last_owner:
            raise LastOwner

    def change_role(self, role: str) -> bool:
        """Change the role; False when another request changed or ended it first. Raises LastOwner."""
        with transaction.atomic():
            if role == Role.OWNER:
                self.hold_workspace()
            else:
                self.spare_last_owner()
            return bool(Membership.objects.filter(pk=self.pk, role=self.role).update(role=role))

    def leave(self) -> bool:
        """End the membership; False when another request changed or ended it first. Raises LastOwner."""
        with transaction.atomic():
            self.spare_last_owner()
            return bool(Membership.objects.filter(pk=self.pk, role=self.role).delete()[0])

    def remove(self) -> bool:
        """End the membership so that only a new invitation brings the person back; otherwise as `leave`."""
        with transaction.atomic():
            if ended := self.leave():
                self.workspace.kept_out.add(self.user_id)
        return ended

    def hand_over(self, to: "Membership") -> bool:
        """Make `to` an owner and this owner an admin, or neither."""
        with transaction.atomic():
            self.hold_workspace()
            done = to.change_role(Role.OWNER) and self.change_role(Role.ADMIN)
            transaction.set_rollback(not done)
        return done
