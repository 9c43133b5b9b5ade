"""Scripts of the pages, run by Node without a page."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from extensions.maths import program
from extensions.play import functions_source

PLAY = Path(__file__).parents[1] / "conf" / "play"


def run(code: str, given: Any = None, *parts: str) -> Any:
    """Run code after the table of functions and the named scripts; it gets ``given`` and its answer is returned.

    Numbers that JSON doesn't know come and go as the texts "NaN", "Infinity" and "-Infinity".
    """
    sources = [functions_source(), *((PLAY / f"{part}.js").read_text(encoding="utf-8") for part in parts)]
    script = "\n".join(
        [
            *sources,
            "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));",
            "const special = (key, value) => typeof value === 'number' && !Number.isFinite(value) ? String(value)",
            "  : ArrayBuffer.isView(value) ? Array.from(value) : value;",
            f"const answer = (() => {{ {code} }})();",
            "process.stdout.write(JSON.stringify(answer ?? null, special));",
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "script.cjs")  # too long for a command line
        file.write_text(script, encoding="utf-8")
        command = [program("node"), str(file)]
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
