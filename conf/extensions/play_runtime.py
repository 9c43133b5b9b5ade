"""MicroPython in one plain script, which the page of the reader's own function loads when it is first asked for.

The package has an ES module that fetches its WebAssembly: neither works from a file. So the module becomes code of a
classic worker, the WebAssembly text in base64, and both go into one script with the worker's own code.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "@micropython/micropython-webassembly-pyscript"
# What is replaced in the module: how often it is there, and what comes in its place.
CHANGES = {
    "export default _createMicroPythonModule;": (1, ""),
    "export async function loadMicroPython(": (1, "async function loadMicroPython("),
    # Asked for to find files, of which none is needed.
    "import.meta.url": (4, '""'),
    "let Module={locateFile:": (1, "let Module={wasmBinary:options.wasm,locateFile:"),
}
LEFT = re.compile(r"import\.meta|(?:^|[;}\n])\s*(?:export|import)\b(?!\s*\()")


def glue(module: str) -> str:
    """Turn the text of the ES module into code that gives a worker the function ``micropython(options)``."""
    for text, (count, other) in CHANGES.items():
        if module.count(text) != count:
            raise ExtensionError(f"{PACKAGE}: {text!r} should be there {count} times, got {module.count(text)}")
        module = module.replace(text, other)
    left = LEFT.search(module)
    if left:
        raise ExtensionError(f"{PACKAGE}: {left[0]!r} is left, which no classic script may have")
    # In a function, since the module waits at its top level.
    return f"globalThis.micropython = async (options) => {{\n{module}\nreturn loadMicroPython(options);\n}};\n"


def micropython_source(packages: Path, worker: str) -> str:
    """Write the script.

    Parameters
    ----------
    packages : Path
        The folder ``node_modules``.
    worker : str
        The code of the worker, which is to come before MicroPython's.
    """
    folder = packages / PACKAGE
    module, wasm = folder / "micropython.mjs", folder / "micropython.wasm"
    parts = {
        "glue": glue(module.read_text(encoding="utf-8")),
        "wasm": base64.b64encode(wasm.read_bytes()).decode(),
        "worker": worker,
    }
    return f"actdocs.micropython = {json.dumps(parts)};\n"
