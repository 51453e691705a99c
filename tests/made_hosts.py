"""Hosts that exist in memory only: files under their paths, domains, machine types."""

import posixpath

from ovmfgui.hosts.collecting import collect
from ovmfgui.hosts.connection import DomainText
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.refusal import Refused

CODE, TEMPLATE = "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"
NVRAM = "/var/lib/libvirt/qemu/nvram"
TYPES = {"x86_64": ["pc-q35-7.2", "q35", "pc-i440fx-7.2"]}


def domain_xml(
    name,
    code=CODE,
    template=TEMPLATE,
    store=None,
    board="pc-q35-7.2",
    arch="x86_64",
    loader="readonly='yes' type='pflash'",
    nvram=None,
):
    if nvram is None:
        nvram = f"<nvram template='{template}'>{store or f'{NVRAM}/{name}_VARS.fd'}</nvram>"
    return (
        f"<domain type='kvm'><name>{name}</name><os><type arch='{arch}' machine='{board}'>hvm"
        f"</type><loader {loader}>{code}</loader>{nvram}</os></domain>"
    ).encode()


def domain(name, state="running", **said):
    xml = domain_xml(name, **said)
    return DomainText(name, state, xml, None if state == "shut off" else xml)


def package(build):
    made = synthetic_package(build)
    return {CODE: made.code, TEMPLATE: made.vars}


def store_of(build):
    return synthetic_package(build).vars


class StandIn:
    """Answers in the place of libvirt."""

    def __init__(
        self, files, domains=(), types=TYPES, closed=(), storage=(), name="qemu://stand-in/system"
    ):
        self.name, self.files, self.types = name, dict(files), types
        self.texts, self.closed = list(domains), set(closed)
        self.reads = []
        self.storage = dict(storage)
        self.left = False

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.left = True

    def machine_types(self):
        return self.types

    def domains(self):
        return self.texts

    def files_in(self, folder):
        if folder in self.closed:
            return None
        here = [p for p in self.files if posixpath.dirname(p) == folder]
        return {posixpath.basename(p): len(self.files[p]) for p in here}

    def storage_of(self, folder):
        return self.storage.get(folder)

    def prefetch(self, paths):
        assert all(path in self.files for path in paths)

    def read(self, path):
        self.reads.append(path)
        if isinstance(self.files[path], str):
            msg = f"{path} cannot be read: {self.files[path]}"
            raise Refused(msg)
        return self.files[path]


def collected(folder, files, domains=(), guests=(), stores=True, **said):
    with StandIn(files, domains, **said) as connection:
        return collect(connection, folder, stores=stores, guests=guests)
