"""The one place that imports TensorFlow: late, and without its log lines."""

from __future__ import annotations

import importlib
import logging
import os
import re
import sys
import tempfile
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["import_keras", "import_tensorflow"]

# TensorFlow writes these during the import, before it reads TF_CPP_MIN_LOG_LEVEL.
_NOISE = re.compile(rb"(I\d{4} |WARNING: All log messages before absl).*\n?")


def import_tensorflow() -> Any:
    """Import TensorFlow.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If TensorFlow or Keras is missing, or Keras is set to another backend.
    """
    if "tensorflow" not in sys.modules:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        with _no_log_lines(), warnings.catch_warnings():
            # What the libraries' own modules deprecate is not the business of whoever trains a network.
            warnings.simplefilter("ignore")
            _load("tensorflow")
        logging.getLogger("tensorflow").addFilter(_is_news)
    return _load("tensorflow")


def import_keras() -> Any:
    """Import Keras on TensorFlow; answer and errors are those of :func:`import_tensorflow`."""
    import_tensorflow()
    keras = _load("keras")
    if keras.config.backend() != "tensorflow":
        raise ImportError(f"KERAS_BACKEND must be 'tensorflow', got {keras.config.backend()!r}")
    return keras


def _load(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ImportError(f'training needs {error.name}: pip install "actdocs[train]"') from error


def _is_news(record: logging.LogRecord) -> bool:
    """Pass over the advice to compile less often: here each network is compiled once, as it has to be."""
    return "triggered tf.function retracing" not in record.getMessage()


@contextmanager
def _no_log_lines() -> Iterator[None]:
    """Hold back what C++ code writes to the standard error stream, and pass on all but the noise."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not _NOISE.match(line):
                    os.write(2, line)
