"""Asks a port where nobody listens."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:9/data.csv", timeout=5)
