"""The admin's search, which finds words however they are written, as every other search does."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from tavusweb.search_field import Folded, FoldedField
from tavusweb.text_policy import search_words

EXACT = "="  # as Django marks a column whose whole value has to be typed


class FoldedSearch:
    """Look for each word in `search_fields`: in the folded column where there is one, else in what the database folds."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        fields = self.get_search_fields(request)  # type: ignore[attr-defined]
        words = search_words(search_term.replace('"', " "))
        if not fields or not words:
            return queryset if words or not search_term.strip() else queryset.none(), False
        aliases: dict[str, Folded] = {}
        looked_up = [_lookup(queryset.model, field, aliases) for field in fields]
        found = (reduce(or_, (Q(**{lookup: word}) for lookup in looked_up)) for word in words)
        return queryset.alias(**aliases).filter(reduce(and_, found)), False


def _lookup(model: type[models.Model], name: str, aliases: dict[str, Folded]) -> str:
    """The lookup of one search field; a column that has to be folded for it is put into `aliases`."""
    path = name.lstrip(EXACT)
    field = get_fields_from_path(model, path)[-1]
    if name.startswith(EXACT) or not isinstance(field, models.CharField | models.TextField):
        return f"{path}__iexact"
    siblings = field.model._meta.concrete_fields
    folded = [each for each in siblings if isinstance(each, FoldedField) and each.source == field.name]
    if folded:
        start = path.rpartition(LOOKUP_SEP)[0]
        return LOOKUP_SEP.join([*filter(None, [start]), folded[0].name, "contains"])
    alias = f"folded_{len(aliases)}"
    aliases[alias] = Folded(path)
    return f"{alias}__contains"
