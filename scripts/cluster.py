"""Run a control plane for a developer until Ctrl-C: `make cluster`.

It is what the tests run against: a real API server with its controllers, and kwok in the kubelet's place, so that pods are
ready at once and nothing runs in them. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

_PREFIX, _PID = "chartgen-cluster-", "pid"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.cluster import parts  # noqa: E402 - the tree's root is on the path only now
from tests.cluster.control_plane import ControlPlane, control_plane  # noqa: E402
from tests.cluster.processes import EndedError  # noqa: E402
from tests.tools import build  # noqa: E402


def describe(plane: ControlPlane) -> None:
    """Say how to use it, and how to end it."""
    print(f"Kubernetes runs at {plane.address}. In another terminal:\n")
    print(f"  export KUBECONFIG={plane.kubeconfig()}")
    for name in ("kubectl", "helm4"):
        if build.paths()[name].exists():
            print(f"  alias {'helm' if name == 'helm4' else name}={build.paths()[name]}")
    print("\nLogs:", plane.folder)
    print("Ctrl-C stops it, and everything in it is gone.", flush=True)


def sweep() -> None:
    """Remove the folders of those that were killed before they could do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            os.kill(int((folder / _PID).read_text(encoding="ascii")), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):
            continue  # somebody else's, or one that is starting


def main() -> int:
    """Run it until somebody stops it (0), or until a part of it ends (1)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    sweep()
    programs = {name: build.paths()[name] for name in parts.PROGRAMS}
    try:
        with (
            tempfile.TemporaryDirectory(prefix=_PREFIX) as folder,
            control_plane(Path(folder), programs) as plane,
        ):
            (Path(folder) / _PID).write_text(str(os.getpid()), encoding="ascii")
            describe(plane)
            while True:
                time.sleep(1)
                plane.processes.check()
    except KeyboardInterrupt:
        print("\nstopped")
        return 0
    except (EndedError, TimeoutError, FileNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
