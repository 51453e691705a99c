import struct
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.budgets import MOST_NODES
from ovmfgui.nvram.decode.device_path import device_path_text, parse_device_path
from ovmfgui.nvram.decode.nodes import NODE_FORMS
from ovmfgui.nvram.decode.path_from_text import BUILDERS, device_path_from_text
from ovmfgui.refusal import Refused

END = bytes.fromhex("7fff0400")
NEXT = bytes.fromhex("7f010400")
GUID = UUID("00112233-4455-6677-8899-aabbccddeeff")
LE = GUID.bytes_le
SHOWN = "00112233-4455-6677-8899-AABBCCDDEEFF"


def node(kind, subtype, body=b""):
    return struct.pack("<BBH", kind, subtype, 4 + len(body)) + body


def ucs2(text):
    return text.encode("utf-16-le") + b"\0\0"


# Text forms of UEFI specification 2.10, section 10.6.
TEXTS = [
    (1, 1, b"\x02\x1f", "Pci(0x1F,0x2)"),
    (1, 2, b"\x03", "PcCard(0x3)"),
    (1, 3, struct.pack("<IQQ", 11, 0x1000, 0x1FFF), "MemoryMapped(0xB,0x1000,0x1FFF)"),
    (1, 4, LE, f"VenHw({SHOWN})"),
    (1, 4, LE + b"\x01\xab", f"VenHw({SHOWN},01ab)"),
    (1, 5, struct.pack("<I", 7), "Ctrl(0x7)"),
    (1, 6, struct.pack("<BQ", 1, 0xCA2), "BMC(0x1,0xCA2)"),
    (2, 1, struct.pack("<II", 0x0A0341D0, 0), "PciRoot(0x0)"),
    (2, 1, struct.pack("<II", 0x0A0841D0, 1), "PcieRoot(0x1)"),
    (2, 1, struct.pack("<II", 0x060441D0, 1), "Floppy(0x1)"),
    (2, 1, struct.pack("<II", 0x030141D0, 0), "Keyboard(0x0)"),
    (2, 1, struct.pack("<II", 0x050141D0, 0), "Serial(0x0)"),
    (2, 1, struct.pack("<II", 0x040141D0, 0), "ParallelPort(0x0)"),
    (2, 1, struct.pack("<II", 0x030341D0, 0), "Acpi(PNP0303,0x0)"),
    (2, 1, struct.pack("<II", 0x12345678, 2), "Acpi(0x12345678,0x2)"),
    (2, 2, struct.pack("<III", 0x0A0341D0, 1, 0) + b"\0\0\0", "AcpiEx(PNP0A03,0,0x1,,,)"),
    (2, 2, struct.pack("<III", 0x0A0341D0, 0, 0) + b"\0U1\0\0", "AcpiExp(PNP0A03,0,U1)"),
    (2, 3, struct.pack("<I", 0x80010300), "AcpiAdr(0x80010300)"),
    (2, 3, struct.pack("<II", 1, 2), "AcpiAdr(0x1,0x2)"),
    (2, 4, struct.pack("<I", 9), "NvdimmAcpiAdr(0x9)"),
    (3, 1, struct.pack("<BBH", 1, 0, 0), "Ata(Secondary,Master,0x0)"),
    (3, 2, struct.pack("<HH", 1, 2), "Scsi(0x1,0x2)"),
    (3, 3, struct.pack("<IQQ", 0, 0xAB, 1), "Fibre(0xAB,0x1)"),
    (3, 4, struct.pack("<IQ", 0, 0xAB), "I1394(00000000000000AB)"),
    (3, 5, b"\x01\x00", "USB(0x1,0x0)"),
    (3, 6, struct.pack("<I", 5), "I2O(0x5)"),
    (
        3,
        9,
        struct.pack("<I", 1) + LE + struct.pack("<QQQ", 1, 2, 3),
        f"Infiniband(0x1,{SHOWN},0x1,0x2,0x3)",
    ),
    (3, 10, UUID("e0c14753-f9be-11d2-9a0c-0090273fc14d").bytes_le, "VenPcAnsi()"),
    (3, 10, UUID("ad15a0d6-8bec-4acf-a073-d01de77e2d88").bytes_le, "VenUtf8()"),
    (
        3,
        10,
        UUID("37499a9d-542f-4c89-a026-35da142094e4").bytes_le + b"\1\0\0\0",
        "UartFlowCtrl(Hardware)",
    ),
    (3, 10, UUID("eba4e8d2-3858-41ec-a281-2647ba9660d0").bytes_le, "DebugPort()"),
    (
        3,
        10,
        UUID("d487ddb4-008b-11d9-afdc-001083ffca4d").bytes_le
        + struct.pack("<IQQHH", 0, 0x1234, 1, 0x12, 3),
        "SAS(0x1234,0x1,0x3,SATA,Internal,Direct,0x1,0x0)",
    ),
    (3, 10, LE + b"\xff", f"VenMsg({SHOWN},ff)"),
    (3, 11, bytes.fromhex("525400123456") + bytes(26) + b"\1", "MAC(525400123456,0x1)"),
    (
        3,
        12,
        bytes([10, 0, 0, 2, 10, 0, 0, 1])
        + struct.pack("<HHHB", 0, 0, 17, 0)
        + bytes([10, 0, 0, 254, 255, 255, 255, 0]),
        "IPv4(10.0.0.1,UDP,DHCP,10.0.0.2,10.0.0.254,255.255.255.0)",
    ),
    (
        3,
        12,
        bytes(8) + struct.pack("<HHHB", 0, 0, 6, 1),
        "IPv4(0.0.0.0,TCP,Static,0.0.0.0)",
    ),
    (
        3,
        13,
        bytes(15) + b"\1" + bytes(15) + b"\2" + struct.pack("<HHHBB", 0, 0, 6, 1, 64) + bytes(16),
        "IPv6(0000:0000:0000:0000:0000:0000:0000:0002,TCP,StatelessAutoConfigure,"
        "0000:0000:0000:0000:0000:0000:0000:0001,0x40,"
        "0000:0000:0000:0000:0000:0000:0000:0000)",
    ),
    (3, 14, struct.pack("<IQBBB", 0, 115200, 8, 1, 1), "Uart(115200,8,N,1)"),
    (3, 14, struct.pack("<IQBBB", 0, 0, 0, 0, 0), "Uart(DEFAULT,DEFAULT,D,D)"),
    (3, 15, struct.pack("<HHBBB", 0xFFFF, 0xFFFF, 3, 1, 1), "UsbHID(0xFFFF,0xFFFF,0x1,0x1)"),
    (3, 15, struct.pack("<HHBBB", 1, 2, 0xFE, 2, 1), "UsbIrdaBridge(0x1,0x2,0x1)"),
    (3, 15, struct.pack("<HHBBB", 1, 2, 0xFF, 2, 1), "UsbClass(0x1,0x2,0xFF,0x2,0x1)"),
    (3, 16, struct.pack("<HHH", 0, 0x1234, 0x5678) + ucs2("S1"), 'UsbWwid(0x1234,0x5678,0x0,"S1")'),
    (3, 17, b"\x04", "Unit(0x4)"),
    (3, 18, struct.pack("<HHH", 0, 0xFFFF, 0), "Sata(0x0,0xFFFF,0x0)"),
    (
        3,
        19,
        struct.pack("<HH", 0, 0) + bytes(8) + struct.pack("<H", 1) + b"iqn.x\0",
        "iSCSI(iqn.x,0x1,0x0000000000000000,None,None,CHAP_BI,TCP)",
    ),
    (3, 20, struct.pack("<H", 42), "Vlan(42)"),
    (
        3,
        21,
        bytes(4) + bytes(range(8)) + bytes(8),
        "FibreEx(0x0001020304050607,0x0000000000000000)",
    ),
    (
        3,
        22,
        bytes(16) + struct.pack("<HH", 0, 2),
        "SasEx(0x0000000000000000,0x0000000000000000,0x2,NoTopology,0,0,0)",
    ),
    (3, 23, struct.pack("<I", 1) + bytes(range(8)), "NVMe(0x1,07-06-05-04-03-02-01-00)"),
    (3, 24, b"http://x/y", "Uri(http://x/y)"),
    (3, 24, b"", "Uri()"),
    (3, 25, b"\1\2", "UFS(0x1,0x2)"),
    (3, 26, b"\1", "SD(0x1)"),
    (3, 27, bytes(range(6)), "Bluetooth(000102030405)"),
    (3, 28, b"net".ljust(32, b"\0"), "Wi-Fi(net)"),
    (3, 29, b"\1", "eMMC(0x1)"),
    (3, 30, bytes(range(6)) + b"\1", "BluetoothLE(000102030405,0x01)"),
    (3, 31, b"\0" + bytes([10, 0, 2, 3]) + bytes(12), "Dns(10.0.2.3)"),
    (3, 32, LE, f"NVDIMM({SHOWN})"),
    (3, 33, b"\1\2", "RestService(0x01,0x02)"),
    (3, 33, b"\xff\1" + LE + b"\2", f"RestService(0xFF,0x01,{SHOWN},02)"),
    (3, 34, b"\1" + bytes(16) + b"nqn.x\0", f"NVMEoF(nqn.x,{'00' * 16})"),
    (
        4,
        1,
        struct.pack("<IQQ", 1, 0x800, 0x1000) + LE + b"\2\2",
        f"HD(1,GPT,{SHOWN},0x800,0x1000)",
    ),
    (
        4,
        1,
        struct.pack("<IQQ", 2, 0x3F, 9) + struct.pack("<I", 0xDEADBEEF) + bytes(12) + b"\1\1",
        "HD(2,MBR,0xDEADBEEF,0x3F,0x9)",
    ),
    (4, 2, struct.pack("<IQQ", 0, 0x10, 0x20), "CDROM(0x0,0x10,0x20)"),
    (4, 3, LE, f"VenMedia({SHOWN})"),
    (4, 4, ucs2("\\EFI\\BOOT\\BOOTX64.EFI"), "\\EFI\\BOOT\\BOOTX64.EFI"),
    (4, 5, LE, f"Media({SHOWN})"),
    (4, 6, LE, f"FvFile({SHOWN})"),
    (4, 7, LE, f"Fv({SHOWN})"),
    (4, 8, struct.pack("<IQQ", 0, 1, 2), "Offset(0x1,0x2)"),
    (4, 9, struct.pack("<QQ", 1, 2) + LE + b"\3\0", f"RamDisk(0x1,0x2,3,{SHOWN})"),
    (
        4,
        9,
        struct.pack("<QQ", 1, 2) + UUID("3d5abd30-4175-87ce-6d64-d2ade523c4bb").bytes_le + b"\0\0",
        "VirtualCD(0x1,0x2,0)",
    ),
    (5, 1, struct.pack("<HH", 2, 0) + b"Disk\0", "BBS(HD,Disk,0x0)"),
    (1, 99, b"\1", "HardwarePath(99,01)"),
    (3, 99, b"", "Msg(99)"),
    (9, 9, b"\1\2", "Path(9,9,0102)"),
]


