"""The catalogue as plain data: one record an activation, for JSON, CSV and whatever else reads them.

Each field is written down once in ``FIELDS``: what it means, what it may hold, and how it comes out of an entry. The
records, their JSON Schema, the columns of the CSV file and the site's description of them all follow from there.
Nothing here needs more than the package itself; facts with their proofs and the bibliography are handed in.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from actdocs import palette
from actdocs.catalogue import Activation, catalogue, get
from actdocs.parameters import Axis, Seed

__all__ = ["FACTS", "FIELDS", "PROPERTIES", "Field", "csv_text", "json_text", "record", "records", "schema"]

Record = dict[str, Any]
Bibliography = Mapping[str, Mapping[str, Any]]
Schema = dict[str, Any]

LIBRARIES = ("tensorflow", "keras", "pytorch", "jax", "onnx")


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a record.

    Attributes
    ----------
    description : str
        What it means, as the site and the schema say it.
    schema : dict
        What it may hold, in JSON Schema.
    of : callable
        From an entry to the field's value.
    """

    description: str
    schema: Schema
    of: Callable[[Activation], Any]


# What an activation may be called in one word: the word, what it means, and whether an entry is it.
PROPERTIES: dict[str, tuple[str, Callable[[Activation], bool]]] = {
    "element-wise": ("each value depends on one input alone", lambda entry: entry.elementwise),
    "monotone": ("it never decreases", lambda entry: entry.monotonic is True),
    "smooth": ("it has derivatives of every order everywhere", lambda entry: entry.smoothness == math.inf),
    "kinks": ("its derivative or its value jumps somewhere", lambda entry: bool(entry.kinks)),
    "jumps": ("its value jumps somewhere", lambda entry: entry.smoothness < 0),
    "bounded": ("its values stay between two numbers", lambda entry: _finite(entry.bounds.low, entry.bounds.high)),
    "bounded below": ("its values stay above a number", lambda entry: _finite(entry.bounds.low)),
    "saturates": ("it tends to a number at minus or plus infinity", lambda entry: any(map(_finite, entry.limits))),
    "1-Lipschitz": ("it never moves two values further apart than their inputs", lambda entry: entry.lipschitz <= 1),
    "zero at zero": ("it maps 0 to 0", lambda entry: entry.elementwise and entry(0.0) == 0.0),
    "parameters": ("it has parameters other than an axis or a seed", lambda entry: bool(_shaping(entry))),
}


def _finite(*numbers: float) -> bool:
    return all(map(math.isfinite, numbers))


def _shaping(entry: Activation) -> list[str]:
    """Name the parameters that change the function's shape."""
    return [name for name, domain in entry.domains.items() if not isinstance(domain, Axis | Seed)]


