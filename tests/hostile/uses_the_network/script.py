"""Reaches out though its spec says that it does not."""

import errno
import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as way:
                way.settimeout(1)
                way.connect((address, 9))
        except OSError as error:
            assert error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL), error
            continue
        raise AssertionError(address)
try:
    socket.getaddrinfo("example.org", 80)
except OSError:
    pass
else:
    raise AssertionError("resolves names")
