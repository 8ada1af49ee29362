"""For a program that a test starts: to die at the nth call of a function, before it or after it."""

KILL_AFTER = """
import os, signal

def kill_after(owner, name, count, before):
    real = getattr(owner, name)
    left = [count]
    def wrapped(*args, **more):
        left[0] -= 1
        if before and left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **more)
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)
"""
