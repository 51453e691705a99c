"""Private authenticated variables: bound to whoever signed them first, whom certdb names."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ovmfgui.nvram.authenticated import certdb_record
from ovmfgui.nvram.certdb import parse_certdb
from ovmfgui.trust.certificate_chain import chain_of

if TYPE_CHECKING:
    from uuid import UUID

    from cryptography.x509 import Certificate

    from ovmfgui.nvram.store import Store
    from ovmfgui.trust.pkcs7 import SignedData


def private_problem(store: Store, key: tuple[UUID, str], message: SignedData) -> str | None:
    """Why firmware refuses an update that holds by itself; None where it takes it.

    A new variable takes anybody's; of one that is there the signer has to be the same.
    """
    leaf = message.signers[0].certificate
    if key not in store.by_key or leaf is None:
        return None
    record = certdb_record(store)
    nodes = () if record is None else parse_certdb(record.data)[0]
    bound = next((node.digest for node in nodes if (node.guid, node.name) == key), None)
    if bound is None:
        return "certdb does not know who may sign it"
    if bound == signer_digest(leaf, list(chain_of(leaf, message.certificates))[-1], message.digest):
        return None
    return "certdb binds it to another signer"


def signer_digest(leaf: Certificate, top: Certificate, digest: str) -> bytes:
    """What certdb keeps of a signer (CalculatePrivAuthVarSignChainSHADigest, AuthService.c).

    The digest of the signer's common name, without a NUL, and of the tbsCertificate at the top.
    """
    from cryptography.x509 import NameOID

    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else ""
    return hashlib.new(digest, name.encode() + top.tbs_certificate_bytes).digest()
