"""Starts the simulator, gives a client of Twilio's own library for it, and a webhook receiver."""

import json
import os
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

ACCOUNT_SID = "AC000000000000000000000000000000aa"
AUTH_TOKEN = "9f1d6a0c5b2e4837a1c0d4e5f6071829"
MAIN_LINE = "+14155550134"
CUSTOMER = "+14155550162"
HOSTS = tuple(f"https://{name}.twilio.com" for name in ("api", "events", "messaging", "pricing"))


class SimulatorHttpClient(TwilioHttpClient):
    """Twilio's hosts are replaced by the simulator's: the library itself is as published."""

    def __init__(self, base_url):
        super().__init__(timeout=10)
        self.base_url = base_url

    def request(self, method, url, *args, **kwargs):
        for host in HOSTS:
            if url.startswith(host):
                url = self.base_url + url.removeprefix(host)
        if not url.startswith(f"{self.base_url}/"):
            raise RuntimeError(f"the library wants to call {url}, which is not the simulator")
        return super().request(method, url, *args, **kwargs)


class Simulator:
    def __init__(self):
        program = os.environ["TWILIO_SIM_BIN"]
        environment = {
            **os.environ,
            "TWILIO_SIM_PORT": "0",
            "TWILIO_SIM_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_SIM_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_SIM_ACCOUNT_NAME": "Alder Home",
        }
        self.process = subprocess.Popen(
            [program], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        self.base_url = self.process.stdout.readline().strip()
        if not self.base_url.startswith("http://127.0.0.1:"):
            raise RuntimeError("the simulator ended before it was ready")
        self.control("PUT", "timing", {"sent_after_ms": 0, "delivered_after_ms": 0})
        self.add_number(MAIN_LINE)

    def client(self, sid=ACCOUNT_SID, token=AUTH_TOKEN):
        return Client(sid, token, http_client=SimulatorHttpClient(self.base_url))

    def add_number(self, number):
        self.control("POST", "numbers", {"account_sid": ACCOUNT_SID, "phone_number": number})

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.base_url}/sim/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
        return json.loads(text) if text else None

    def settle(self):
        """Waits until nothing is on its way."""

        def is_quiet():
            outstanding = self.control("GET", "deliveries")["outstanding"]
            return all(count == 0 for count in outstanding.values())

        eventually("the simulator comes to rest", is_quiet)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def eventually(what, condition):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise TimeoutError(f"did not happen within thirty seconds: {what}")


class Receiver:
    """A webhook receiver that keeps what it gets, byte for byte, and answers 200."""

    def __init__(self):
        requests = self.requests = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                requests.append((self.path, self.headers, body.decode()))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base_url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
