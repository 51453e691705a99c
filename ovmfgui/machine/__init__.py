"""What the hypervisor is told, as a Machine: its chips or ROM, and where its variables live."""
