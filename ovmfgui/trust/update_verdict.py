"""Would firmware take this signed update? Its signature, its time, and who may sign for whom.

The rules are those of edk2's AuthVariableLib (SecurityPkg, AuthService.c: ProcessVarWithPk,
ProcessVarWithKek, ProcessVariable, VerifyTimeBasedPayload).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.nvram import timestamp as times
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.der import MoreThanReadError
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signature_list import X509, parse_signature_lists
from ovmfgui.nvram.signed_update import read_signed_update, signature_of
from ovmfgui.trust.certificate_chain import chain_of, der_of, leads_to, loaded
from ovmfgui.trust.databases import NAMES
from ovmfgui.trust.pkcs7 import SignedData, read_signed_data, signature_problem
from ovmfgui.trust.private_variable import private_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from cryptography.x509 import Certificate

    from ovmfgui.nvram.store import Store

_APPEND = int(Attributes.APPEND)
_PK, _KEK = (NAMES["PK"], "PK"), (NAMES["KEK"], "KEK")
_BY_KEK = frozenset((vendors.IMAGE_SECURITY, name) for name in ("db", "dbx", "dbt"))


@dataclass(frozen=True, slots=True)
class UpdateVerdict:
    """What firmware does with a signed update.

    Attributes:
        variable: its name.
        signer: subject of who signed; None where that cannot be read.
        trusted: what vouches for the signer ("PK", "KEK: Own KEK"); None where nothing does, or
            nothing has to.
        why: what was looked at, in a sentence without its full stop.
        problems: why firmware refuses it, each in a sentence without its full stop; empty where it
            takes it.
        known: whether that is all known; else ``problems`` tells what was not read.
    """

    variable: str
    signer: str | None
    trusted: str | None
    why: str
    problems: tuple[str, ...]
    known: bool = True

    @property
    def accepted(self) -> bool:
        """Whether firmware takes it."""
        return not self.problems

    @property
    def sentence(self) -> str:
        """The answer with its reason."""
        if self.accepted:
            return f"firmware takes this update of {self.variable}: {self.why}"
        problems = "; ".join(self.problems)
        if not self.known:
            return f"whether firmware takes this update of {self.variable} is not known: {problems}"
        return f"firmware refuses this update of {self.variable}: {problems}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked at: the update, taken apart, and the variable that it is for."""

    store: Store
    key: tuple[UUID, str]
    attributes: int
    appending: bool
    time: bytes
    payload: bytes
    message: SignedData

    def content(self, attributes: int) -> bytes:
        """What an update with these attributes signs."""
        name = self.key[1].encode("utf-16-le", "surrogatepass")
        head = name + self.key[0].bytes_le + attributes.to_bytes(4, "little")
        return head + self.time + self.payload


def update_verdict(
    store: Store, key: tuple[UUID, str], attributes: int, update: bytes, *, appending: bool
) -> UpdateVerdict:
    """What firmware does with a signed update of a variable.

    Args:
        store: as it is before the update.
        key: GUID and name of the variable.
        attributes: that it has, or is to have, without APPEND_WRITE.
        update: EFI_VARIABLE_AUTHENTICATION_2 and the value behind it.
        appending: whether it is appended, or else takes the place of what is there.

    Raises:
        ValueError: it is no signed update.
    """
    parts = read_signed_update(update)
    if parts is None:
        msg = "no signed update"
        raise ValueError(msg)
    name = visible_name(key[1])
    unchecked = _why_unchecked(store, key)
    if unchecked is not None:
        return UpdateVerdict(name, None, None, unchecked, ())
    late = _time_problem(store, key, parts.timestamp, appending=appending)
    try:
        message = read_signed_data(signature_of(update))
    except ValueError as problem:
        broken = f"its PKCS#7 signature cannot be read ({problem})"
        # One that comes too late is refused, whatever its signature is.
        known = bool(late) or not isinstance(problem, MoreThanReadError)
        return UpdateVerdict(name, None, None, "", (*late, broken), known)
    whole = attributes | _APPEND if appending else attributes
    asked = _Asked(store, key, whole, appending, parts.timestamp, parts.payload, message)
    trusted, problems = _trusted(asked)
    signer = _signer_name(message)
    why = f"signed by {signer}" + ("" if trusted is None else f", which {trusted} vouches for")
    return UpdateVerdict(name, signer, trusted, why, (*late, *problems))


def _why_unchecked(store: Store, key: tuple[UUID, str]) -> str | None:
    """Why firmware takes it without a look at the signature; None where it looks.

    What CustomMode says in the store counts for nothing: firmware puts it back at every start
    (AuthVariableLibInitialize; booted).
    """
    if (key == _KEK or key in _BY_KEK) and _PK not in store.by_key:
        return "the machine is in setup mode (no PK), in which no signature is checked"
    return None


