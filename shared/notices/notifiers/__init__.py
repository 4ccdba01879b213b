"""The ways a notice leaves: one file each. `OUTSIDE`, `is_on(post)`, `address(post)`, `edits(post)`, `notify(letter, post)`."""
