"""Uses every core, by joblib and by processes that are spawned."""

import multiprocessing

from joblib import Parallel, delayed

from portfolio import log_metric


def square(number: int) -> int:
    return number * number


if __name__ == "__main__":
    log_metric("by_joblib", sum(Parallel(n_jobs=-1)(delayed(square)(number) for number in range(4))))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        log_metric("by_pool", sum(pool.map(square, range(4))))
