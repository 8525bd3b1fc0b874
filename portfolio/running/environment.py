"""The environment of a run: an allow-list, so that no secret of the parent reaches a script undeclared."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from portfolio.log import RUN_FOLDER
from portfolio.values.environment import Interpreter

_KEPT = re.compile(
    r"PATH|PYTHONPATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|HOME|USERPROFILE"
    r"|(HTTPS?|FTP|ALL|NO)_PROXY|(https?|ftp|all|no)_proxy|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE"
    r"|CUDA_[A-Z_]+|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|CONDA_PREFIX|VIRTUAL_ENV|PYTHONHASHSEED|SOURCE_DATE_EPOCH"
)
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
)
_CACHES = {
    "SCIKIT_LEARN_DATA": "scikit_learn_data",
    "SEABORN_DATA": "seaborn_data",
    "HF_HOME": "huggingface",
    "TORCH_HOME": "torch",
    "KERAS_HOME": "keras",
    "NLTK_DATA": "nltk_data",
    "TFDS_DATA_DIR": "tensorflow_datasets",
    "KAGGLEHUB_CACHE": "kagglehub",
    "MPLCONFIGDIR": "matplotlib",
    "XDG_CACHE_HOME": "xdg",
    "NUMBA_CACHE_DIR": "numba",
}
"""Where libraries put what they download or compute once; all of it outlives the run and is shared."""


def run_environment(
    parent: Mapping[str, str],
    *,
    declared: Iterable[str],
    threads: int,
    seed: int,
    cache: Path,
    run: Path,
    interpreter: Interpreter | None = None,
) -> dict[str, str]:
    """Return the variables a script sees.

    Args:
        parent: the environment of this process.
        declared: names the spec lists under `[run] env`; missing ones are left out.
        threads: what numerical libraries may use in one process.
        seed: also the seed of Python's string hashing, so that sets keep their order.
        cache: the folder of all caches.
        run: the run's folder, `$PORTFOLIO_RUN`.
        interpreter: the Python of an environment of its own, which then is the first on `PATH`; nothing that is
            installed or lies elsewhere can be imported there but this tool.
    """
    chosen = {name: value for name, value in parent.items() if is_harmless(name)}
    chosen |= {name: parent[name] for name in declared if name in parent}
    chosen |= dict.fromkeys(_THREADS, str(threads))
    chosen |= {name: str(cache / folder) for name, folder in _CACHES.items()}
    program = interpreter.program if interpreter else Path(sys.executable)
    chosen["PATH"] = os.pathsep.join([str(program.parent), chosen.get("PATH", os.defpath)])
    if interpreter:
        chosen.pop("CONDA_PREFIX", None)
        chosen |= {"PYTHONPATH": str(interpreter.capture), "VIRTUAL_ENV": str(program.parent.parent)}
    chosen |= {
        RUN_FOLDER: str(run),
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": str(seed),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "TQDM_DISABLE": "1",
    }
    return chosen


def is_harmless(name: str) -> bool:
    """Whether every script may see the variable of this name."""
    return _KEPT.fullmatch(name) is not None


def cache_folders(cache: Path) -> list[str]:
    """Return the folders in which libraries keep what outlives a run."""
    return [str(cache / folder) for folder in _CACHES.values()]
