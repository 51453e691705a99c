"""What the code of a firmware module does with constants.

A decoder for each processor turns instructions into a few operations (``operations``); ``follower``
follows values (``values``) through them. So a witness asks what the code means, "which constant is
FvLength compared with?", and its answer holds for any compiler, register allocation and
optimisation. Nothing is executed.
"""