def _object(**properties: Schema) -> Schema:
    """Describe an object that has exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(what: Schema) -> Schema:
    return {"anyOf": [what, {"type": "null"}]}


_TEXT: Schema = {"type": "string"}
_WORD: Schema = {"type": "string", "minLength": 1}
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"$ref": "#/$defs/number"}
_COLOR: Schema = {"type": "string", "pattern": "^#[0-9a-f]{6}$"}
_YEAR: Schema = _or_null({"type": "integer", "minimum": 1600, "maximum": 2100})
_PARAMETER = _object(name=_TEXT, default={}, kind=_TEXT, accepts=_TEXT)
_REFERENCE = _object(key=_TEXT, authors=_list(_TEXT), title=_or_null(_TEXT), year=_YEAR)
_REFERENCE["properties"] |= {"doi": _TEXT, "arxiv": _TEXT}
_SIZE: Schema = {"anyOf": [{"type": "number", "minimum": 0}, {"const": "Infinity"}]}
_CLASS: Schema = {"anyOf": [{"type": "integer", "minimum": -1}, {"const": "Infinity"}]}
_BOUNDS = _object(low=_NUMBER, high=_NUMBER, low_attained=_FLAG, high_attained=_FLAG)
_STRETCH = {"low": _NUMBER, "high": _NUMBER, "low_included": _FLAG, "high_included": _FLAG}
_ROOTS = _object(points=_list(_NUMBER), stretches=_list(_object(**_STRETCH)))


def _sides(what: Schema) -> Schema:
    return {"type": "array", "items": what, "minItems": 2, "maxItems": 2}


# The bare value of each kind of fact.
FACTS: dict[str, Schema] = {
    "range": _BOUNDS,
    "limits": _sides(_or_null(_NUMBER)),
    "asymptotes": _sides(_or_null(_sides(_NUMBER))),
    "monotone": _list(_object(**_STRETCH, word={"enum": ["rises", "falls", "is constant", "swings"]})),
    "convex": _list(_object(**_STRETCH, word={"enum": ["convex", "concave", "straight", "swings"]})),
    "smoothness": _CLASS,
    "kinks": _list(_NUMBER),
    "zeros": _ROOTS,
    "extrema": _list(_object(x=_NUMBER, y=_NUMBER, kind={"enum": ["minimum", "maximum"]})),
    "lipschitz": _SIZE,
    "fixed_points": _ROOTS,
    "saturation": _sides(
        _object(side={"enum": ["left", "right"]}, kind={"enum": ["hard", "soft", "none"]}, place=_or_null(_NUMBER))
    ),
    "parity": {"enum": ["odd", "even", "point", "none"]},
    "moments": _object(mean=_NUMBER, variance=_SIZE),
    "gain": _SIZE,
}
_FACT = {
    "anyOf": [
        _object(kind={"const": kind}, text=_WORD, proved=_FLAG, scope=_TEXT, value=value)
        for kind, value in FACTS.items()
    ]
}

FIELDS: dict[str, Field] = {
    "name": Field(
        "The function's name in the package.",
        {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        lambda entry: entry.name,
    ),
    "title": Field("Its name in prose.", _WORD, lambda entry: entry.title),
    "aliases": Field("Other names in use.", _list(_TEXT), lambda entry: entry.aliases),
    "family": Field("Its family.", {"enum": list(palette.FAMILIES)}, lambda entry: entry.family),
    "summary": Field("What it does, in a sentence.", _TEXT, lambda entry: entry.summary),
    "elementwise": Field("Whether each value depends on one input alone.", _FLAG, lambda entry: entry.elementwise),
    "definition": Field(
        "The formula as a Python expression in `x` and the parameters.", _TEXT, lambda entry: entry.definition
    ),
    "derivative_definition": Field(
        "The derivative likewise; entry (i, j) of the Jacobian for a function along an axis.",
        _TEXT,
        lambda entry: entry.derivative_definition,
    ),
    "formula": Field("The formula as LaTeX.", _TEXT, lambda entry: entry.formula),
    "derivative_formula": Field("The derivative as LaTeX.", _TEXT, lambda entry: entry.derivative_formula),
    "parameters": Field(
        "Each parameter: its name, its default, the kind of value and what is accepted, in words.",
        _list(_PARAMETER),
        lambda entry: [
            {
                "name": name,
                "default": default,
                "kind": type(entry.domains[name]).__name__.lower(),
                "accepts": str(entry.domains[name]),
            }
            for name, default in entry.parameters.items()
        ],
    ),
    "bounds": Field(
        "Infimum and supremum of the values, and whether each is a value. This and all that follows holds at the "
        "default parameters.",
        _BOUNDS,
        lambda entry: entry.bounds._asdict(),
    ),
    "limits": Field(
        "Limits at minus and plus infinity; null where there is none.",
        _object(left=_or_null(_NUMBER), right=_or_null(_NUMBER)),
        lambda entry: dict(zip(("left", "right"), entry.limits, strict=True)),
    ),
    "lipschitz": Field("The smallest Lipschitz constant.", _SIZE, lambda entry: entry.lipschitz),
    "monotonic": Field(
        "Whether it never decreases; null where the question makes no sense.",
        _or_null(_FLAG),
        lambda entry: entry.monotonic,
    ),
    "smoothness": Field(
        "The number of continuous derivatives: -1 at a jump, Infinity for a smooth function.",
        _CLASS,
        lambda entry: entry.smoothness,
    ),
    "kinks": Field("Where derivative or value jump.", _list(_NUMBER), lambda entry: entry.kinks),
    "minimum": Field(
        "Place and value of the lowest point of a function that is not monotonic; null where there is none.",
        _or_null(_object(x=_NUMBER, y=_NUMBER)),
        lambda entry: entry.minimum and dict(zip("xy", entry.minimum, strict=True)),
    ),
    "properties": Field(
        "Words that hold of it: " + "; ".join(f"`{word}`, {what}" for word, (what, _) in PROPERTIES.items()) + ".",
        _list({"enum": list(PROPERTIES)}),
        lambda entry: [word for word, (_, holds) in PROPERTIES.items() if holds(entry)],
    ),
    "frameworks": Field(
        "Its exact name in each library; null where the library has none.",
        _object(**dict.fromkeys(LIBRARIES, _or_null(_TEXT))),
        lambda entry: {name: getattr(entry.frameworks, name) for name in LIBRARIES},
    ),
    "arguments": Field(
        "What a library's function takes besides the input, in terms of the parameters here.",
        {"type": "object", "properties": dict.fromkeys(LIBRARIES, _TEXT), "additionalProperties": False},
        lambda entry: entry.frameworks.arguments,
    ),
    "approximations": Field(
        "Entries that stand in for it, each with its parameters.",
        {"type": "object", "additionalProperties": {"type": "object"}},
        lambda entry: entry.approximations,
    ),
    "color": Field("Its colour on light ground.", _COLOR, lambda entry: entry.color),
    "color_dark": Field("Its colour on dark ground.", _COLOR, lambda entry: entry.color_dark),
}
# What comes from outside the catalogue.
_ADDED: dict[str, tuple[str, Schema]] = {
    "year": ("The year of its origin, the first reference.", _YEAR),
    "references": ("Origin first, then other works; authors, title and year from the bibliography.", _list(_REFERENCE)),
    "facts": (
        "What was shown of it: the kind of fact, a sentence in Markdown with formulas, whether it was proved or only "
        "checked, where that holds, and the bare value.",
        _list(_FACT),
    ),
}


def schema() -> Schema:
    """Describe the JSON file as a JSON Schema.

    Returns
    -------
    dict
        In the dialect of 2020-12.

    Examples
    --------
    >>> schema()["$defs"]["activation"]["properties"]["lipschitz"]["description"]
    'The smallest Lipschitz constant.'
    """
    fields = {name: {**field.schema, "description": field.description} for name, field in FIELDS.items()}
    fields |= {name: {**what, "description": description} for name, (description, what) in _ADDED.items()}
    number = {
        "description": "A number; JSON has no infinity, so that infinite ones are words.",
        "anyOf": [{"type": "number"}, {"enum": ["Infinity", "-Infinity"]}],
    }
    activation = {**_object(**fields), "description": "One activation function."}
    file = _object(version=_TEXT, license=_TEXT, activations=_list({"$ref": "#/$defs/activation"}))
    file["properties"] = {"$schema": _TEXT, **file["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A catalogue of activation functions",
        **file,
        "$defs": {"number": number, "activation": activation},
    }


def record(entry: str | Activation, *, facts: Iterable[Any] = (), bibliography: Bibliography | None = None) -> Record:
    """Make the record of one entry.

    Parameters
    ----------
    entry : str or Activation
        Of the catalogue, or its name.
    facts : iterable of dataclass instances, optional
        What was proved or checked of it.
    bibliography : mapping of str to mapping, optional
        For each key of a reference its ``authors``, ``title`` and ``year``, and ``doi`` and ``arxiv`` where it has
        them; a work that is not in it has null in their place.

    Returns
    -------
    dict
        Text, numbers, booleans, None, lists and dictionaries alone: infinite numbers are the words ``"Infinity"`` and
        ``"-Infinity"``, which ``float`` reads, and NaN is None.

    Examples
    --------
    >>> record("relu")["bounds"]
    {'low': 0.0, 'high': 'Infinity', 'low_attained': True, 'high_attained': False}
    """
    entry = get(entry)
    unknown: dict[str, Any] = {"authors": [], "title": None, "year": None}
    references = [{"key": key, **unknown, **(bibliography or {}).get(key, {})} for key in entry.references]
    added = {
        "year": references[0]["year"] if references else None,
        "references": references,
        "facts": [dataclasses.asdict(fact) for fact in facts],
    }
    return {name: _plain(value) for name, value in {**{n: f.of(entry) for n, f in FIELDS.items()}, **added}.items()}


def records(
    *, facts: Callable[[Activation], Iterable[Any]] | None = None, bibliography: Bibliography | None = None
) -> list[Record]:
    """Make the records of the whole catalogue, in its order.

    Parameters
    ----------
    facts : callable, optional
        From an entry to what was proved or checked of it.
    bibliography : mapping of str to mapping, optional
        As for :func:`record`.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> [one["name"] for one in records() if one["family"] == "linear"][0]
    'identity'
    """
    return [record(entry, facts=facts(entry) if facts else (), bibliography=bibliography) for entry in catalogue()]


def _plain(value: Any) -> Any:
    """Turn a value into what JSON has."""
    match value:
        case bool() | int() | str() | None:
            return value
        case float():
            if math.isfinite(value):
                return value
            return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case Iterable():
            return [_plain(part) for part in value]
    raise TypeError(f"value must be a number, text, a mapping or a sequence of these, got {value!r}")


def json_text(rows: Sequence[Record]) -> str:
    """Write records as the JSON file.

    Parameters
    ----------
    rows : sequence of dict
        From :func:`records`.

    Returns
    -------
    str

    Examples
    --------
    >>> [row["name"] for row in json.loads(json_text(records()))["activations"]][0]
    'identity'
    """
    file = {
        "$schema": "activations.schema.json",
        "version": version("actdocs"),
        "license": "CC-BY-4.0",
        "activations": rows,
    }
    return json.dumps(file, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def csv_text(rows: Sequence[Record]) -> str:
    """Write records as the CSV file, one row an activation.

    An object takes a column for each of its properties, ``bounds.low``. A list of words or numbers is parted by
    semicolons. Each kind of fact takes two columns, its value and whether it was proved. Anything deeper is JSON, and
    so is the empty list, ``[]``. An empty cell is null.

    Parameters
    ----------
    rows : sequence of dict
        From :func:`records`.

    Returns
    -------
    str

    Examples
    --------
    >>> head, *lines = csv_text(records()).splitlines()
    >>> head.split(",")[:4], len(lines) == len(catalogue())
    (['name', 'title', 'aliases', 'family'], True)
    """
    flat = [_flat(row) for row in rows]
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(key for row in flat for key in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return file.getvalue()


def _flat(row: Record) -> dict[str, str]:
    """Spread a record over columns."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        parts = FIELDS[name].schema if name in FIELDS else {}
        nested = next((part for part in (parts, *parts.get("anyOf", ())) if "properties" in part), None)
        if name == "facts":
            for fact in value:
                cells[f"facts.{fact['kind']}"] = _cell(fact["value"])
                cells[f"facts.{fact['kind']}.proved"] = _cell(fact["proved"])
        elif nested:
            cells |= {f"{name}.{key}": _cell((value or {}).get(key)) for key in nested["properties"]}
        else:
            cells[name] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case [*parts] if parts and all(isinstance(part, str | int | float) for part in parts):
            return ";".join(map(_cell, parts))
    return json.dumps(value, ensure_ascii=False)
