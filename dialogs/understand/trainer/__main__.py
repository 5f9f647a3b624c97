"""python -m dialogs.understand.trainer compose | train | nlu | report | weights SPLIT FILE"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main() -> None:
    task = sys.argv[1] if len(sys.argv) > 1 else "report"
    started = time.perf_counter()
    if task == "compose":
        from dialogs.understand.trainer import compose

        print(f"{compose.write()} messages")
    elif task == "nlu":
        from dialogs.understand.trainer import nlu

        print(f"{nlu.write()} examples")
    elif task == "train":
        from dialogs.understand import model

        model.trained()
        print(f"reader {model.fingerprint()} ready after {time.perf_counter() - started:.1f} s")
    elif task == "weights":
        from dialogs.understand import model
        from dialogs.understand.trainer import train

        model.keep(Path(sys.argv[3]), train.train(sys.argv[2]))
    elif task == "report":
        from dialogs.understand.trainer import report

        print(report.text())
    else:
        print(__doc__, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
