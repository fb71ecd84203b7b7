"""What makers give away of themselves: fields observed, signatures over them, entities, and the matching.

In go observations and the files of ``signatures/``, out comes evidence. Pure: no sockets, no clock, no store.
"""
