"""The public's addresses: no sign-in, nothing about persons."""

from django.urls import path

from haitang.porch import heads, orders

app_name = "porch"
urlpatterns = [path("", orders.in_force, name="orders"), path("heads.txt", heads.all_heads, name="heads")]
