"""What other authorities' registers tell for a form: the synthetic population speaks for them."""
