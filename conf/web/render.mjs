// Turn LaTeX into MathML: JSON [[tex, display], …] on standard input, [[mathml, error], …] on standard output.
// The one argument is the folder whose node_modules holds temml.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const temml = createRequire(process.argv[2] + "/")("temml");

const answers = JSON.parse(readFileSync(0, "utf8")).map(([tex, display]) => {
  try {
    return [temml.renderToString(tex, { displayMode: display, throwOnError: true, strict: true }), null];
  } catch (error) {
    return [null, error.message];
  }
});
process.stdout.write(JSON.stringify(answers));
