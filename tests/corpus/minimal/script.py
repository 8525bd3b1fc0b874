print("two keys are enough")
