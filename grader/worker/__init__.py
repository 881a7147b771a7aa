"""The untrusted side: runs a learner's code in its own process and answers over a socket.

Standard library and numpy only; nothing here imports the rest of the package, so that no
hidden test, reference solution or seed can ever be in this process.
"""
