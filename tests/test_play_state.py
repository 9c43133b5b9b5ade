"""What a page shows as text: whatever stands in an address or a file, it is read, and what is wrong is said."""

from __future__ import annotations

import json
import random
import string

from scripts import run

SCHEMA = """
const schema = {
  f: { kind: "functions", value: [{ name: "relu", p: [] }], least: 1, most: 6 },
  rate: { kind: "number", value: 0.1, low: 0.001, high: 10 },
  depth: { kind: "number", value: 2, low: 0, high: 6, whole: true },
  data: { kind: "word", value: "circle", words: ["circle", "xor"] },
  log: { kind: "flag", value: false },
  code: { kind: "text", value: "", longest: 20 },
  x: { kind: "numbers", value: [-5, 5], low: -100, high: 100, least: 2, most: 2 },
  show: { kind: "words", value: ["value"], words: ["value", "derivative"], least: 1, most: 2 },
};
"""


def read(text: str) -> dict:
    return run(f"{SCHEMA} return actdocs.state.read(schema, given);", text, "state")


def test_an_address_says_what_is_to_be_seen():
    found = read(
        "#f=leaky_relu(alpha=0.2)&f=gelu(approximate=tanh)&rate=0.5&depth=3&data=xor&log=true&x=-2,2&code=a=b%26c"
    )
    assert found["faults"] == []
    assert found["state"] == {
        "f": [{"name": "leaky_relu", "p": [0.2]}, {"name": "gelu", "p": [1]}],
        "rate": 0.5,
        "depth": 3,
        "data": "xor",
        "log": True,
        "code": "a=b&c",
        "x": [-2, 2],
        "show": ["value"],
    }


def test_each_fault_names_the_key_its_value_and_what_is_accepted():
    wrong = {
        "rate=0": 'rate must be a number of at least 0.001 and at most 10, got "0"',
        "rate=fast": 'rate must be a number of at least 0.001 and at most 10, got "fast"',
        "rate=": 'rate must be a number of at least 0.001 and at most 10, got ""',
        "depth=1.5": 'depth must be a whole number of at least 0 and at most 6, got "1.5"',
        "data=moon": 'data must be one of circle, xor, got "moon"',
        "log=yes": 'log must be true or false, got "yes"',
        "x=1": 'x must be 2 numbers, each a number of at least -100 and at most 100, got "1"',
        "show=all": 'show must be 1 to 2 of value, derivative, got "all"',
        "nosuch=1": '"nosuch" is not known here; known: f, rate, depth, data, log, code, x, show',
        "f=rely": 'f can\'t be used: no function is called "rely"',
        "f=__proto__": 'f can\'t be used: no function is called "__proto__"',
        "f=elu(alpha=-1)": 'f can\'t be used: alpha of elu must be a number of at least 0, got "-1"',
        "f=celu(alpha=0)": 'f can\'t be used: alpha of celu must be a number of more than 0, got "0"',
        "f=elu(beta=1)": 'f can\'t be used: "beta" is no parameter of elu; accepted: alpha',
        "f=gelu(approximate=yes)": 'f can\'t be used: approximate of gelu must be none or tanh, got "yes"',
        "f=rrelu(lower=1)": "f can't be used: lower of rrelu must be at most its upper",
    }
    code = f"{SCHEMA} return given.map((text) => actdocs.state.read(schema, text));"
    for (text, fault), found in zip(wrong.items(), run(code, list(wrong), "state"), strict=True):
        assert found["faults"] == [fault], text
        assert found["state"]["rate"] == 0.1
        assert found["state"]["f"] == [{"name": "relu", "p": []}]


def test_what_is_written_is_read_again_and_defaults_are_left_out():
    code = f"""{SCHEMA}
      const {{ state }} = actdocs.state.read(schema, given);
      const text = actdocs.state.write(schema, state);
      const json = actdocs.state.toJson(schema, state);
      return [text, actdocs.state.read(schema, "#" + text), json, actdocs.state.fromJson(schema, json), state];"""
    text, again, json_text, from_json, state = run(
        code, "#f=srelu(t_l=-2,a_r=0.1)&code=%20%C3%A9%26%23&x=0,1&rate=0.1", "state"
    )
    assert text == "f=srelu(a_r=0.1,t_l=-2)&code=+%C3%A9%26%23&x=0,1"
    assert again == {"state": state, "faults": []}
    assert from_json == {"state": state, "faults": []}
    assert json.loads(json_text)["f"] == ["srelu(a_r=0.1,t_l=-2)"]


def test_every_function_is_named_and_found_again():
    code = """return Object.values(actdocs.functions).map((entry) => {
      const p = entry.parameters.map((one) => one.words ? one.words.length - 1 : one.value);
      return [actdocs.state.choice(actdocs.state.named({ name: entry.name, p })), entry.name, p];
    });"""
    for found, name, p in run(code, None, "state"):
        assert found == {"choice": {"name": name, "p": p}, "fault": ""}


def garbled(count: int) -> list[str]:
    """Make texts that are nearly right, or not at all."""
    draw = random.Random(0)
    right = "f=leaky_relu(alpha=0.2)&f=gelu&rate=0.5&depth=3&data=xor&log=true&x=-2,2&show=value"
    made = []
    for _ in range(count):
        letters = list(right)
        for _ in range(draw.randrange(1, 9)):
            place = draw.randrange(len(letters))
            letters[place : place + draw.randrange(3)] = draw.choice(
                [
                    draw.choice(string.printable),
                    "%",
                    "%zz",
                    "\0",
                    "é",
                    "NaN",
                    "Infinity",
                    "1e999",
                    "-",
                    "(",
                    "[",
                    "{",
                    "f=",
                    '"',
                ]
            )
        made.append("".join(letters[: draw.randrange(len(letters) + 1)]))
    return made


def test_ten_thousand_garbled_addresses_and_files_are_read_without_an_error():
    texts = garbled(10_000)
    code = f"""{SCHEMA}
      const known = (one) => Object.hasOwn(actdocs.functions, one.name) && one.p.every(Number.isFinite);
      const sound = ({{ rate, depth, x, f, data }}) => rate >= 0.001 && rate <= 10 && Number.isInteger(depth)
        && x.length === 2 && x.every(Number.isFinite) && f.length && f.every(known) && ["circle", "xor"].includes(data);
      let faults = 0;
      for (const text of given) {{
        for (const found of [
          actdocs.state.read(schema, text),
          actdocs.state.fromJson(schema, text),
          actdocs.state.fromJson(schema, JSON.stringify({{ f: text, rate: text.length, depth: [text], data: null }})),
        ]) {{
          if (!sound(found.state) || !found.faults.every((one) => typeof one === "string" && one)) return text;
          faults += found.faults.length;
        }}
      }}
      return faults;"""
    assert run(code, texts, "state") > 10_000
