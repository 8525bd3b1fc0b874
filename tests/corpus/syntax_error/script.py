print("fine")
this is not Python
