"""Libraries that are dear to install, which few tests need: continuous integration installs them all."""

import os
from importlib.util import find_spec

import pytest

LIBRARIES = ("altair", "dvclive", "kaleido", "mlflow", "plotly", "vl_convert")
_MISSING = [name for name in LIBRARIES if find_spec(name) is None]

needs_others = pytest.mark.skipif(
    bool(_MISSING) and not os.environ.get("CI"),
    reason=f"not installed: {', '.join(_MISSING)}: pip install -e '.[others]'",
)
"""In continuous integration such tests fail instead."""
