"""Find each library's functions and layers by name, and read their defaults from the libraries themselves."""

from __future__ import annotations

import ast
import inspect
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

import actdocs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actdocs import Activation

    from .libraries import NumPy

# Where to look, by framework: library, module.
PLACES = {
    "tensorflow": (
        ("tensorflow", "tf.nn"),
        ("tensorflow", "tf.math"),
        ("keras", "keras.activations"),
        ("keras", "keras.ops"),
        ("keras", "keras.layers"),
    ),
    "pytorch": (("torch", "torch.nn.functional"), ("torch", "torch.nn")),
    "jax": (("jax", "jax.nn"),),
}
# Keywords that mean a parameter of the catalogue under a name that no call of the catalogue's uses.
SAME = {"dim": "axis", "lambd": "threshold", "init": "alpha", "alpha_initializer": "alpha"}
# Keywords that change where or how a result is kept, not what it is.
ASIDE = {"name", "inplace", "dtype", "device", "training", "out", "num_parameters", "mask", "where"}
SAMPLE = [-2.5, -1.0, 1.0, 2.5]


def plain(name: str) -> str:
    """Write a name without what libraries differ in."""
    return name.rpartition(".")[2].replace("_", "").lower()


def by_name() -> dict[str, Activation]:
    """Give the entry that a plain name means."""
    return {plain(name): entry for entry in actdocs.catalogue() for name in (entry.name, *entry.aliases)}


def meanings(entry: Activation) -> dict[str, str]:
    """Give the entry's parameter for each keyword that a library uses."""
    calls = (ast.parse(f"f({text})", mode="eval").body for text in entry.frameworks.arguments.values())
    keywords = [keyword for call in calls for keyword in call.keywords]
    names = {keyword.arg: names for keyword in keywords if len(names := names_in(keyword.value, entry)) == 1}
    return {key: found[0] for key, found in names.items()} | SAME


def names_in(node: ast.expr, entry: Activation) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in entry.parameters]


def functions(library: NumPy) -> Iterator[tuple[Activation, str, str, Any]]:
    """Find everything that bears an entry's name."""
    known = by_name()
    for label, module in PLACES.get(library.framework, ()):
        place = eval(module, dict(library.names))
        for name in sorted(dir(place)):
            item = getattr(place, name)
            if plain(name) in known and callable(item) and not name.startswith("_") and not name.endswith("_"):
                yield known[plain(name)], label, f"{module}.{name}", item


def keywords(item: Any, library: NumPy) -> list[tuple[str, bool, Any]]:
    """List keyword, whether it is required, and default of a function or layer."""
    try:
        parameters = list(inspect.signature(item).parameters.values())
        found = [
            (part.name, part.default is part.empty, None if part.default is part.empty else part.default)
            for part in parameters
            if part.kind in (part.POSITIONAL_OR_KEYWORD, part.KEYWORD_ONLY)
        ]
    except ValueError:  # written in C++, with a schema of its own
        overloads = getattr(library.torch.ops.aten, item.__name__, None)
        if overloads is None or "default" not in overloads.overloads():
            return []
        arguments = overloads.default._schema.arguments
        found = [(part.name, not part.has_default_value(), part.default_value) for part in arguments]
    return found if isinstance(item, type) else found[1:]


def onnx_rows(library: NumPy) -> Iterator[tuple[Activation, str, list[tuple[str, bool, Any]]]]:
    """Read the attributes of ONNX's operators."""
    onnx = library.names["onnx"]
    known = {name: [entry] for name, entry in by_name().items()}
    named = frozenset(known)
    for entry in actdocs.catalogue():
        operator = plain(entry.frameworks.onnx or "")
        if operator and operator not in named and onnx_attributes(entry):
            known.setdefault(operator, []).append(entry)
    for schema in onnx.defs.get_all_schemas():
        if schema.domain == "" and plain(schema.name) in known:
            attributes = []
            for name, attribute in schema.attributes.items():
                value = (
                    onnx.helper.get_attribute_value(attribute.default_value) if attribute.default_value.name else None
                )
                value = value.decode() if isinstance(value, bytes) else value
                # Attributes are in single precision; as few digits as tell them apart.
                value = float(str(np.float32(value))) if isinstance(value, float) else value
                attributes.append((name, attribute.required, value))
            yield from ((entry, schema.name, attributes) for entry in known[plain(schema.name)])


