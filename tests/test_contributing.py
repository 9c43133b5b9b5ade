"""What contributors and those who cite meet first: forms, hooks, sessions, the citation."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*-*.yml"))
TEXT = {"type": "string", "minLength": 1}
# The part of the Citation File Format 1.2 that the file uses.
AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {"name": TEXT}},
}
LICENCE = {"enum": ["BSD-3-Clause", "CC-BY-4.0"]}
CITED = {
    "type": "object",
    "required": ["type", "title", "authors"],
    "additionalProperties": False,
    "properties": {"type": {"const": "website"}, "title": TEXT, "authors": AUTHORS, "license": LICENCE},
}
CITATION = {
    "type": "object",
    "required": ["cff-version", "message", "title", "authors"],
    "additionalProperties": False,
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "message": TEXT,
        "title": TEXT,
        "abstract": TEXT,
        "type": {"enum": ["software", "dataset"]},
        "version": TEXT,
        "authors": AUTHORS,
        "license": LICENCE,
        "keywords": {"type": "array", "items": TEXT, "uniqueItems": True, "minItems": 1},
        "preferred-citation": CITED,
    },
}
FIELD = {
    "type": "object",
    "required": ["type", "id", "attributes"],
    "properties": {
        "type": {"enum": ["input", "textarea", "checkboxes"]},
        "id": {"pattern": "^[a-z-]+$"},
        "attributes": {"type": "object", "required": ["label"]},
        "validations": {"type": "object", "properties": {"required": {"type": "boolean"}}},
    },
}
FORM = {
    "type": "object",
    "required": ["name", "description", "body"],
    "properties": {"name": TEXT, "description": TEXT, "body": {"type": "array", "minItems": 1, "items": FIELD}},
}


def read(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_citation_is_valid_and_of_this_version():
    citation = read("CITATION.cff")
    jsonschema.validate(citation, CITATION)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert [one["name"] for one in citation["authors"]] == [one["name"] for one in project["authors"]]
    assert citation["title"] in (ROOT / "conf/conf.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_valid_and_asks_for_a_source(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.validate(form, FORM)
    names = [field["id"] for field in form["body"]]
    assert len(names) == len(set(names))
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert required & {"origin", "evidence"}


def test_both_forms_are_there():
    assert [path.stem for path in FORMS] == ["a-fact-is-wrong", "add-an-activation"]


def sessions() -> dict[str, str]:
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    marked = re.compile(r"task|nox\.session.*")
    return {
        node.name: ast.get_docstring(node) or ""
        for node in functions
        if any(marked.fullmatch(ast.unparse(one)) for one in node.decorator_list)
    }


def test_every_session_is_explained_in_one_line():
    assert {"docs", "tests", "lint", "browser"} <= sessions().keys()
    for name, text in sessions().items():
        assert text.endswith("."), name
        assert "\n" not in text, name


def test_hooks_and_templates_name_sessions_that_exist():
    hooks = [hook for one in read(".pre-commit-config.yaml")["repos"] for hook in one["hooks"]]
    assert {one["repo"] for one in read(".pre-commit-config.yaml")["repos"]} == {"local"}
    assert all(hook["language"] == "system" for hook in hooks)
    texts = [hook["entry"] for hook in hooks]
    texts += [
        (ROOT / name).read_text(encoding="utf-8") for name in (".github/PULL_REQUEST_TEMPLATE.md", "CONTRIBUTING.md")
    ]
    named = {
        name
        for text in texts
        for found in re.findall(r"(?:nox|noxfile\.py) -s ([a-z ]+)", text)
        for name in found.split()
    }
    assert {"lint", "tests", "doctest", "crosscheck"} <= named <= sessions().keys()
