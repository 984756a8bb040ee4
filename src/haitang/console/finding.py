"""Find somebody or a door within one's own areas."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from haitang.console.policy import Request, page
from haitang.core.actor import Act
from haitang.registry import services

LONGEST = 40


@page(Act.READ_HOUSEHOLD, methods=("GET", "POST"))
def find(request: Request) -> HttpResponse:
    # What is typed may be a name: it goes into no address, and so into no log and no history.
    text = request.POST.get("q", "").strip()[:LONGEST]
    found = services.find_people(text, by=request.actor, now=timezone.now()) if text else None
    return render(request, "registry/find.html", {"text": text, "found": found})


routes = [path("find/", find, name="find")]
