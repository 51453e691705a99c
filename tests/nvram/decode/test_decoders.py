import json
import struct
from uuid import UUID

import pytest
from debian_firmware import VARS_4M_MS
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import REAL, VENDOR, patched, real_store

from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode import (
    DECODERS,
    Value,
    decode,
    decode_value,
    decoder_for,
    help_for,
)
from ovmfgui.nvram.decode.certificate import read_certificate
from ovmfgui.nvram.decode.network import MASK
from ovmfgui.nvram.decode.options import AUTO_CREATED, build_load_option
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import (
    SHA256,
    X509,
    build_signature_list,
    parse_signature_lists,
)

GLOBAL = vendors.GLOBAL
START = 0x1000
END = bytes.fromhex("7fff0400")


def decoded(name, data, guid=GLOBAL, *, reveal=False):
    return decode_value(Value(data, START, 0, name, guid, reveal))


def utf16(text):
    return text.encode("utf-16-le") + b"\0\0"


PCI_PATH = bytes.fromhex("0101060000017fff0400")


def load_option(description="Debian", path=PCI_PATH, optional=b"", attributes=1):
    return struct.pack("<IH", attributes, len(path)) + utf16(description) + path + optional


SUMMARIES = [
    ("Timeout", GLOBAL, b"\5\0", "5 seconds"),
    ("Timeout", GLOBAL, b"\1\0", "1 second"),
    ("Timeout", GLOBAL, b"\xff\xff", "waits for a key"),
    ("BootNext", GLOBAL, b"\x0a\0", "Boot000A"),
    ("BootOrder", GLOBAL, b"\1\0\x0f\0", "0001, 000F"),
    ("BootOrder", GLOBAL, b"", "empty"),
    ("DriverOrder", GLOBAL, b"\1\0", "0001"),
    ("OsIndications", GLOBAL, b"\1" + bytes(7), "boot to firmware setup"),
    ("OsIndications", GLOBAL, b"\x40\1" + bytes(6), "start platform recovery, 0x100"),
    ("OsIndications", GLOBAL, bytes(8), "none"),
    ("Lang", GLOBAL, b"eng\0", "eng"),
    ("PlatformLang", GLOBAL, b"en\0", "en"),
    ("SecureBootEnable", vendors.SECURE_BOOT_ENABLE, b"\1", "on"),
    ("CustomMode", vendors.CUSTOM_MODE, b"\0", "standard mode"),
    ("VendorKeysNv", vendors.VENDOR_KEYS_NV, b"\1", "only the vendor's keys"),
    ("VarErrorFlag", vendors.VAR_ERROR_FLAG, b"\xef", "a system variable did not fit"),
    ("MTC", vendors.MTC, b"\7\0\0\0", "7 (the machine's starts, more or less)"),
    (
        "MemoryOverwriteRequestControl",
        vendors.MEMORY_OVERWRITE,
        b"\x11",
        "clear memory at the next start, whatever the shutdown was like",
    ),
    ("InitialAttemptOrder", vendors.ISCSI_CONFIG, b"\1\2\3", "1, 2, 3"),
    ("SbatLevel", vendors.SHIM, b"sbat,1,2022052400\ngrub,2\n", "level 2022052400, 2 entries"),
    ("LoaderInfo", vendors.LOADER, utf16("systemd-boot 252"), "systemd-boot 252"),
    ("LoaderEntries", vendors.LOADER, utf16("a") + utf16("b"), "a, b"),
    ("MokSBState", vendors.SHIM, b"\1", "validation is off"),
    (
        "MemoryTypeInformation",
        vendors.MEMORY_TYPE,
        struct.pack("<IIIIII", 9, 8, 10, 4, 0x10, 0),
        "2 types, 48 KiB",
    ),
    ("certdb", vendors.CERT_DB, b"\4\0\0\0", "empty"),
    ("PlatformConfig", vendors.OVMF_PLATFORM, struct.pack("<II", 1280, 800), "1280 × 800"),
    (
        "Tcg2PhysicalPresence",
        vendors.TCG2_PPI,
        struct.pack("<B3xIB3xI", 5, 0, 0, 0),
        "asked: clear TPM; last: nothing",
    ),
    ("Tcg2PhysicalPresenceFlags", vendors.TCG2_PPI, b"\xe2\0\0\7", "0x70000E2"),
    ("Key0000", GLOBAL, struct.pack("<IIHHH", 1 << 30, 0, 0, 0x0C, 0), "F2 starts Boot0000"),
    (
        "Key0001",
        GLOBAL,
        struct.pack("<IIHHH", 1 << 30 | 0x200, 0, 7, 0, ord("b")),
        "Ctrl+b starts Boot0007",
    ),
    ("Boot0001", GLOBAL, load_option(), "Debian: Pci(0x1,0x0)"),
    ("Boot0001", GLOBAL, load_option(attributes=0), "Debian: Pci(0x1,0x0) (inactive)"),
    (
        "BootA00F",
        GLOBAL,
        load_option(optional=AUTO_CREATED.bytes_le),
        "Debian: Pci(0x1,0x0) (made by firmware)",
    ),
    ("Driver0001", GLOBAL, load_option(attributes=3), "Debian: Pci(0x1,0x0) (force reconnect)"),
    ("SysPrep0001", GLOBAL, load_option(path=b""), "Debian: no device path"),
    (
        "ConOut",
        GLOBAL,
        bytes.fromhex("010106000001 7f010400 010106000002") + END,
        "Pci(0x1,0x0), Pci(0x2,0x0)",
    ),
    (
        "525400123456",
        vendors.IP4_CONFIG,
        struct.pack("<HHHHII", 0, 1, 16, 0, 4, 1) + b"\1\0\0\0",
        "IPv4: policy DHCP",
    ),
    ("Whatever", VENDOR, b"hello\0", '"hello"'),
    ("Whatever", VENDOR, utf16("hello"), '"hello"'),
    ("Whatever", VENDOR, b"\0\1\2", "00 01 02"),
    ("Whatever", VENDOR, b"", "empty"),
    ("boot0001", GLOBAL, b"\0\1\2", "00 01 02"),
    ("Boot000g", GLOBAL, b"\0\1\2", "00 01 02"),
]


