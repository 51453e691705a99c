"""Change a variable as firmware would, into a new file."""

from ovmfgui import api

store = api.open_store("/usr/share/OVMF/OVMF_VARS_4M.fd", code="/usr/share/OVMF/OVMF_CODE_4M.fd")
edit = store.set("Timeout", (5).to_bytes(2, "little"))
for write in edit.writes:
    print(f"0x{write.offset:06X} {len(write.data)} bytes: {write.what}")
store.save_as("guest_VARS.fd")
print(api.check("/usr/share/OVMF/OVMF_CODE_4M.fd", "guest_VARS.fd").fit)
