import os

print("leaving by the window", flush=True)
os._exit(0)
