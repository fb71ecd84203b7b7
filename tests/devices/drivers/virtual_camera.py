"""Run ipycam as a camera at one address: ADDRESS [USER PASSWORD]. For the interpreter that has ipycam."""

import logging
import sys
import time

import numpy
from ipycam import CameraConfig, IPCamera, configure_logging

address, *login = sys.argv[1:]
configure_logging(level=logging.DEBUG)
user, password = login or ("", "")
camera = IPCamera(
    CameraConfig(local_ip=address, username=user, password=password, main_width=320, main_height=180, main_fps=2)
)
if not camera.start():
    sys.exit("ipycam did not start")
while True:
    camera.stream(numpy.zeros((180, 320, 3), dtype=numpy.uint8))
    time.sleep(0.5)
