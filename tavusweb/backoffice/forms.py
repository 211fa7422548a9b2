from django import forms

from tavusweb.audit.models import INSTANCE, AuditChain
from tavusweb.audit.search import SearchForm


class ChainField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, chain: AuditChain) -> str:
        return chain.title


class AnyTrailForm(SearchForm):
    """The search in a trail, and in whose: the instance's own unless another is chosen."""

    chain = ChainField(
        AuditChain.objects.exclude(name=INSTANCE).select_related("workspace").order_by("name"),
        label="Trail of",
        required=False,
        empty_label="This instance: signing in, accounts, the back-office",
    )

    def query(self) -> dict[str, str]:
        chain = self.wanted.get("chain")
        return super().query() | ({"chain": str(chain.pk)} if chain else {})
