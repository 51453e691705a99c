"""The flash as the guest sees it, to scale."""
