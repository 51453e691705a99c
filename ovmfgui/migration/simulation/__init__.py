"""Two hosts with their chips, backing files and guests, step by step."""
