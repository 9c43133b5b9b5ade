"""Run blocks of code in this fresh interpreter as if they were pasted one after the other.

Reads a JSON list of blocks from standard input; writes, for each, what it printed, or the error that it ended with.
The value of a last expression is printed, as a notebook and a prompt do.
"""

import ast
import contextlib
import io
import json
import os
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


def main() -> None:
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
        if error and not alone:
            break
    json.dump(answers, sys.stdout)


main()
