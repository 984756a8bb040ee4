"""When keys can't be had."""

from django.utils.translation import gettext_lazy as _

from haitang.core.refusal import Refused


class MasterKeyMissing(Refused):
    code = "master_key_missing"
    status = 503
    message = _(
        "The master key that opens these names is not here. Whoever runs the server puts it back: "
        "HAITANG_MASTER_KEYS, or master-keys in the data folder."
    )
