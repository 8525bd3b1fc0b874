from portfolio import log_metric

log_metric("loss", 1.0)
log_metric("loss", 2.0)