def onnx_attributes(entry: Activation) -> bool:
    """Tell whether the entry's call of its operator is about its own parameters."""
    call = ast.parse(f"f({entry.frameworks.arguments.get('onnx', '')})", mode="eval").body
    return any(names_in(keyword.value, entry) for keyword in call.keywords)


def defaults(library: NumPy) -> dict[str, Any]:
    """Read the defaults of one framework."""
    rows, functions_found, calls = [], [], []
    if library.framework == "onnx":
        items = [(entry, "onnx", name, None, found) for entry, name, found in onnx_rows(library)]
    else:
        items = [(entry, label, name, item, keywords(item, library)) for entry, label, name, item in functions(library)]
    for entry, label, name, item, found in items:
        meaning = meanings(entry)
        if any(required and keyword not in {*entry.parameters, *meaning} for keyword, required, _ in found):
            continue  # another thing of that name, such as PyTorch's layer Linear
        functions_found.append([entry.name, label, name])
        for keyword, required, default in found:
            listed = keyword in entry.parameters or keyword in meaning or isinstance(default, (int, float, str))
            if keyword in ASIDE or keyword.startswith("_") or not listed:
                continue
            value = default if isinstance(default, (bool, int, float, str)) else None
            parameter = meaning.get(keyword, keyword)
            rows.append(row(entry.name, parameter, label, name, keyword, value, required))
        if entry.elementwise and item is not None and (gives := sample(item, library)):
            calls.append({"entry": entry.name, "library": label, "name": name, "x": SAMPLE, "y": gives})
    if library.framework == "tensorflow":
        rows += layers(library.names["keras"].layers)
    return {"defaults": rows, "functions": functions_found, "calls": calls}


def row(
    entry: str, parameter: str, library: str, name: str, keyword: str | None, default: Any, required: bool = False
) -> dict[str, Any]:
    """Make one row of the table."""
    return {
        "entry": entry,
        "parameter": parameter,
        "library": library,
        "name": name,
        "keyword": keyword,
        "default": default,
        "required": required,
    }


def sample(item: Any, library: NumPy) -> list[float] | None:
    """Call a function or a fresh layer with nothing but numbers."""
    x = library.array(np.array(SAMPLE), "float32")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function = item() if isinstance(item, type) else item
            if library.framework == "pytorch" and isinstance(item, type):
                function.eval()  # no random slopes
            return [float(f"{number:.7g}") for number in library.doubles(function(x)).tolist()]
    except Exception:  # needs more than x
        return None


def layers(place: Any) -> Iterator[dict[str, Any]]:
    """Find the layers that have an activation inside, and which."""
    for name in sorted(dir(place)):
        item = getattr(place, name)
        if not isinstance(item, type):
            continue
        for keyword, _, default in keywords(item, NotImplemented):
            if keyword.endswith("activation") and isinstance(default, str):
                yield row(actdocs.get(default).name, keyword, "keras", f"keras.layers.{name}", keyword, default)


def missing(rows: list[dict[str, Any]], found: list[list[str]]) -> list[dict[str, Any]]:
    """Add a row wherever a function lacks a keyword that another library's has."""
    have = {(row["entry"], row["parameter"], row["name"]) for row in rows}
    wanted = {(row["entry"], row["parameter"]) for row in rows if not row["parameter"].endswith("activation")}
    return [
        row(entry, parameter, library, name, None, None)
        for entry, library, name in found
        for owner, parameter in sorted(wanted)
        if owner == entry and (entry, parameter, name) not in have
    ]
