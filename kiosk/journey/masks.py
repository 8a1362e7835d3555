"""Values as others may see them over a shoulder (GB/T 35273: mask on display)."""

from __future__ import annotations

from kiosk.domain.dictionary import FieldKind
from kiosk.domain.form import FormField
from standards.masking import mask_id, mask_mobile


def masked(field: FormField) -> str:
    """Return the field's words with numbers of persons and accounts hidden in their middle."""
    if not field.value:
        return ""
    if field.kind is FieldKind.ID_NUMBER or field.key.endswith(".id_no"):
        return mask_id(field.value)
    if field.kind is FieldKind.MOBILE or field.key.endswith(".mobile"):
        return mask_mobile(field.value)
    if field.kind is FieldKind.ACCOUNT:
        return field.masked or hidden(field.value)
    if field.spec.sensitive and field.kind is FieldKind.TEXT:
        return hidden(field.value)
    return field.shown


def hidden(number: str) -> str:
    """Return a number with all but its last four characters hidden."""
    return f"{'*' * (len(number) - 4)}{number[-4:]}" if len(number) > 4 else "*" * len(number)
