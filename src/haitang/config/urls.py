"""Every address: the public door, the staff's, and sign-in."""

from django.urls import include, path
from django.views.i18n import set_language

from haitang.porch import card, health

handler404 = "haitang.config.http.not_found"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("card/", card.show, name="card"),
    path("public/", include("haitang.porch.urls")),
    path("sign-in/", include("haitang.console.signin_urls")),
    path("", include("haitang.console.urls")),
]