@pytest.mark.parametrize(("kind", "subtype", "body", "text"), TEXTS)
def test_text_of_a_node(kind, subtype, body, text):
    assert device_path_text(node(kind, subtype, body) + END) == text


def test_every_kind_of_node_is_tested():
    assert {(kind, subtype) for kind, subtype, _body, _text in TEXTS} >= set(NODE_FORMS)


def test_nodes_are_joined_by_slashes_and_instances_by_commas():
    pci = node(1, 1, b"\0\1")
    assert (
        device_path_text(pci + pci + NEXT + pci + END) == "Pci(0x1,0x0)/Pci(0x1,0x0),Pci(0x1,0x0)"
    )


def test_a_body_too_short_for_its_kind_is_shown_in_hex():
    assert device_path_text(node(1, 1, b"\1") + END) == "HardwarePath(1,01)"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\1",
        node(1, 1, b"\0\1"),
        b"\1\1\0\0",
        b"\1\1\3\0",
        b"\1\1\xff\xff\0\1",
        b"\x7f\x02\4\0",
    ],
)
def test_what_is_wrong_is_told(data):
    assert parse_device_path(data).problem is not None
    assert "…" in device_path_text(data)


def test_the_number_of_nodes_is_bounded():
    path = parse_device_path(node(1, 5, bytes(4)) * 100_000)
    assert sum(1 for _ in path.nodes) <= MOST_NODES
    assert "1024" in path.problem


