"""Sizes of signatures, from what they hold: a digest, or a digest and when it was revoked."""

import hashlib
from uuid import UUID

import pytest
from stores import VENDOR, pristine, store_of

from ovmfgui.nvram import vendors
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import (
    SIGNATURE_TYPES,
    X509,
    build_signature_list,
    parse_signature_lists,
    signature_size_problem,
)
from ovmfgui.refusal import Refused

# EFI_TIME TimeOfRevocation (UEFI specification, EFI_CERT_X509_SHA256).
TIME = 16
DIGESTS = {
    "826ca512-cf10-4ac9-b187-be01496631bd": "sha1",
    "0b6e5233-a65c-44c9-9407-d9ab83bfc8bd": "sha224",
    "c1c41626-504c-4092-aca9-41f936934328": "sha256",
    "ff3e5307-9fd0-48c9-85f1-8ad56c701e01": "sha384",
    "093e0fae-a6c4-4f50-9f1b-d41e2b89c19a": "sha512",
    "57347f87-7a9b-403a-b93c-dc4afb7a0ebc": "sm3",
}
REVOKED = {
    "3bd2a492-96c0-4079-b420-fcf98ef103ed": "sha256",
    "7076876e-80c2-4ee6-aad2-28b349a6865b": "sha384",
    "446dbf63-2502-4cda-bcfa-2465d2b0fe9d": "sha512",
    "60d807e5-10b4-49a9-9331-e40437888d37": "sm3",
}
# RSA-2048 keys and signatures are 2048 bits; external management has one byte (32.4.1).
OTHERS = {
    "3c5766e8-269c-4e34-aa14-ed776e85b3b6": 256,
    "e2b36190-879b-4a3d-ad8d-f2e7bba32784": 256,
    "67f8444f-8743-48f1-a328-1eaab8736080": 256,
    "452e8ced-dfff-4b8c-ae01-5118862e682c": 1,
}


def digest_size(name):
    # GB/T 32905 gives SM3 256 bits; not every OpenSSL is built with it.
    return 32 if name == "sm3" else hashlib.new(name).digest_size


SIZES = (
    {guid: digest_size(name) for guid, name in DIGESTS.items()}
    | {guid: digest_size(name) + TIME for guid, name in REVOKED.items()}
    | OTHERS
)


def test_every_type_of_a_fixed_size_is_tried():
    fixed = {str(guid) for guid, kind in SIGNATURE_TYPES.items() if kind.size is not None}
    assert fixed == set(SIZES)


@pytest.mark.parametrize(("guid", "size"), SIZES.items())
def test_firmware_takes_a_signature_of_its_types_size_and_no_other(guid, size):
    def set_db(length):
        lists = build_signature_list(UUID(guid), [(VENDOR, bytes(length))])
        edit = Editor(pristine()).set_variable("db", vendors.IMAGE_SECURITY, lists, 0x27)
        return read_store(edit.after).find("db").data == lists

    assert set_db(size)
    for other in (size - 1, size + 1, size + TIME):
        with pytest.raises(Refused, match="a signature of the type"):
            set_db(other)


def test_a_certificate_may_have_any_size_and_an_unknown_type_too():
    for kind in (X509, VENDOR):
        for length in (1, 700):
            lists = build_signature_list(kind, [(VENDOR, bytes(length))])
            assert Editor(store_of()).set_variable("dbx", vendors.IMAGE_SECURITY, lists, 0x27)


def test_a_list_without_signatures_has_no_size_to_be_wrong():
    empty = parse_signature_lists(
        UUID("c1c41626-504c-4092-aca9-41f936934328").bytes_le
        + (28).to_bytes(4, "little")
        + bytes(4)
        + (99).to_bytes(4, "little")
    )
    assert empty.problem is None
    assert signature_size_problem(empty.lists[0]) is None
