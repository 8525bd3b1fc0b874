raise RuntimeError("this is not the portfolio you are looking for")
