"""The catalogue against the published policy documents."""
