// Evaluate an expression on pages in Firefox: node firefox.mjs PACKAGES EXPRESSION ADDRESS...
//
// PACKAGES is the folder node_modules with puppeteer-core; FIREFOX may name the program. An expression may be a promise.
// On standard output: [{"address": …, "value": …, "errors": [what the console and the page said was wrong]}].
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, expression, ...addresses] = process.argv.slice(2);
const { launch } = createRequire(`${packages}/`)("puppeteer-core");
const places = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"];

const browser = await launch({
  browser: "firefox",
  executablePath: places.find((place) => place && existsSync(place)),
  headless: true,
  // As every reader has it: puppeteer switches Firefox's policy for files off, and then everything would pass.
  extraPrefsFirefox: { "security.fileuri.strict_origin_policy": true },
});
const found = [];
try {
  for (const address of addresses) {
    const page = await browser.newPage();
    const errors = [];
    page.on("console", (message) => ["error", "warn"].includes(message.type()) && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    let value = null;
    try {
      await page.goto(address, { waitUntil: "load" });
      value = await page.evaluate(expression);
    } catch (error) {
      errors.push(String(error));
    }
    found.push({ address, value: value ?? null, errors });
    await page.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(found));
