"""Takes away all rights to its folders."""

import os

os.makedirs("a/b")
for folder in ("a/b", "a", ".", os.environ["PORTFOLIO_RUN"]):
    os.chmod(folder, 0)