def test_fields_of_a_node_have_their_bytes():
    path = parse_device_path(node(2, 1, struct.pack("<II", 0x0A0341D0, 5)) + node(1, 1, b"\2\1"))
    hid, uid = path.instances[0][0].fields(100)
    assert (hid.name, hid.span.start, hid.value) == ("HID", 104, 0x0A0341D0)
    assert (uid.name, uid.span.start, uid.value) == ("UID", 108, 5)
    assert path.instances[0][1].fields(100)[0].span.start == 116


@given(st.binary(max_size=200))
def test_any_bytes_have_a_text(data):
    text = device_path_text(data)
    assert isinstance(text, str)
    text.encode("utf-8")
    assert "\n" not in text


@given(st.lists(st.tuples(st.sampled_from(sorted(NODE_FORMS)), st.binary(max_size=80)), max_size=5))
def test_any_body_of_a_known_kind_has_a_text(nodes):
    data = b"".join(node(*kind, body) for kind, body in nodes) + END
    path = parse_device_path(data)
    assert path.problem is None
    path.text.encode("utf-8")
    for each in path.nodes:
        for field in each.fields(0):
            assert field.span.end <= path.size


@pytest.mark.parametrize(("kind", "subtype", "body", "text"), TEXTS)
def test_text_becomes_the_bytes_of_the_node_again(kind, subtype, body, text):
    data = device_path_from_text(text)
    assert device_path_text(data) == text
    # The text form leaves out ports and such, which are zero in the table above.
    assert data == node(kind, subtype, body) + END


