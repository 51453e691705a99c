"""What CODE expects, what VARS provides, and the verdict between them."""
