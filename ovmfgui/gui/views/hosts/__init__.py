"""Two hosts: which domains can go from one to the other, and start again there."""