def test_every_kind_of_node_can_be_typed():
    texts = {text for _kind, _subtype, _body, text in TEXTS}
    assert {text.split("(")[0] for text in texts if "(" in text} <= set(BUILDERS)


def test_a_path_of_several_nodes_and_instances():
    text = "PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x0,0xFFFF,0x0)/\\EFI\\A.EFI,PciRoot(0x1)"
    data = device_path_from_text(text)
    assert device_path_text(data) == text
    assert len(parse_device_path(data).instances) == 2
    assert device_path_from_text(" pciroot(0) / PCI(0x1f, 2)") == device_path_from_text(
        "PciRoot(0x0)/Pci(0x1F,0x2)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Pci(0x1)",
        "Pci(0x1,0x2,0x3)",
        "Pci(0x100,0x0)",
        "Pci(x,y)",
        "Pci(0x1,0x2",
        "Nonsense(1)",
        "HD(1,GPT,xyz,0x1,0x2)",
        "MAC(zz)",
        "IPv4(1.2.3,TCP,DHCP,0.0.0.0)",
        "NVMe(0x1,00)",
        "Path(1)",
        "Path(300,1)",
        "Uart(1,2,3)",
        "VenPcAnsi(1)",
        "VenHw(00112233-4455-6677-8899-AABBCCDDEEFF,a)",
        "\\A" * 40000,
    ],
)
def test_text_that_makes_no_sense_is_refused_in_one_line(text):
    with pytest.raises(Refused) as refusal:
        device_path_from_text(text)
    assert "\n" not in str(refusal.value)


@given(st.text(alphabet='PciRoot(0x1,2)/HDGPT-\\"\n', max_size=60))
def test_any_text_is_bytes_or_refused(text):
    try:
        data = device_path_from_text(text)
    except Refused:
        return
    assert parse_device_path(data).problem is None
