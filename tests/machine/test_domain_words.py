"""Words of a domain's definition that are not known, and may decide."""

import pytest

from ovmfgui.machine.definition import parse_definition

DOMAIN = (
    "<domain type='{kind}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
    "<name>t</name><!-- a note --><metadata><os>not this</os></metadata>"
    "<os><type machine='q35' arch='x86_64'>hvm</type><!-- another -->"
    "<loader type='pflash' readonly='yes'{loader}>/c.fd</loader><nvram{nvram}>{store}</nvram>"
    "<boot dev='hd'/><smbios mode='sysinfo'/>{os}</os>{more}</domain>"
)


def odd(kind="kvm", loader="", nvram="", store="/v.fd", os="", more=""):
    text = DOMAIN.format(kind=kind, loader=loader, nvram=nvram, store=store, os=os, more=more)
    made = parse_definition("guest.xml", text.encode())
    assert made is not None
    return [each.text for each in made.not_understood]


SOURCE = "<source file='/v.fd'>{}</source>"
DEVICE = "<qemu:override><qemu:device alias='{}'/></qemu:override>"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"kind": "bhyve"}, "<domain type='bhyve'>"),
        ({"loader": " future='1'"}, "<loader future='1'>"),
        ({"nvram": " future='1'"}, "<nvram future='1'>"),
        ({"store": SOURCE.format("<slices/>")}, "<source><slices>"),
        ({"store": SOURCE.format("<encryption/>")}, "<source><encryption>"),
        ({"store": "<future/>"}, "<nvram><future>"),
        ({"os": "<igvm>/x</igvm>"}, "<igvm>"),
        ({"more": DEVICE.format("pflash0")}, "<qemu:device alias='pflash0'>"),
        ({"more": "<launchSecurity type='sev-snp'/>"}, "<launchSecurity type='sev-snp'>"),
    ],
)
def test_what_is_not_known_is_named(said, named):
    assert odd(**said) == [named]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "qemu"},
        {"kind": "hvf"},
        {"loader": " secure='no' stateless='no' format='raw'"},
        {"nvram": " template='/t.fd' templateFormat='raw' format='raw'"},
        {"nvram": " type='file'", "store": SOURCE.format("<seclabel model='dac'/>")},
        {"os": "<kernel>/k</kernel><initrd>/i</initrd><cmdline>x</cmdline><bootmenu/>"},
        {"more": DEVICE.format("hostdev0")},
    ],
)
def test_what_is_known_is_not(said):
    assert odd(**said) == []
