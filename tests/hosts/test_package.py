"""A package's files by the names that it has for them."""

from ovmfgui.hosts import package as package_module
from ovmfgui.hosts.package import opened_package
from ovmfgui.layout.synthetic import synthetic_package


def test_names_through_links_that_are_too_many_are_told(tmp_path, monkeypatch):
    share = tmp_path / "usr/share"
    (share / "OVMF").mkdir(parents=True)
    for name in ("OVMF_CODE.fd", "OVMF_CODE.secboot.fd"):
        (share / "OVMF" / name).write_bytes(synthetic_package("2m").code)
    (share / "edk2").symlink_to("OVMF")

    def looked_at():
        with opened_package(str(tmp_path)) as found:
            told = [each for each in found.passed_over if "names that are looked at" in each.reason]
            return sorted(found.files), [
                each.path.rpartition("/")[2] for each in told if each.failed
            ]

    files, told = looked_at()
    assert len(files) == 4
    assert not told
    monkeypatch.setattr(package_module, "MOST_NAMES", 3)
    files, told = looked_at()
    assert len(files) == 2
    assert told == ["edk2"]
