"""Trees of Debian's package ovmf, and what a packager can do to them."""

import json

SHARE, DESCRIPTORS = "usr/share/OVMF", "usr/share/qemu/firmware"
CODE, SECBOOT = f"{SHARE}/OVMF_CODE_4M.fd", f"{SHARE}/OVMF_CODE_4M.secboot.fd"
ENROLLED = f"{DESCRIPTORS}/40-edk2-x86_64-secure-enrolled.json"
PLAIN = f"{DESCRIPTORS}/60-edk2-x86_64.json"


def put(tree, name, data):
    (tree / name).unlink(missing_ok=True)
    (tree / name).write_bytes(data)


def edit(tree, name, change):
    content = json.loads((tree / name).read_text())
    change(content)
    put(tree, name, json.dumps(content).encode())


def failed(found):
    return {
        (case.kind, finding.id)
        for case in found.cases
        for finding in case.findings
        if not case.well and finding.severity == "error"
    }


def smm_dropped(tree):
    put(tree, SECBOOT, (tree / CODE).read_bytes())
