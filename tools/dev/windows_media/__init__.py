"""Windows media of our own making: see ../make_media.py."""
