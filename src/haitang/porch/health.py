"""Whether this server answers: the page that everything else is measured against."""

from django.http import HttpRequest, HttpResponse


def alive(request: HttpRequest) -> HttpResponse:
    """200 and one word, without touching the database."""
    return HttpResponse("ok", content_type="text/plain")
