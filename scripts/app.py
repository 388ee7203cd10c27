"""Run the reference application until Ctrl-C: `make app`, or `make app PORT=8080`.

Redis, the backend, its worker, and the built page behind nginx, into which the real entrypoint puts the settings. These lie in a
ConfigMap as a file: whenever it is saved, what a kubelet would do after `kubectl apply` is done, and open pages follow.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.until_stopped import interrupt_by_signals, own_folder  # noqa: E402 - the tree's root is on the path only now
from tests.app.page import application, parts  # noqa: E402 - as above
from tests.app.page.config_map import ConfigMapFile, RefusedError  # noqa: E402 - as above
from tests.cluster.processes import EndedError  # noqa: E402 - as above

CONFIG_MAP = parts.EXAMPLE / "k8s" / "eks" / "configmap.yaml"


def describe(app: application.Application, settings: Path) -> None:
    """Say where it is, and how to change and end it."""
    print(f"The page:      {app.address}")
    print(f"Its settings:  {settings}  (edit and save: open pages follow)")
    print(f"Logs:          {app.folder}")
    print("Ctrl-C stops it, and everything in it is gone.", flush=True)


class News:
    """What a log said since it was last looked at."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = log.stat().st_size

    def tell(self) -> None:
        """Print it."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        if text:
            print(text.decode(errors="replace").rstrip("\n"), flush=True)


def serve(app: application.Application, config_map: ConfigMapFile) -> NoReturn:
    """Bring each change of the ConfigMap to the page, until a part of the application ends."""
    verdicts = News(app.processes.log("entrypoint"))
    while True:
        time.sleep(0.5)
        app.processes.check()
        try:
            changed = config_map.changed()
        except RefusedError as error:
            print(f"{config_map.path}: {error}; nothing was changed", flush=True)
        else:
            if changed is not None:
                app.settings.swap(changed)
        verdicts.tell()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:9]) < 2**16):
        raise argparse.ArgumentTypeError("expected a port, a whole number up to 65535")
    return int(text)


def main() -> int:
    """Run it until somebody stops it (0), or until a part of it ends (1)."""
    parser = argparse.ArgumentParser(description="Run the reference application until Ctrl-C.")
    parser.add_argument("--port", type=_port, default=0, help="of the page; any free one if not given")
    port = parser.parse_args().port
    interrupt_by_signals()
    try:
        with own_folder("ideaforge-") as folder:
            config_map = ConfigMapFile.copied(CONFIG_MAP, folder / "configmap.yaml")
            with application.running(folder, config_map.data, port) as app:
                describe(app, config_map.path)
                serve(app, config_map)
    except KeyboardInterrupt:
        print("\nstopped")
        return 0
    except (EndedError, TimeoutError, parts.MissingPartError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
