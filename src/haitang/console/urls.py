"""The staff's addresses."""

from haitang.console import (
    accounts,
    exports,
    finding,
    households,
    incidents,
    joining,
    journal,
    ledger,
    operations,
    paper,
    quality,
    registry,
    teams,
    zones,
)

app_name = "console"
urlpatterns = [
    *operations.routes,
    *registry.routes,
    *paper.routes,
    *households.routes,
    *incidents.routes,
    *teams.routes,
    *ledger.routes,
    *joining.routes,
    *quality.routes,
    *exports.routes,
    *finding.routes,
    *accounts.routes,
    *journal.routes,
    *zones.routes,
]
