print("not finished yet")
