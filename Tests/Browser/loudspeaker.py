"""A loudspeaker of the tests' own: a PulseAudio server with one sink that leads nowhere."""

import os
import signal
import subprocess
import tempfile


class Loudspeaker:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="hearsay-pulse-")
        path = self.folder.name
        self.address = f"unix:{path}/native"
        self.environment = {"HOME": path, "XDG_RUNTIME_DIR": path, "PATH": "/usr/bin:/bin", "LC_ALL": "C",
                            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={path}/none"}
        modules = [f"module-native-protocol-unix auth-anonymous=1 socket={path}/native", "module-null-sink sink_name=hearsay rate=48000 norewinds=1"]
        self.process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=info", "--log-target=stderr", "--realtime=no",
             "--high-priority=no", "--use-pid-file=no", *[word for module in modules for word in ("-L", module)]],
            env=self.environment, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "startup complete" in line:
                break
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.drain.wait(10)
        self.folder.cleanup()
