"""Common parts of the API under /sandbox/v2/: check the key, then the method and query, then respond."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from tavusweb.sandbox import responses
from tavusweb.sandbox.callers import Caller
from tavusweb.sandbox.responses import Answer, Refused, invalid


def endpoint(**by_method: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Make a view that checks the key and calls the function for the method. Every response is JSON."""

    @csrf_exempt
    @never_cache
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            caller = Caller.of(request)
            answer_to = by_method.get(request.method or "")
            if not answer_to:
                raise Refused(Answer(405, responses.METHOD_NOT_ALLOWED, {"Allow": ", ".join(by_method)}))
            return JsonResponse(answer_to(request, caller, **path))
        except Refused as refused:
            return refused.answer.response()

    return view


@csrf_exempt
@never_cache
def not_found(request: HttpRequest) -> HttpResponse:
    try:
        Caller.of(request)
    except Refused as refused:
        return refused.answer.response()
    return responses.NOT_FOUND.response()


def page(
    request: HttpRequest,
    rows: Sequence[Any] | QuerySet[Any],
    write: Callable[[Any], dict[str, Any]],
    *,
    first: int,
    zero_repeats: bool = False,
) -> dict[str, Any]:
    """Return the requested page; `first` is the number of the first page; page 0 repeats it or is refused."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    limit = min(_count(request, "limit", responses.DEFAULT_LIMIT, least=1), responses.MAX_LIMIT)
    number = _count(request, "page", first, least=0 if zero_repeats else first)
    start = max(0, number - first) * limit
    return {"data": [write(row) for row in rows[start : start + limit]], "total_count": total}


def _count(request: HttpRequest, name: str, default: int, *, least: int) -> int:
    text = request.GET.get(name, "") or str(default)
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", text) or int(text) < least:
        raise invalid(f"Invalid {name}")
    return int(text)


def is_true(request: HttpRequest, name: str) -> bool:
    return request.GET.get(name, "").lower() in {"true", "1"}
