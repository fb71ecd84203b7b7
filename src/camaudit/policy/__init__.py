"""What the rules say: instruments, packs, conditions of three values, judgement and waivers.

In go the files of ``policies/``, a site and its identified devices, out come findings that cite the register.
Pure: no sockets, no store, and no clock but the ``today`` that the caller hands in.
"""
