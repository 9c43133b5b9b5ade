"""Run blocks of code in this fresh interpreter as if they were pasted one after the other.

``--alone`` gives each block a namespace of its own. ``--few`` hides every package that doesn't come with NumPy, SciPy,
Matplotlib or actdocs.

Reads a JSON list of blocks from standard input; writes, for each, what it printed, or the error that it ended with.
The value of a last expression is printed, as a notebook and a prompt do.
"""

import ast
import contextlib
import importlib.metadata
import io
import json
import os
import re
import sys
import traceback

os.environ |= {"MPLBACKEND": "agg", "TQDM_DISABLE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(code: str, space: dict[str, object]) -> None:
    *most, last = ast.parse(code).body
    exec(compile(ast.Module(most, []), "<pasted>", "exec"), space)
    if isinstance(last, ast.Expr) and not code.rstrip().endswith(";"):
        exec(compile(ast.Interactive([last]), "<pasted>", "single"), space)
    else:
        exec(compile(ast.Module([last], []), "<pasted>", "exec"), space)


class Few:
    """A finder that finds nothing and refuses what a reader with few packages doesn't have."""

    def __init__(self, *distributions: str) -> None:
        wanted, known = list(distributions), set()
        while wanted:
            name = re.sub("[-_.]+", "-", wanted.pop()).lower()
            if name not in known:
                known.add(name)
                needs = importlib.metadata.requires(name) or []
                wanted += [re.match(r"[\w.-]+", need)[0] for need in needs if "extra ==" not in need]
        modules = importlib.metadata.packages_distributions().items()
        self.hidden = {
            module for module, names in modules if not known & {re.sub("[-_.]+", "-", name).lower() for name in names}
        } - {"actdocs"}

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] in self.hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def main() -> None:
    if "--few" in sys.argv:
        sys.meta_path.insert(0, Few("numpy", "scipy", "matplotlib"))
    space: dict[str, object] = {"__name__": "__main__"}
    alone = "--alone" in sys.argv
    answers = []
    for code in json.load(sys.stdin):
        out, error = io.StringIO(), ""
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            try:
                run(code, {"__name__": "__main__"} if alone else space)
            except BaseException:
                error = traceback.format_exc(limit=-2)
        answers.append([out.getvalue(), error])
    json.dump(answers, sys.stdout)


main()
