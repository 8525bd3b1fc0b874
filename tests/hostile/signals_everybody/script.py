"""Would end every process of the machine; asks only whether it could."""

import os

own = {os.getpid()}
heard = []
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) not in own:
        try:
            os.kill(int(name), 0)
            heard.append(int(name))
        except (PermissionError, ProcessLookupError):
            pass
assert not heard, heard
