"""Does this store fit this firmware, and what would happen at power-on?"""

from ovmfgui import api

machine = api.open("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS.fd")
verdict = api.check(machine)
print(machine)
print(verdict.fit, verdict.outcome)
print(verdict.summary)
for difference in verdict.differences:
    print("-", difference.text)
