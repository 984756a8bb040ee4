"""The heads of all the journal's chains, for whoever keeps a copy: later nobody can rewrite what came before."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from haitang.core import journal


@require_safe
def all_heads(request: HttpRequest) -> HttpResponse:
    """A line a chain, as the verifying script takes them: CHAIN=HASH and the number of its last row."""
    lines = (f"{head.chain}={head.hash} {head.seq}\n" for head in journal.heads())
    return HttpResponse("".join(lines), content_type="text/plain; charset=utf-8")
