// A Playwright reporter that appends one JSON line per event to a file, for the agent to read while the tests run.
// A file survives a crash of either side; every text and list in a line is bounded. Given nothing to say on the console.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const MOST_CASES = 10_000;
const MOST_STEPS = 100;
const DEEPEST_STEP = 2;
const MOST_ERRORS = 10;
const MOST_ATTACHMENTS = 50;
const MOST_TEXT = 8000;
const MOST_TITLE = 1000;
const SIGN_EVERY_MS = 1000;
// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

const text = (value, most = MOST_TEXT) => {
  const plain = String(value ?? "").replace(ANSI, "");
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
};

class EventReporter {
  /** @param {{ file: string, root: string }} options the event file; the project's folder, which paths are told from */
  constructor({ file, root }) {
    this.root = root;
    this.descriptor = fs.openSync(file, "a");
    this.wroteAt = 0;
  }

  printsToStdio() {
    return false;
  }

  onBegin(config, suite) {
    const tests = inRunningOrder(suite.allTests());
    if (tests.length > MOST_CASES) throw new Error(`${tests.length} tests are more than the ${MOST_CASES} that qgjob runs at once.`);
    const { retries, timeout_ms, build_path } = config.metadata.qgjob ?? {};
    const cases = tests.map((test) => this.caseOf(test));
    this.write({ event: "began", playwright: config.version, retries, timeout_ms, build_path, cases });
  }

  onTestBegin(test, result) {
    this.write({ event: "case_began", case_id: test.id, retry: result.retry });
  }

  onStepBegin() {
    this.showLife();
  }

  onStepEnd() {
    this.showLife();
  }

  onStdOut() {
    this.showLife();
  }

  onStdErr() {
    this.showLife();
  }

  onTestEnd(test, result) {
    this.write({
      event: "case_ended",
      case_id: test.id,
      retry: result.retry,
      status: result.status,
      expected: test.expectedStatus,
      outcome: test.outcome(),
      ms: Math.max(0, Math.round(result.duration)),
      errors: result.errors.slice(0, MOST_ERRORS).map((error) => this.errorOf(error)),
      steps: flattened(result.steps),
      attachments: result.attachments.slice(0, MOST_ATTACHMENTS).map(({ name, path: file, contentType }) => ({
        name: text(name, MOST_TITLE),
        path: file ?? null,
        content_type: text(contentType, MOST_TITLE),
      })),
    });
  }

  onError(error) {
    this.write({ event: "failed", ...this.errorOf(error) });
  }

  onEnd(result) {
    this.write({ event: "ended", status: result.status, ms: Math.max(0, Math.round(result.duration)) });
  }

  caseOf(test) {
    const [, , , ...titles] = test.titlePath(); // after the root, the project and the file
    const file = specOf(test);
    return {
      case_id: test.id,
      title: text(titles.join(" › "), MOST_TITLE),
      file: this.relative(file),
      line: lineIn(file, test),
      select_line: selectLine(file, test),
      lines: linesOf(file, test),
    };
  }

  errorOf(error) {
    const { location } = error;
    return {
      message: text(error.message ?? error.value ?? "unknown error"),
      location: location ? { file: this.relative(location.file), line: location.line } : null,
    };
  }

  /** Inside the project a path relative to it with forward slashes, outside it the path as it is. */
  relative(file) {
    const relative = path.relative(this.root, file);
    return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative.split(path.sep).join("/");
  }

  /** Between a case's begin and end there may be minutes: whoever waits should know that it moves. */
  showLife() {
    if (Date.now() - this.wroteAt >= SIGN_EVERY_MS) this.write({ event: "alive" });
  }

  write(event) {
    this.wroteAt = Date.now();
    fs.writeSync(this.descriptor, `${JSON.stringify({ at_ms: Date.now(), ...event })}\n`);
  }
}

/** The spec file that a test belongs to; a helper in another file may have declared it. */
function specOf(test) {
  for (let suite = test.parent; suite; suite = suite.parent) {
    if ((suite.type ?? suite._type) === "file") return suite.location.file;
  }
  return test.location.file;
}

/** The line in its spec file at which a test stands, or what it is in; 0 where all of it was declared elsewhere. */
function lineIn(file, test) {
  for (let part = test; part; part = part.parent) {
    if (part.location?.file === file) return part.location.line;
  }
  return 0;
}

/**
 * The line by which `file:line` runs a test, with what must run with it: the cases of a serial block go together.
 * 0 where only the whole file does.
 */
function selectLine(file, test) {
  let part = test;
  for (let suite = test.parent; suite; suite = suite.parent) {
    if (suite._parallelMode === undefined) return 0; // a Playwright that does not tell which blocks are serial
    if (suite._parallelMode === "serial") part = suite;
  }
  return part.location?.file === file ? part.location.line : 0;
}

/** The lines by which `file:line` picks a test: its own and those of the blocks around it. */
function linesOf(file, test) {
  const lines = new Set();
  for (let part = test; part; part = part.parent) {
    if (part.location?.file === file && part.location.line > 0) lines.add(part.location.line);
  }
  return [...lines];
}

/**
 * Tests in the order in which Playwright's only worker runs them: those that can share a worker process together, of
 * them each file, and of a file first what is in no parallel block.
 */
function inRunningOrder(tests) {
  const hashes = new Map(), files = new Map();
  const place = (map, key) => map.get(key) ?? map.set(key, map.size).get(key);
  const keyed = tests.map((test) => {
    const hash = place(hashes, test._workerHash);
    return { test, key: [hash, place(files, `${hash} ${specOf(test)}`), parallelRank(test)] };
  });
  keyed.sort((one, other) => {
    const differs = one.key.findIndex((part, index) => part !== other.key[index]);
    return differs < 0 ? 0 : one.key[differs] - other.key[differs];
  });
  return keyed.map(({ test }) => test);
}

/** 0: in no parallel block; 1: in one; 2: in one with hooks for all of it, which Playwright leaves for the end. */
function parallelRank(test) {
  let parallel = false, sequential = false, hooks = false;
  for (let suite = test.parent; suite; suite = suite.parent) {
    parallel ||= suite._parallelMode === "parallel";
    sequential ||= suite._parallelMode === "serial" || suite._parallelMode === "default";
    hooks ||= suite._hooks?.some(({ type }) => type === "beforeAll" || type === "afterAll") ?? false;
  }
  return !parallel ? 0 : hooks && !sequential ? 2 : 1;
}

/** Steps in the order they began, outer ones first, each with its depth. */
function flattened(steps, depth = 0, into = []) {
  for (const step of steps) {
    if (into.length >= MOST_STEPS) break;
    into.push({
      title: text(step.title, MOST_TITLE),
      category: text(step.category, MOST_TITLE),
      ms: Math.max(0, Math.round(step.duration)),
      depth,
      failed: step.error !== undefined,
    });
    if (depth < DEEPEST_STEP) flattened(step.steps, depth + 1, into);
  }
  return into;
}

module.exports = EventReporter;
