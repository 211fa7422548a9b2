"""Search columns: other columns' text, folded by `text_policy`, so that both databases find the same."""

from typing import Any, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from tavusweb.text_policy import ACCENTS, IGNORABLE, SAME, fold

Row = TypeVar("Row", bound=models.Model)


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The folded text of the column `source`, maintained by `save`, `bulk_create` and `FoldingQuerySet.update`."""

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


class Folded(models.Func):
    """A column without a folded counterpart, folded while reading, for searches that may read every row."""

    output_field = models.TextField()
    function = "tavusweb_fold"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Come as close to `fold` as PostgreSQL can: its lower case of ß is ß."""
        singles = {ord("ς"): "σ"} | {key: value for key, value in SAME.items() if len(value) == 1}
        pairs = {chr(key): value for key, value in SAME.items() if len(value) == 2} | {"ß": "ss"}
        sql = f"regexp_replace(normalize(%(expressions)s, NFKD), '[{ACCENTS}{IGNORABLE}]', '', 'g')"
        sql = f"""translate(lower({sql} COLLATE "und-x-icu"), %%s, %%s)"""
        for _ in pairs:
            sql = f"replace({sql}, %%s, %%s)"
        sql, given = self.as_sql(compiler, connection, template=f"normalize({sql}, NFC)", **context)
        return sql, [*given, "".join(map(chr, singles)), "".join(singles.values()), *sum(pairs.items(), ())]


@receiver(connection_created)
def teach_sqlite(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(Folded.function, 1, _fold, deterministic=True)


def _fold(value: object) -> str | None:
    return None if value is None else fold(str(value))