@pytest.mark.parametrize(("name", "guid", "data", "summary"), SUMMARIES)
def test_summary(name, guid, data, summary):
    result = decoded(name, data, guid)
    assert result.summary == summary
    assert result.findings == ()
    json.dumps(result.value)


NOT_WHAT_THEY_SHOULD_BE = [
    ("Timeout", GLOBAL, b"\5"),
    ("BootNext", GLOBAL, b"\5\0\0"),
    ("BootOrder", GLOBAL, b"\5\0\0"),
    ("OsIndications", GLOBAL, b"\5"),
    ("SecureBootEnable", vendors.SECURE_BOOT_ENABLE, b"\1\1"),
    ("Boot0001", GLOBAL, b"\1"),
    ("Boot0001", GLOBAL, b"\1\0\0\0\0\0A\0B"),
    ("Boot0001", GLOBAL, struct.pack("<IH", 1, 0xFFFF) + utf16("A")),
    ("ConIn", GLOBAL, b"\1"),
    ("Key0000", GLOBAL, b"\1"),
    ("Key0000", GLOBAL, struct.pack("<IIH", 3 << 30, 0, 0)),
    ("db", vendors.IMAGE_SECURITY, b"\0"),
    ("certdb", vendors.CERT_DB, b"\5\0\0\0"),
    ("MemoryTypeInformation", vendors.MEMORY_TYPE, b"\5\0\0\0"),
    ("Attempt 1", vendors.ISCSI_INITIATOR, b"\5\0\0\0"),
    ("525400123456", vendors.IP4_CONFIG, struct.pack("<HH", 0, 17) + bytes(400)),
    ("525400123456", vendors.IP4_CONFIG, struct.pack("<HH", 0, 5)),
    ("525400123456", vendors.IP4_CONFIG, struct.pack("<HHHHII", 0, 1, 16, 0, 400, 1)),
    ("LoaderInfo", vendors.LOADER, b"abc"),
    ("PlatformConfig", vendors.OVMF_PLATFORM, b"abc"),
]


@pytest.mark.parametrize(("name", "guid", "data"), NOT_WHAT_THEY_SHOULD_BE)
def test_a_value_that_is_not_what_its_name_promises_is_plain_data_with_a_finding(name, guid, data):
    result = decoded(name, data, guid)
    (finding,) = result.findings
    assert finding.id == "undecodable"
    assert name in finding.text
    assert result.value == data.hex()


