"""What becomes of MicroPython's package: one plain script."""

from __future__ import annotations

import base64
import json
import subprocess

import pytest
from sphinx.errors import ExtensionError

from extensions import play_runtime
from extensions.maths import program

MODULE = (
    "async function _createMicroPythonModule(given={}){"
    "if(globalThis.nowhere)var a=import.meta.url,b=import.meta.url,c=import.meta.url;"
    'return{...given,seen:"no export here"}}'
    "export default _createMicroPythonModule;export async function loadMicroPython(options){"
    "const{heapsize:heapsize}=options;let Module={locateFile:path=>path};"
    "return{heapsize,...await _createMicroPythonModule(Module)}}"
    'if(globalThis.nowhere){const path=await import("path");path.resolve(import.meta.url)}class Last{}'
)
WASM = bytes(range(256))


@pytest.fixture
def packages(tmp_path):
    folder = tmp_path / play_runtime.PACKAGE
    folder.mkdir(parents=True)
    (folder / "micropython.mjs").write_text(MODULE, encoding="utf-8")
    (folder / "micropython.wasm").write_bytes(WASM)
    return tmp_path


def node(code: str) -> object:
    done = subprocess.run(
        [program("node"), "--input-type=commonjs", "-e", code], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_script_has_glue_wasm_and_worker(packages):
    text = play_runtime.micropython_source(packages, "work('é </script>');")
    found = node(f"const actdocs = {{}}; {text} process.stdout.write(JSON.stringify(actdocs.micropython))")
    assert set(found) == {"glue", "wasm", "worker"}
    assert base64.b64decode(found["wasm"]) == WASM
    assert found["worker"] == "work('é </script>');"
    assert text.isascii()


def test_the_module_becomes_classic_code_that_is_given_its_webassembly():
    made = json.dumps(play_runtime.glue(MODULE))
    found = node(
        f"new (require('vm').Script)({made}).runInThisContext();"
        "micropython({wasm: 'bytes', heapsize: 4}).then((one) => process.stdout.write(JSON.stringify(one)))"
    )
    assert found == {"heapsize": 4, "wasmBinary": "bytes", "seen": "no export here"}


@pytest.mark.parametrize("text", play_runtime.CHANGES)
def test_a_package_that_was_changed_is_refused_with_what_is_missing(text):
    with pytest.raises(ExtensionError) as caught:
        play_runtime.glue(MODULE.replace(text, "", 1))
    count = play_runtime.CHANGES[text][0]
    assert str(caught.value) == f"{play_runtime.PACKAGE}: {text!r} should be there {count} times, got {count - 1}"


@pytest.mark.parametrize("text", ["export const version=1;", "\nexport{a};", "\nimport a from 'b';", "import.meta.env"])
def test_what_no_classic_script_may_have_is_found(text):
    with pytest.raises(ExtensionError, match="is left, which no classic script may have"):
        play_runtime.glue(f"{MODULE}\n{text}")