def _time_problem(
    store: Store, key: tuple[UUID, str], time: bytes, *, appending: bool
) -> tuple[str, ...]:
    """An update that takes the place of what is there has to be newer than it."""
    current = store.by_key.get(key)
    if appending or current is None or current.timestamp is None:
        return ()
    if times.is_earlier(current.timestamp, time):
        return ()
    return (
        f"its time {times.text(time) or 'of zero'} is not later than the variable's own "
        f"{times.text(current.timestamp) or 'of zero'}",
    )


def _signer_name(message: SignedData) -> str:
    from ovmfgui.nvram.decode.certificate import read_certificate

    certificate = message.signers[0].certificate if message.signers else None
    if certificate is None:
        return "nobody whose certificate is in it"
    read = read_certificate(der_of(certificate))
    return certificate.subject.rfc4514_string() if read is None else read.subject


def _trusted(asked: _Asked) -> tuple[str | None, tuple[str, ...]]:
    """What vouches for the signer, and why firmware refuses the update."""
    message = asked.message
    # Both were booted: Debian 12's edk2 2022.11 refuses them, FindHashAlgorithmIndex of later ones
    # takes them.
    if message.digest != "SHA256":
        return None, (f"its digest is {message.digest}; only newer edk2 takes more than SHA-256",)
    if message.wrapped:
        return None, ("a ContentInfo is around its SignedData, which only newer edk2 takes",)
    if not message.signers:
        return None, ("nobody signed it",)
    content = asked.content(asked.attributes)
    for signer in message.signers:
        if (problem := signature_problem(signer, content)) is not None:
            return None, (
                _with_other_attributes(asked) or f"the signature does not hold: {problem}",
            )
    return _vouched(asked)


def _with_other_attributes(asked: _Asked) -> str | None:
    """Whether it is signed for the other way of writing: appending, or taking the place."""
    content = asked.content(asked.attributes ^ _APPEND)
    if any(signature_problem(signer, content) is not None for signer in asked.message.signers):
        return None
    if asked.appending:
        return "it is signed to take the place of what is there, not to be appended"
    return "it is signed to be appended, not to take the place of what is there"


def _vouched(asked: _Asked) -> tuple[str | None, tuple[str, ...]]:
    if asked.key == _PK and _PK not in asked.store.by_key:
        return _by_itself(asked)
    if asked.key not in (_PK, _KEK) and asked.key not in _BY_KEK:
        problem = private_problem(asked.store, asked.key, asked.message)
        return None, () if problem is None else (problem,)
    top = _top(asked.message)
    pk = _listed(asked.store, _PK)
    if top is not None and pk and der_of(top) == pk[0]:
        return "PK", ()
    if asked.key in _BY_KEK:
        for trusted in _certificates(_listed(asked.store, _KEK)):
            if _all_lead_to(asked.message, trusted):
                return f"{_subject(trusted)} in KEK", ()
        return None, (f"neither PK nor anything in KEK vouches for {_signer_name(asked.message)}",)
    return None, (f"PK does not vouch for {_signer_name(asked.message)}",)


def _by_itself(asked: _Asked) -> tuple[str | None, tuple[str, ...]]:
    """In setup mode a PK has to be signed by the key that it brings."""
    ders = _of_lists(asked.payload)
    for certificate in _certificates(ders[:1]):
        if _all_lead_to(asked.message, certificate):
            return "the PK that it brings", ()
    return None, ("a first PK has to be signed with its own key, and this one is not",)


def _top(message: SignedData) -> Certificate | None:
    """The top of the signer's chain as far as it came along (Pkcs7GetSigners)."""
    leaf = message.signers[0].certificate
    return None if leaf is None else list(chain_of(leaf, message.certificates))[-1]


def _all_lead_to(message: SignedData, trusted: Certificate) -> bool:
    return all(
        each.certificate is not None and leads_to(each.certificate, message.certificates, trusted)
        for each in message.signers
    )


def _listed(store: Store, key: tuple[UUID, str]) -> list[bytes]:
    record = store.by_key.get(key)
    return [] if record is None else _of_lists(record.data)


def _of_lists(data: bytes) -> list[bytes]:
    lists = parse_signature_lists(data).lists
    return [each.data for one in lists if one.type == X509 for each in one.signatures]


def _certificates(ders: list[bytes]) -> Iterator[Certificate]:
    return (certificate for der in ders if (certificate := loaded(der)) is not None)


def _subject(certificate: Certificate) -> str:
    from ovmfgui.nvram.decode.certificate import read_certificate

    read = read_certificate(der_of(certificate))
    return certificate.subject.rfc4514_string() if read is None else read.subject