def test_a_damaged_device_path_is_a_finding_and_the_rest_is_shown():
    result = decoded("Boot0001", load_option(path=b"\1\1\2\0\0\0"))
    assert result.summary.startswith("Debian:")
    assert [f.id for f in result.findings] == ["device-path"]


def test_an_entry_that_an_order_names_twice_is_a_finding():
    assert [f.id for f in decoded("BootOrder", b"\1\0\1\0").findings] == ["order-duplicate"]


def test_a_load_option_has_its_parts_with_their_bytes():
    data = load_option(optional=b"quiet")
    fields = {f.name: f for f in decoded("Boot0001", data).fields}
    assert fields["Description"].value == "Debian"
    assert fields["Description"].span.start == START + 6
    assert fields["PCI"].value == "Pci(0x1,0x0)"
    assert fields["Device"].value == 1
    assert data[fields["OptionalData"].span.start - START :] == b"quiet"


def test_a_load_option_is_built_as_it_is_read():
    path = device_path_from_text("HD(1,MBR,0x1,0x2,0x3)/\\EFI\\A.EFI")
    built = build_load_option("Debian ä", path, attributes=3, optional=b"quiet")
    assert built == load_option("Debian ä", path, b"quiet", 3)
    assert decoded("Boot0001", built).value["paths"] == [
        "HD(1,MBR,0x00000001,0x2,0x3)/\\EFI\\A.EFI"
    ]


def test_several_paths_of_one_option_are_all_read():
    path = bytes.fromhex("010106000001") + END
    assert decoded("Boot0001", load_option(path=path * 2)).value["paths"] == ["Pci(0x1,0x0)"] * 2


def iscsi(secret=b"hunter2hunter"):
    data = bytearray(1049)
    data[26:36] = b"Attempt 1\0"
    data[184] = 1
    data[224 : 224 + 5] = b"iqn.x"
    data[757] = 1
    data[886 : 886 + len(secret)] = secret
    return bytes(data)


def test_secrets_are_masked_until_asked_for():
    shown = decoded("Attempt 1", iscsi(), vendors.ISCSI_INITIATOR)
    assert shown.secret
    assert shown.value["CHAPSecret"] == MASK
    assert "hunter" not in json.dumps(shown.value) + str(shown.fields)
    revealed = decoded("Attempt 1", iscsi(), vendors.ISCSI_INITIATOR, reveal=True)
    assert revealed.value["CHAPSecret"] == "hunter2hunter"
    password = decoded("MokPW", b"\x01" * 64, vendors.SHIM)
    assert password.secret
    assert "01" * 8 not in json.dumps(password.value) + str(password.fields)


def test_an_attempt_names_its_target():
    summary = decoded("Attempt 1", iscsi(b""), vendors.ISCSI_INITIATOR).summary
    assert summary == "Attempt 1, enabled, IPv4, iqn.x, CHAP"


@pytest.mark.firmware
def test_the_keys_of_a_real_store():
    store = read_store(VARS_4M_MS.read_bytes())
    keys = {name: decode(store.find(name)) for name in ("PK", "KEK", "db", "dbx")}
    assert "Microsoft Corporation KEK CA 2011" in keys["KEK"].summary
    assert [e["authority"] for e in keys["db"].value] == ["Microsoft 2011", "Microsoft 2011"]
    assert keys["db"].value[0]["not_after"].startswith("2026")
    assert keys["dbx"].summary.endswith("× SHA-256")
    for record, result in ((store.find(name), each) for name, each in keys.items()):
        assert all(record.data_span.covers(f.span) for f in result.fields)


def test_signature_lists_are_built_and_read():
    digests = [(VENDOR, bytes([n]) * 32) for n in range(3)]
    data = build_signature_list(SHA256, digests) + build_signature_list(X509, [(VENDOR, b"no DER")])
    lists = parse_signature_lists(data)
    assert lists.problem is None
    assert [each.type_name for each in lists.lists] == ["SHA-256", "X.509"]
    assert [(s.owner, s.data) for s in lists.lists[0].signatures] == digests
    result = decoded("db", data, vendors.IMAGE_SECURITY)
    assert result.summary == "3 × SHA-256, 1 × X.509"
    assert [f.id for f in result.findings] == ["certificate"]
    with pytest.raises(ValueError, match="one size"):
        build_signature_list(SHA256, [(VENDOR, b"1"), (VENDOR, b"22")])


