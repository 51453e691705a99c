"""The table of forms, by what kind of value the decoders say a variable has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram.decode import decoder_for
from ovmfgui.nvram.forms import options, scalars, signatures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from ovmfgui.nvram.forms.form import Form

FORMS: Mapping[str, Form] = {**scalars.FORMS, **options.FORMS, **signatures.FORMS}
"""By ``Decoder.kind``."""


def form_for(guid: UUID, name: str) -> Form | None:
    """The form for a variable's value; None where it is edited as bytes."""
    decoder = decoder_for(guid, name)
    return FORMS.get(decoder.kind) if decoder is not None else None
