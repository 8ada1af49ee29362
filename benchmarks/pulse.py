"""A sound card made of PulseAudio: a loudspeaker that keeps time, and a microphone that hears what it plays. Linux."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

SYSTEM_CONF = Path("/usr/share/alsa/alsa.conf")
SINK = "module-null-sink", "sink_name=speaker", "rate=44100"


class Pulse:
    """A server of its own in `folder`. Point the environment at it before PortAudio is loaded.

    Needs Debian's pulseaudio, pulseaudio-utils and libasound2-plugins.
    """

    def __init__(self, folder: Path) -> None:
        run, conf = folder / "run", folder / "asoundrc"
        run.mkdir(mode=0o700)
        conf.write_text(f"<{SYSTEM_CONF}>\npcm.!default {{ type pulse }}\nctl.!default {{ type pulse }}\n")
        self.environment = {"XDG_RUNTIME_DIR": str(run), "HOME": str(folder), "ALSA_CONFIG_PATH": str(conf)}
        self._socket = run / "pulse" / "native"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Plug it in. RuntimeError when it does not come."""
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"]
        modules = ["-L", " ".join(SINK), "-L", "module-native-protocol-unix"]
        self._socket.unlink(missing_ok=True)
        self._server = subprocess.Popen([*command, *modules], env=os.environ | self.environment)
        deadline = time.monotonic() + 20
        while not self._socket.exists():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("pulseaudio does not start here")
            time.sleep(0.05)

    def kill(self) -> None:
        """The server dies at once."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def unplug(self) -> None:
        """The loudspeaker goes, and the microphone with it; the server stays."""
        self._control("unload-module", "module-null-sink")

    def plug(self) -> None:
        """The loudspeaker is there again."""
        self._control("load-module", *SINK)

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        """Play a file through the loudspeaker."""
        command = ["paplay", "-d", "speaker", str(path)]
        return subprocess.Popen(command, env=os.environ | self.environment, stderr=subprocess.DEVNULL)

    def _control(self, *words: str) -> None:
        subprocess.run(["pactl", *words], env=os.environ | self.environment, check=True, stdout=subprocess.DEVNULL)
