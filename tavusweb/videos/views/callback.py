"""Receive Tavus's callbacks. They are hints, not facts: one only makes the video due for a poll."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tavusweb.upload_limits import CALLBACK_MAX_BYTES

from ..models import Video


@csrf_exempt
@require_POST
def tavus_callback(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer 204 whatever the body is and whether or not the secret is known; 413 above 64 KB.

    Nothing in the body is trusted. It is read only so that the connection can be used again.
    """
    try:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return HttpResponse(status=400)
    if size > CALLBACK_MAX_BYTES:
        return HttpResponse(status=413)
    request.read()
    Video.objects.filter(callback_secret=secret).make_due()
    return HttpResponse(status=204)
