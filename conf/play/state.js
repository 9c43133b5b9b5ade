// @ts-check
"use strict";

// What a page shows, as text: in its address, and as JSON. Whatever stands there is read without an error; what can't be
// used is said, and the default takes its place.
{
  /**
   * @param {unknown} text
   * @param {number} longest
   */
  const quoted = (text, longest = 40) => {
    const whole = String(text);
    return `"${whole.length > longest ? `${whole.slice(0, longest)}…` : whole}"`;
  };

  /**
   * @param {string} text
   * @param {{ low: number, high: number, open?: boolean, whole?: boolean }} accepted
   * @returns {number | string} the number, or what is accepted
   */
  function number(text, { low, high, open = false, whole = false }) {
    const value = text.trim() === "" ? NaN : Number(text);
    const inside = Number.isFinite(value) && (open ? value > low : value >= low) && value <= high;
    if (inside && (!whole || Number.isInteger(value))) return value;
    const ends = [low > -Infinity && `${open ? "more than" : "at least"} ${low}`, high < Infinity && `at most ${high}`];
    return [whole ? "a whole number" : "a number", ends.filter(Boolean).join(" and ")].filter(Boolean).join(" of ");
  }

  /**
   * Read one function, "leaky_relu(alpha=0.2)".
   * @param {string} text
   * @returns {{ choice: Choice | null, fault: string }}
   */
  function choice(text) {
    const [, name = "", given = ""] = /^\s*([\w]+)\s*(?:\((.*)\))?\s*$/.exec(text) ?? [];
    const entry = Object.hasOwn(actdocs.functions, name) ? actdocs.functions[name] : null;
    if (!entry) return { choice: null, fault: `no function is called ${quoted(text)}` };
    const p = entry.parameters.map((one) => one.value);
    for (const part of given.split(",").filter((one) => one.trim())) {
      const [key, value = ""] = part.split("=").map((one) => one.trim());
      const place = entry.parameters.findIndex((one) => one.name === key);
      if (place < 0) {
        const known = entry.parameters.map((one) => one.name).join(", ") || "none";
        return { choice: null, fault: `${quoted(key)} is no parameter of ${name}; accepted: ${known}` };
      }
      const { words } = entry.parameters[place];
      const found = words ? words.indexOf(value) : number(value, entry.parameters[place]);
      const accepted = found === -1 && words ? words.join(" or ") : typeof found === "string" && found;
      if (accepted) return { choice: null, fault: `${key} of ${name} must be ${accepted}, got ${quoted(value)}` };
      p[place] = Number(found);
    }
    const wrong = entry.parameters.find(({ most }, k) => most !== undefined && p[k] > p[most]);
    if (wrong) {
      const other = entry.parameters[Number(wrong.most)].name;
      return { choice: null, fault: `${wrong.name} of ${name} must be at most its ${other}` };
    }
    return { choice: { name, p }, fault: "" };
  }

  /**
   * Write one function; parameters at their defaults are left out.
   * @param {Choice} chosen
   */
  function named({ name, p }) {
    const given = actdocs.functions[name].parameters.flatMap(({ name: key, value, words }, k) =>
      p[k] === value ? [] : [`${key}=${words ? words[p[k]] : p[k]}`],
    );
    return given.length ? `${name}(${given.join(",")})` : name;
  }

  /**
   * Read one field.
   * @param {Field} field
   * @param {string[]} given
   * @returns {{ value: any, fault: string }} the value, or what is wrong
   */
  function field(field, given) {
    /** @param {string} accepted */
    const fail = (accepted) => ({ value: field.value, fault: `must be ${accepted}, got ${quoted(given.join(", "))}` });
    /** @param {any} value */
    const take = (value) => ({ value, fault: "" });
    const [first = ""] = given;
    switch (field.kind) {
      case "number": {
        const found = number(given.length === 1 ? first : "", field);
        return typeof found === "number" ? take(found) : fail(found);
      }
      case "word":
        return given.length === 1 && field.words.includes(first) ? take(first) : fail(`one of ${field.words.join(", ")}`);
      case "flag":
        return ["true", "false"].includes(given.join()) ? take(first === "true") : fail("true or false");
      case "text":
        return given.length === 1 && first.length <= field.longest
          ? take(first)
          : fail(`a text of at most ${field.longest} characters`);
      case "numbers": {
        const parts = given.join() ? given.flatMap((one) => one.split(",")) : [];
        const found = parts.map((one) => number(one, field));
        const right = found.length >= field.least && found.length <= field.most && found.every((one) => typeof one === "number");
        const many = field.least === field.most ? field.least : `${field.least} to ${field.most}`;
        return right ? take(found) : fail(`${many} numbers, each ${number("", field)}`);
      }
      case "words": {
        const right = given.length >= field.least && given.length <= field.most && given.every((one) => field.words.includes(one));
        return right ? take(given) : fail(`${field.least} to ${field.most} of ${field.words.join(", ")}`);
      }
      case "functions": {
        const found = given.map(choice);
        const wrong = found.find(({ fault }) => fault);
        if (wrong) return { value: field.value, fault: `can't be used: ${wrong.fault}` };
        const right = found.length >= field.least && found.length <= field.most;
        return right ? take(found.map((one) => one.choice)) : fail(`${field.least} to ${field.most} functions`);
      }
    }
  }

  /**
   * @param {Schema} schema
   * @param {Map<string, string[]>} given
   */
  function read(schema, given) {
    const state = structuredClone(Object.fromEntries(Object.entries(schema).map(([key, { value }]) => [key, value])));
    const faults = [];
    for (const [key, values] of given) {
      if (!Object.hasOwn(schema, key)) {
        faults.push(`${quoted(key)} is not known here; known: ${Object.keys(schema).join(", ")}`);
        continue;
      }
      const { value, fault } = field(schema[key], values);
      state[key] = structuredClone(value);
      if (fault) faults.push(`${key} ${fault}`);
    }
    return { state, faults };
  }

  /**
   * A field's value as the texts that it is read from.
   * @param {Field} field
   * @param {any} value
   * @returns {string[]}
   */
  function written(field, value) {
    if (field.kind === "functions") return value.map(named);
    return Array.isArray(value) ? value.map(String) : [String(value)];
  }

  /**
   * @param {Schema} schema
   * @param {State} state
   * @returns {[string, string[]][]} what differs from the defaults
   */
  const changed = (schema, state) =>
    Object.entries(schema).flatMap(([key, one]) => {
      const [now, before] = [state[key], one.value].map((value) => written(one, value));
      return JSON.stringify(now) === JSON.stringify(before) ? [] : [/** @type {[string, string[]]} */ ([key, now])];
    });

  let waiting = 0;

  actdocs.state = {
    choice,
    named,
    read(schema, hash) {
      const given = new Map();
      for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
        given.set(key, [...(given.get(key) ?? []), value]);
      }
      return read(schema, given);
    },
    write(schema, state) {
      const parameters = new URLSearchParams();
      for (const [key, values] of changed(schema, state)) {
        for (const value of schema[key].kind === "numbers" ? [values.join()] : values) parameters.append(key, value);
      }
      // These mean nothing else behind a "#", and an address is read by people.
      return String(parameters).replace(/%(28|29|2C|3D)/g, decodeURIComponent);
    },
    remember(hash) {
      // Browsers refuse an address that changes more often.
      clearTimeout(waiting);
      waiting = setTimeout(() => history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search), 300);
    },
    fromJson(schema, text) {
      let found;
      try {
        found = JSON.parse(text);
      } catch (error) {
        return { ...read(schema, new Map()), faults: [`this is no JSON: ${/** @type {Error} */ (error).message}`] };
      }
      if (typeof found !== "object" || !found || Array.isArray(found)) {
        return { ...read(schema, new Map()), faults: [`the JSON must be an object, got ${quoted(text)}`] };
      }
      const pairs = Object.entries(found).map(([key, value]) => [key, [value].flat(1).map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one)))]);
      return read(schema, new Map(/** @type {[string, string[]][]} */ (pairs)));
    },
    toJson(schema, state) {
      const pairs = Object.entries(schema).map(([key, one]) => {
        const value = one.kind === "functions" ? written(one, state[key]) : state[key];
        return [key, value];
      });
      return `${JSON.stringify(Object.fromEntries(pairs), null, 1)}\n`;
    },
  };
}
