"""Run rtsp-rs at one address: ADDRESS PORT. For the interpreter that has rtsp-rs."""

import sys
import time

import rtsp

server = rtsp.Server(f"{sys.argv[1]}:{sys.argv[2]}")
server.start()
while True:
    time.sleep(1)
