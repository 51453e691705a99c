"""Where a libvirt domain keeps its variables: ``<nvram>`` and ``<varstore>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.machine.model import NO_STORE, StoreKind, StoreSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from xml.etree.ElementTree import Element

    from ovmfgui.machine.descriptors import Descriptor

# libvirt's built-in list of CODE:VARS (QEMU_FIRMWARE_DEFAULTS in src/qemu/meson.build, as the
# distributions extend it in /etc/libvirt/qemu.conf, nvram = […]); used where no descriptor names
# the loader.
BUILT_IN_TEMPLATES = {
    "/usr/share/OVMF/OVMF_CODE.fd": "/usr/share/OVMF/OVMF_VARS.fd",
    "/usr/share/OVMF/OVMF_CODE.secboot.fd": "/usr/share/OVMF/OVMF_VARS.fd",
    "/usr/share/OVMF/OVMF_CODE.ms.fd": "/usr/share/OVMF/OVMF_VARS.ms.fd",
    "/usr/share/OVMF/OVMF_CODE_4M.fd": "/usr/share/OVMF/OVMF_VARS_4M.fd",
    "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd": "/usr/share/OVMF/OVMF_VARS_4M.fd",
    "/usr/share/OVMF/OVMF_CODE_4M.ms.fd": "/usr/share/OVMF/OVMF_VARS_4M.ms.fd",
    "/usr/share/AAVMF/AAVMF_CODE.fd": "/usr/share/AAVMF/AAVMF_VARS.fd",
    "/usr/share/AAVMF/AAVMF32_CODE.fd": "/usr/share/AAVMF/AAVMF32_VARS.fd",
}


def store_of(system: Element, name: str, template: str = "") -> StoreSource:
    """What ``<varstore>`` or ``<nvram>`` say.

    Args:
        system: the domain's ``<os>``.
        name: of the domain.
        template: that of the firmware that libvirt chose; empty where it chose none.
    """
    varstore = system.find("varstore")
    if varstore is not None or (template.endswith(".json") and system.find("nvram") is None):
        path = varstore.get("path", "") if varstore is not None else ""
        said = varstore.get("template", "") if varstore is not None else ""
        return StoreSource(
            StoreKind.UEFI_VARS,
            path or f"/var/lib/libvirt/qemu/varstore/{name}.json",
            template=said or template,
        )
    nvram = system.find("nvram")
    if nvram is None:
        return NO_STORE
    how, path = _source(nvram)
    if not path and how is StoreKind.FLASH:
        path = default_store(name).path
    return StoreSource(
        how,
        path,
        nvram.get("format") or _backing_format(nvram),
        template=nvram.get("template", "") or template,
        template_format=nvram.get("templateFormat"),
    )


def default_store(
    name: str, form: str = "raw", template: str = "", template_format: str | None = None
) -> StoreSource:
    """The private store where the definition names no place for it.

    qemuDomainNVRAMPathFormat, libvirt's src/qemu/qemu_domain.c.
    """
    ending = "qcow2" if form == "qcow2" else "fd"
    path = f"/var/lib/libvirt/qemu/nvram/{name}_VARS.{ending}"
    return StoreSource(
        StoreKind.FLASH, path, form, template=template, template_format=template_format
    )


def _backing_format(nvram: Element) -> str | None:
    """A store without ``format=`` is raw to libvirt (virDomainNvramDefParseXML)."""
    return "raw" if nvram.get("type", "file") in ("file", "block") else None


def _source(nvram: Element) -> tuple[StoreKind, str]:
    source = nvram.find("source")
    if source is None:
        return StoreKind.FLASH, (nvram.text or "").strip()
    said = nvram.get("type") or source.get("type") or "file"
    if said == "block" or "dev" in source.keys():  # noqa: SIM118
        return StoreKind.BLOCK, source.get("dev", "")
    if said in ("network", "nvme", "vhostuser", "volume") or "protocol" in source.keys():  # noqa: SIM118
        return StoreKind.NETWORK, _url(source)
    return StoreKind.FLASH, source.get("file", "")


def _url(source: Element) -> str:
    host = source.find("host")
    where = host.get("name", "") if host is not None else ""
    named = source.get("name") or source.get("volume") or ""
    return f"{source.get('protocol', 'volume')}://{where}/{named.lstrip('/')}"


def with_known_template(
    store: StoreSource, loader: str, descriptors: Callable[[], Iterable[Descriptor]]
) -> StoreSource:
    """The store with the template that libvirt finds for a loader where the domain names none.

    Args:
        store: as the domain names it; a store without a path gets one at the first start.
        loader: path of the CODE image.
        descriptors: of the host, best first.
    """
    if store.how is not StoreKind.FLASH:
        return store
    if store.template:
        # Without templateFormat= it is copied as it is, and read as what the store is declared.
        return replace(store, template_format=store.template_format or "raw")
    described = next((d for d in descriptors() if d.executable == loader and d.template), None)
    template = described.template if described else BUILT_IN_TEMPLATES.get(loader, "")
    form = described.formats[1] if described else "raw"
    return replace(store, template=template, template_format=form)
