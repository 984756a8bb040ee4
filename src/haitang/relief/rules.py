"""What a contact may say."""

from django.utils.translation import gettext_lazy as _

from haitang.core.refusal import Invalid
from haitang.relief.models import ContactSource


def check_source(source: str) -> None:
    if source not in ContactSource.values:
        raise Invalid({"source": _("Say how you heard from them: at the door, by phone or by message.")})
