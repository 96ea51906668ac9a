"""An S3 server on loopback, and the same behind a wire that takes its time."""

import contextlib
import os
import socket
import subprocess
import time

from inputs import HERE, bench_dir

KEY, SECRET = "tuban", "a-secret-for-tests"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing answers on port {port}; see BENCH_DIR/storage/log")


def environment(port):
    return {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


@contextlib.contextmanager
def storage_server(pair, delay):
    """Serves the images of a pair in the bucket "pair"; yields the environments for the server and for the slow wire to it."""
    root = os.path.abspath(os.path.join(bench_dir(), "storage"))
    for folder in ("bucket/pair", "sidecar"):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    for image in pair.images:
        link = os.path.join(root, "bucket/pair", os.path.basename(image))
        with contextlib.suppress(FileNotFoundError):
            os.remove(link)
        os.link(image, link)
    gateway = subprocess.run([os.path.join(HERE, "../storage.sh")], check=True, capture_output=True, text=True).stdout.strip()
    wire = os.path.join(bench_dir(), "delay")
    subprocess.run(["go", "build", "-o", wire, "./scripts/bench/delay"], check=True)
    near, far = free_port(), free_port()
    commands = [
        [gateway, "--port", f"127.0.0.1:{near}", "--access", KEY, "--secret", SECRET, "--keep-alive", "--quiet",
         "posix", "--sidecar", f"{root}/sidecar", f"{root}/bucket"],
        [wire, "-listen", f"127.0.0.1:{far}", "-to", f"127.0.0.1:{near}", "-by", delay],
    ]
    children = []
    log = open(os.path.join(root, "log"), "w")
    try:
        for command, port in zip(commands, (near, far)):
            children.append(subprocess.Popen(command, stdout=log, stderr=log))
            wait_for(port)
        yield environment(near), environment(far)
    finally:
        for child in children:
            child.terminate()
            child.wait()
        log.close()
