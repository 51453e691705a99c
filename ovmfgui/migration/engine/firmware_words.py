"""What firmware prints to its serial port, by which it is seen how far it got."""

from __future__ import annotations

PROMPT = "Shell> "
"""Of the UEFI shell: it waits for a line (edk2 ShellPkg/Application/Shell)."""

COUNTDOWN = "to skip"
"""The shell counts the seconds until it runs startup.nsh."""

NO_BOOT_OPTION = "No bootable option"
"""The boot manager has come up and found nothing to start."""

DEAD = ("Exception Type", "CPU Apic ID", "Synchronous Exception")
"""The processor met an exception (UefiCpuPkg's CpuExceptionHandlerLib, ArmPkg's
DefaultExceptionHandlerLib)."""
