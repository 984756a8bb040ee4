"""Each page's declared policy: which act it needs, and on which area; the wall before every view."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from haitang.core import reach
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere, is_clash

PAUSES = (0.05, 0.2)  # seconds before the second and the third try


class Request(HttpRequest):
    """A request that carries who acts and whether htmx asks for a fragment."""

    actor: Actor
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Policy:
    """`act` None: anyone signed in. `of` turns the route's id into the path of its area; with `or_above` a right
    below that area is enough to look."""

    act: Act | None
    of: Callable[[UUID], str] | None
    methods: tuple[str, ...]
    or_above: bool = False

    def check(self, by: Actor, subject: UUID | None) -> None:
        if self.act is None:
            return
        if self.of is None or subject is None:
            if not by.holds(self.act):
                raise NotHere
            return
        check = by.check_near if self.or_above else by.check
        check(self.act, self.of(subject))


def _answer(view: Callable[..., HttpResponse], request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
    """What the view says. An act that met another at a lock was undone whole, so it is tried again."""
    for pause in PAUSES:
        try:
            return view(request, *args, **kwargs)
        except OperationalError as fault:
            if not is_clash(fault):
                raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 -- so that two don't meet again
    return view(request, *args, **kwargs)


def as_whole_page(request: HttpRequest, answer: HttpResponseRedirect) -> HttpResponse:
    """A redirect to another page, such that htmx opens that page instead of putting it inside this one."""
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(answer.url) if is_fragment else answer


type_of_view = Callable[..., HttpResponse]


def page(
    act: Act | None,
    *,
    of: Callable[[UUID], str] | None = None,
    methods: tuple[str, ...] = ("GET",),
    or_above: bool = False,
) -> Callable[[Callable[Concatenate[Request, ...], HttpResponse]], type_of_view]:
    """Declare a view's policy and enforce it: sign-in first, then the method, then the right on its area."""
    policy = Policy(act, of, methods, or_above)

    def declare(view: Callable[Concatenate[Request, ...], HttpResponse]) -> type_of_view:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.user_id is None:
                return as_whole_page(request, redirect_to_login(request.get_full_path()))
            if request.method not in policy.methods:
                return HttpResponseNotAllowed(policy.methods)
            with reach.of(request.actor):
                policy.check(request.actor, next(iter(kwargs.values()), None))
                return _answer(view, request, *args, **kwargs)

        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded

    return declare
