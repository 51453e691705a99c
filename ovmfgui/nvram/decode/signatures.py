"""Secure Boot's key databases and shim's lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.fields import fields_of
from ovmfgui.guid import guid_name
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.certificate import read_certificate
from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Undecodable, Value, named
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.signature_list import (
    OWNER_SIZE,
    X509,
    EfiSignatureList,
    Signature,
    SignatureList,
    parse_signature_lists,
)

if TYPE_CHECKING:
    from ovmfgui.fields import Field
    from ovmfgui.finding import Finding

# Signatures listed one by one as fields; a dbx has some hundreds of hashes.
_LISTED = 2000


def _owner(signature: Signature) -> str:
    return guid_name(signature.owner) or str(signature.owner)


def _described(kind: SignatureList, signature: Signature) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": kind.type_name, "owner": str(signature.owner)}
    certificate = read_certificate(signature.data) if kind.type == X509 else None
    if certificate is None:
        return entry | {"data": signature.data.hex()}
    return entry | {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
        "sha256": certificate.sha256,
        "authority": certificate.authority,
        "genuine": not certificate.only_by_subject,
    }


def _text(entry: dict[str, Any]) -> str:
    if "subject" not in entry:
        return str(entry["data"])
    return visible_name(
        f"{entry['subject']}, issued by {entry['issuer']}, valid {entry['not_before']} to "
        f"{entry['not_after']}, SHA-256 {entry['sha256']}"
    )


def _list_fields(value: Value, each: SignatureList, entries: list[dict[str, Any]]) -> list[Field]:
    header = EfiSignatureList.read(value.data, each.span.start)
    fields: list[Field] = []
    if header is not None:
        fields.extend(
            fields_of(
                header,
                value.start + each.span.start,
                SignatureType=each.type_name,
            )
        )
    for signature, entry in zip(each.signatures, entries, strict=True):
        start = signature.span.start
        owner = _owner(signature)
        fields.append(value.field("SignatureOwner", start, OWNER_SIZE, signature.owner, owner))
        data_start = start + OWNER_SIZE
        fields.append(value.field(each.type_name, data_start, len(signature.data), _text(entry)))
    return fields


def _summary(entries: list[dict[str, Any]]) -> str:
    """Certificates by name, everything else counted by type."""
    names = [visible_name(entry["subject"]) for entry in entries if "subject" in entry]
    counts: dict[str, int] = {}
    for entry in entries:
        if "subject" not in entry:
            counts[entry["type"]] = counts.get(entry["type"], 0) + 1
    parts = names[:6]
    if len(names) > 6:
        parts.append(f"{len(names) - 6} more certificates")
    parts.extend(f"{count} × {name}" for name, count in counts.items())
    return ", ".join(parts) or "empty"


def _signature_lists(value: Value) -> Decoded:
    lists = parse_signature_lists(value.data)
    if lists.problem is not None and not lists.lists:
        raise Undecodable(f"no signature list: {lists.problem}")
    entries: list[dict[str, Any]] = []
    fields: list[Field] = []
    findings: list[Finding] = []
    for each in lists.lists:
        described = [_described(each, signature) for signature in each.signatures]
        if len(fields) < _LISTED:
            fields.extend(_list_fields(value, each, described))
        entries.extend(described)
        findings.extend(
            value.finding(
                "certificate",
                f"{value.name} has an X.509 entry that is no DER certificate.",
                signature.span.start,
                signature.span.size,
            )
            for signature, entry in zip(each.signatures, described, strict=True)
            if each.type == X509 and "subject" not in entry
        )
        findings.extend(
            value.finding(
                "certificate-subject",
                f"{value.name}: {visible_name(entry['subject'])} bears the name of a certificate "
                "of Microsoft's and has another fingerprint than that: find out who put it there.",
                signature.span.start,
                signature.span.size,
            )
            for signature, entry in zip(each.signatures, described, strict=True)
            if not entry.get("genuine", True)
        )
    if lists.problem is not None:
        text = f"{value.name}: the signature lists are damaged {lists.problem}."
        findings.append(value.finding("signature-list", text, lists.size))
    return Decoded(_summary(entries), tuple(fields), entries, tuple(findings))


_KEYS_HELP = "Who may change db and dbx."

DECODERS = (
    Decoder(
        "keys", named(vendors.GLOBAL, "PK"), _signature_lists, "The platform's owner: one key."
    ),
    Decoder("keys", named(vendors.GLOBAL, "KEK"), _signature_lists, _KEYS_HELP),
    Decoder(
        "keys",
        named(vendors.IMAGE_SECURITY, "db", "dbt", "dbr"),
        _signature_lists,
        "Certificates and hashes of what may be started.",
    ),
    Decoder(
        "keys",
        named(vendors.IMAGE_SECURITY, "dbx"),
        _signature_lists,
        "Certificates and hashes of what may not be started, whoever signed it.",
    ),
    Decoder(
        "keys",
        named(vendors.GLOBAL, "PKDefault", "KEKDefault", "dbDefault", "dbxDefault", "dbtDefault"),
        _signature_lists,
        "The keys that firmware setup restores.",
    ),
    Decoder(
        "keys",
        named(vendors.TLS_CA, "TlsCaCertificate"),
        _signature_lists,
        "Certificates that HTTPS boot trusts.",
    ),
    Decoder(
        "keys",
        named(
            vendors.SHIM,
            "MokList",
            "MokListRT",
            "MokListX",
            "MokListXRT",
            "MokNew",
            "MokDel",
            "MokXNew",
            "MokXDel",
        ),
        _signature_lists,
        "Keys of the machine's owner, which shim trusts or distrusts.",
    ),
)
