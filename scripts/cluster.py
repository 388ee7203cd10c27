"""Run a control plane for a developer until Ctrl-C: `make cluster`.

It is what the tests run against: a real API server with its controllers, and kwok in the kubelet's place, so that pods are
ready at once and nothing runs in them. Standard library only.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.until_stopped import interrupt_by_signals, own_folder  # noqa: E402 - the tree's root is on the path only now
from tests.cluster import parts  # noqa: E402 - as above
from tests.cluster.control_plane import ControlPlane, control_plane  # noqa: E402 - as above
from tests.cluster.processes import EndedError  # noqa: E402 - as above
from tests.tools import build  # noqa: E402 - as above


def describe(plane: ControlPlane) -> None:
    """Say how to use it, and how to end it."""
    print(f"Kubernetes runs at {plane.address}. In another terminal:\n")
    print(f"  export KUBECONFIG={plane.kubeconfig()}")
    for name in ("kubectl", "helm4"):
        if build.paths()[name].exists():
            print(f"  alias {'helm' if name == 'helm4' else name}={build.paths()[name]}")
    print("\nLogs:", plane.folder)
    print("Ctrl-C stops it, and everything in it is gone.", flush=True)


def main() -> int:
    """Run it until somebody stops it (0), or until a part of it ends (1)."""
    interrupt_by_signals()
    programs = {name: build.paths()[name] for name in parts.PROGRAMS}
    try:
        with own_folder("chartgen-cluster-") as folder, control_plane(folder, programs) as plane:
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


if __name__ == "__main__":
    sys.exit(main())
