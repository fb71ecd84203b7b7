#!/bin/sh
# Install the servers that others wrote, by package name, for tests/devices.
#   tests/devices/install.sh FOLDER     then   export CAMAUDIT_DEVICES=FOLDER
# Debian packages go to the system (needs root); pip and npm packages go into FOLDER only.
# A part that fails is said and passed over: the tests skip that device by name.
set -u
folder=${1:?usage: install.sh FOLDER}
mkdir -p "$folder" || exit 2
folder=$(cd "$folder" && pwd)

system_packages() {
    # Packages of servers start them at once; nothing may listen here but what a test starts.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    node=
    command -v npm >/dev/null || node="nodejs npm"
    apt-get -o DPkg::Lock::Timeout=600 update -q
    apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends \
        iproute2 python3 python3-venv python3-gi gir1.2-gst-rtsp-server-1.0 $node \
        gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
        vlc-bin vlc-plugin-base vlc-plugin-access-extra \
        ffmpeg wsdd cups-daemon nginx-light lighttpd minidlna
}

python_packages() {
    "${PYTHON:-python3}" -m venv "$folder/venv" &&
        "$folder/venv/bin/python" -m pip install -q --disable-pip-version-check ipycam==1.3.0 rtsp-rs==0.1.8
}

node_packages() {
    mkdir -p "$folder/node" &&
        npm install --prefix "$folder/node" --no-audit --no-fund --silent \
            onvif@0.6.2 coffeescript@1 dot@1 ip@1
}

failed=0
for part in system_packages python_packages node_packages; do
    if ! $part; then
        echo "install.sh: $part: failed; its devices will be skipped" >&2
        failed=1
    fi
done
exit $failed
