// Shorten scripts: JSON {name: text} on standard input and on standard output. The one argument is the folder whose
// node_modules holds terser. Names at the top of a classic script are those of the page, and stay.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { minify } = createRequire(process.argv[2] + "/")("terser");

const made = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  made[name] = (await minify({ [name]: text }, { ecma: 2022, compress: { passes: 2 } })).code;
}
process.stdout.write(JSON.stringify(made));
