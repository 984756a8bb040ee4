"""How numbers are written, where Django's way is not ours."""
