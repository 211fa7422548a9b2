"""Counts as columns of another query."""

from django.db.models import IntegerField, Subquery


class CountOf(Subquery):
    """The number of rows of a query. Cut it first (`rows[:100]`), so that counting is bounded."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()
