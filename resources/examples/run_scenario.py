"""Play a live migration to a host with another firmware package, on emulated flash chips."""

from ovmfgui import api

replay = api.play("demo")
for step in replay.steps:
    print(f"{step.n:2} {step.host}: {step.title}")
print(replay.outcome, "-", replay.outcome_text)
