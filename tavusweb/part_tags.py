"""`{% load parts %}`: parts of templates that are rendered once for everything they show."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token

from .kept_parts import TOKEN, as_key, kept_this_minute

register = template.Library()


class Kept(template.Node):
    def __init__(self, name: str, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.name, self.values, self.nodelist = name, values, nodelist

    def render(self, context: Any) -> str:
        is_fresh, *values = (value.resolve(context) for value in self.values)

        def draw() -> str:
            with context.push(csrf_token=TOKEN):
                return str(self.nodelist.render(context))

        key = None if is_fresh else (self.name, tuple(as_key(value) for value in values))
        return kept_this_minute(context["request"], key, draw)


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Keep what is inside for a minute: `{% kept name fresh value… %}…{% endkept %}`.

    The values are everything that it shows and that can differ; where `fresh` is true, it is not kept.
    """
    _, name, *values = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(name, [parser.compile_filter(value) for value in values], nodelist)