@pytest.mark.parametrize(
    ("offset", "new"),
    [(16, 0), (16, 27), (16, 1000), (16, 77), (20, 1000), (24, 0), (24, 15), (24, 47)],
)
def test_signature_lists_with_wrong_sizes_end_there(offset, new):
    good = build_signature_list(SHA256, [(VENDOR, bytes(32))])
    lists = parse_signature_lists(good + patched(good, offset, struct.pack("<I", new)))
    assert len(lists.lists) == 1
    assert lists.problem is not None


def test_what_is_no_certificate_is_none():
    assert read_certificate(b"\x30\x82\x01\x00") is None


@pytest.mark.parametrize("name", REAL)
def test_every_value_of_a_real_store_is_decoded_within_its_bytes(name):
    for record in read_store(real_store(name)).records:
        result = decode(record, space=2)
        assert result.summary
        json.dumps(result.value)
        assert all(record.data_span.covers(f.span) for f in result.fields)
        assert all(f.place.space == 2 for f in result.findings)


NAMES = [
    *sorted({(name, guid) for name, guid, _data, _summary in SUMMARIES}),
    ("db", vendors.IMAGE_SECURITY),
    ("MokList", vendors.SHIM),
    ("MokPW", vendors.SHIM),
    ("HttpTlsCipherList", vendors.HTTP_TLS_CIPHERS),
    ("Attempt 1", vendors.ISCSI_INITIATOR),
    ("52540012345A", vendors.IP6_CONFIG),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=120) | st.binary(min_size=1049, max_size=1049))
def test_any_bytes_under_any_known_name_are_decoded(name_and_guid, data):
    name, guid = name_and_guid
    result = decoded(name, data, guid)
    json.dumps(result.value).encode()
    result.summary.encode("utf-8")
    assert "\n" not in result.summary
    for field in result.fields:
        assert field.span.start >= START
        assert field.span.end <= START + len(data)
        field.text.encode("utf-8")


def test_every_decoder_is_reached_by_some_name():
    reached = {id(decoder_for(guid, name)) for name, guid in NAMES}
    reached |= {
        id(decoder_for(guid, name))
        for name, guid in (
            ("PK", GLOBAL),
            ("KEK", GLOBAL),
            ("dbx", vendors.IMAGE_SECURITY),
            ("dbDefault", GLOBAL),
            ("TlsCaCertificate", vendors.TLS_CA),
            ("MemoryOverwriteRequestControlLock", vendors.MEMORY_OVERWRITE_LOCK),
            ("I_NAME", vendors.ISCSI_INITIATOR),
            ("SHIM_VERBOSE", vendors.SHIM),
        )
    }
    assert {id(decoder) for decoder in DECODERS} <= reached


def test_well_known_variables_are_explained():
    assert "boot menu" in help_for(GLOBAL, "Timeout")
    assert help_for(UUID(int=1), "Timeout") == ""


@pytest.mark.parametrize("name", ["MokAuth", "MokDelAuth", "MokXAuth", "MokXDelAuth"])
def test_requests_of_mokutil_keep_their_password_to_themselves(name):
    secret = decoded(name, b"\x5a" * 64, vendors.SHIM)
    assert secret.secret
    assert "5a5a" not in f"{secret.summary} {secret.value} {[f.text for f in secret.fields]}"


def test_cipher_suites_of_https_boot_are_named():
    data = bytes.fromhex("003cc030fafa")
    ciphers = decoded("HttpTlsCipherList", data, vendors.HTTP_TLS_CIPHERS)
    assert ciphers.value == [
        "RSA_WITH_AES_128_CBC_SHA256",
        "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "0xFAFA",
    ]
    assert [f.span.size for f in ciphers.fields] == [2, 2, 2]
    assert decoded("HttpTlsCipherList", b"\0", vendors.HTTP_TLS_CIPHERS).findings


def test_shims_settings_are_numbers():
    assert decoded("MokListTrusted", b"\1", vendors.SHIM).value == 1
    assert decoded("SbatPolicy", b"\2", vendors.SHIM).value == 2
