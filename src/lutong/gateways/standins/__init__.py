"""What all stand-ins for outside parties share: their pages say on every screen that they are none of the real ones."""
