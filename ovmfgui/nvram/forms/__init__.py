"""Values as forms: what is decoded can be edited decoded, and comes back byte for byte."""

from ovmfgui.nvram.forms.form import Form, Mistake, Part, Sort, changed, filled
from ovmfgui.nvram.forms.table import FORMS, form_for

__all__ = ["FORMS", "Form", "Mistake", "Part", "Sort", "changed", "filled", "form_for"]
