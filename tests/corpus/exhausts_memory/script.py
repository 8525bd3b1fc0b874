"""Takes more memory than its limit."""

kept = []
while True:
    kept.append(bytearray(16 << 20))
