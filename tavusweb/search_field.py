"""Columns that are searched: what other columns hold, folded by `text_policy`, so that both databases find the same."""

from typing import Any, TypeVar

from django.db import models

from tavusweb.text_policy import fold

Row = TypeVar("Row", bound=models.Model)


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The text of the column `source`, folded. `save`, `bulk_create` and `FoldingQuerySet.update` keep it up to date."""

    def __init__(self, source: str, **kwargs: Any) -> None:
        self.source = source
        options: dict[str, Any] = {"blank": True, "default": "", "editable": False} | kwargs
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.source, *args], kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = fold(str(getattr(model_instance, self.source)))
        setattr(model_instance, self.attname, text)
        return text


class FoldingQuerySet(models.QuerySet[Row]):
    def update(self, **changes: Any) -> int:
        fields = [each for each in self.model._meta.concrete_fields if isinstance(each, FoldedField)]
        also = {each.attname: fold(str(changes[each.source])) for each in fields if each.source in changes}
        return super().update(**changes, **also)
