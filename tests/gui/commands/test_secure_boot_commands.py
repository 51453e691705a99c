"""Secure Boot in the Variables view: the state, its switch, and keys from files."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PySide6.QtWidgets import QDialogButtonBox
from signed_updates import own_key, signed_update

from ovmfgui.gui.dialogs.enrol import DATABASES, EnrolDialog
from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.secure_boot import secure_boot
from ovmfgui.nvram.signature_list import SHA256, build_signature_list
from ovmfgui.nvram.switches import toggled_secure_boot
from ovmfgui.refusal import Refused

STAMP = timestamp.from_text("2024-05-31T12:00:00")


def certificate(name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2034, 1, 1, tzinfo=datetime.UTC))
        .sign(key, hashes.SHA256())
    )


@pytest.fixture
def pem(tmp_path):
    path = tmp_path / "mine.pem"
    path.write_bytes(certificate("Mine").public_bytes(serialization.Encoding.PEM))
    return str(path)


@pytest.fixture
def dialog(qtbot, document):
    made = EnrolDialog(document.editor())
    qtbot.addWidget(made)
    return made


def choose(dialog, name):
    dialog.database.setCurrentIndex([each.name for each in DATABASES].index(name))


def ok(dialog):
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)


def test_without_files_there_is_nothing_to_enrol(dialog):
    assert not ok(dialog).isEnabled()
    assert "Add files" in dialog.message.text()


def test_what_a_file_holds_is_shown_before_it_is_enrolled(dialog, pem, document):
    choose(dialog, "db")
    dialog.add([pem])
    assert dialog.files.topLevelItem(0).text(1) == "Mine"
    assert ok(dialog).isEnabled()
    document.edit(dialog.wish.make(document.editor()))
    assert document.store.find("db", vendors.IMAGE_SECURITY).attribute_names == (
        "NV",
        "BS",
        "RT",
        "AT",
    )


def test_what_firmware_would_say_of_a_signed_update_is_told(dialog, document, tmp_path):
    for name in ("KEK", "PK"):
        lists = own_key(name).lists
        document.edit(document.editor().set_variable(name, vendors.GLOBAL, lists, 0x27))
    dialog._editor = document.editor()
    choose(dialog, "db")
    for signer, said in (("KEK", "Firmware takes this"), ("Stranger", "Firmware refuses this")):
        file = tmp_path / f"{signer}.auth"
        brought = own_key(f"Brought by {signer}").lists
        guid = vendors.IMAGE_SECURITY
        file.write_bytes(signed_update(own_key(signer), "db", guid, brought, attributes=0x67))
        dialog.add([str(file)])
        assert said in dialog.message.text()
        assert ok(dialog).isEnabled()
        dialog.clear.click()


def test_a_file_without_keys_is_named(dialog, tmp_path):
    wrong = tmp_path / "letter.txt"
    wrong.write_text("Dear firmware")
    dialog.add([str(wrong)])
    assert "letter.txt" in dialog.message.text()
    assert not ok(dialog).isEnabled()
    dialog.clear.click()
    assert dialog.files.topLevelItemCount() == 0


def test_keys_are_added_beside_or_take_the_place(dialog, document, tmp_path):
    first = build_signature_list(SHA256, [(vendors.GLOBAL, bytes(32))])
    second = build_signature_list(SHA256, [(vendors.GLOBAL, b"\1" * 32)])
    guid = vendors.IMAGE_SECURITY
    edit = document.editor().set_variable("dbx", guid, first, 0x27, timestamp=STAMP)
    document.edit(edit)
    dialog._editor = document.editor()
    path = tmp_path / "second.esl"
    path.write_bytes(second)
    choose(dialog, "dbx")
    dialog.add([str(path)])
    assert dialog.wish.make(document.editor()).title == (
        "Append to dbx: 1 new signature, 0 known already"
    )
    dialog.instead.setChecked(True)
    document.edit(dialog.wish.make(document.editor()))
    record = document.store.find("dbx")
    assert record.data == second
    assert record.timestamp == STAMP


def test_the_platform_key_is_one_and_takes_the_place(dialog):
    choose(dialog, "PK")
    assert dialog.instead.isChecked()
    assert not dialog.beside.isEnabled()


def test_an_owner_that_is_no_guid_is_refused(dialog, pem):
    dialog.add([pem])
    dialog.owner.setText("me")
    assert "GUID" in dialog.message.text()
    assert not ok(dialog).isEnabled()


def test_without_a_pk_there_is_nothing_to_switch(document):
    with pytest.raises(Refused, match="PK"):
        toggled_secure_boot(document.editor())


def enrol_pk(window, pem):
    window.actions_of["enrol-keys"].trigger()
    dialog = window.findChild(EnrolDialog)
    choose(dialog, "PK")
    dialog.add([pem])
    ok(dialog).click()


def test_enrolling_and_switching_through_the_window(demo_window, pem):
    window, document = demo_window, demo_window.document
    line = window.pages.tabs.view("variables").secure_boot
    assert line.state.text() == "Setup mode"
    assert not line.toggle.isEnabled()
    assert not window.actions_of["toggle-secure-boot"].isEnabled()
    enrol_pk(window, pem)
    assert line.state.text() == "Secure Boot on"
    assert "PK: Mine" in line.keys.text()
    line.toggle.click()
    assert line.state.text() == "Secure Boot off"
    assert not secure_boot(document.store).enabled
    window.actions_of["toggle-secure-boot"].trigger()
    assert secure_boot(document.store).enabled
    assert document.undo_stack.count() == 3
    document.undo_stack.setIndex(0)
    assert line.state.text() == "Setup mode"
