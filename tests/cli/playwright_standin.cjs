// In Playwright's place for `--list`: finds lines as `test("title"` and `describe("title"` in spec files, narrows them
// by file, line and --grep as Playwright does, and tells the reporters of the config. It runs no test.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const words = process.argv.slice(2);
const after = (name) => words[words.indexOf(name) + 1];
const grep = words.find((word) => word.startsWith("--grep="))?.slice("--grep=".length);
const filters = words.filter((word) => word.startsWith("^"));

async function main() {
  if (process.env.QGJOB_STANDIN_WAITS) {
    fs.writeFileSync(process.env.QGJOB_STANDIN_WAITS, `${process.pid}`);
    setInterval(() => {}, 1000);
    return;
  }
  const { default: config } = await import(pathToFileURL(after("--config")).href);
  const reporters = config.reporter.map(([file, options]) => new (require(file))(options));
  const say = (name, ...given) => reporters.forEach((reporter) => reporter[name](...given));
  const files = specsBelow(config.testDir);
  const broken = files.find((file) => fs.readFileSync(file, "utf8").includes("syntax error"));
  const tests = broken ? [] : files.flatMap((file) => testsOf(file));
  say("onBegin", { version: "1.59.1", metadata: config.metadata }, { allTests: () => tests });
  if (broken) say("onError", { message: "SyntaxError: Unexpected token", location: { file: broken, line: 1, column: 1 } });
  else if (!tests.length) say("onError", { message: "Error: No tests found" });
  say("onEnd", { status: tests.length ? "passed" : "failed", duration: 1 });
}

function specsBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return specsBelow(full);
    return /\.(spec|test)\.[cm]?[jt]s$/.test(entry.name) ? [full] : [];
  }).sort();
}

/** A block ends with the next line that begins with a brace; one that is serial runs as a whole. */
function testsOf(file) {
  const found = [];
  let block = null;
  fs.readFileSync(file, "utf8").split("\n").forEach((text, place) => {
    const line = place + 1;
    const described = /^test\.describe(\.serial)?\("([^"]*)"/.exec(text);
    const test = /^\s*test\("([^"]*)"/.exec(text);
    if (described) block = { line, title: described[2], serial: Boolean(described[1]) };
    else if (/^}/.test(text)) block = null;
    if (test && isPicked(file, line, block, test[1])) found.push(testAt(file, line, block, test[1]));
  });
  return found;
}

function isPicked(file, line, block, title) {
  const named = filters.length === 0 || filters.some((filter) => {
    const [, pattern, at] = /^(.*?)(?::(\d+))?$/.exec(filter);
    return new RegExp(pattern).test(file) && (!at || [line, block?.line].includes(Number(at)));
  });
  return named && (!grep || new RegExp(grep, "i").test(`android ${path.basename(file)} ${block?.title ?? ""} ${title}`));
}

function testAt(file, line, block, title) {
  return {
    id: `${path.basename(file)}-${line}`,
    titlePath: () => ["", "android", path.basename(file), ...(block ? [block.title] : []), title],
    location: { file, line, column: 1 },
    parent: block?.serial ? serial(file, block) : undefined,
  };
}

function serial(file, block) {
  return { type: "describe", _parallelMode: "serial", location: { file, line: block.line, column: 1 }, parent: undefined };
}

main();
