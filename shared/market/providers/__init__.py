"""The catalog of places prices come from: one file each, the file name is the provider's name."""
