from portfolio import log_metric

log_metric("loss", float("nan"))
