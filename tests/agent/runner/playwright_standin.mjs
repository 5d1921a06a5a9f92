// In Playwright's place: loads the config it is given, makes the reporters of it that are files, and tells them a story
// of one case. Which story, QGJOB_STORY says. No test is run.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const words = process.argv.slice(2);
const story = process.env.QGJOB_STORY;
if (story === "never begins") setInterval(() => {}, 1000);
else if (story === "exits as it loads") {
  console.error("TEST_USER is not set");
  process.exit(1);
} else if (story === "finds the disk full as it loads") {
  console.error("Error: ENOSPC: no space left on device, write");
  process.exit(1);
} else if (story === "is killed as it loads") process.kill(process.pid, "SIGKILL");
else await tell();

async function tell() {
  const { default: config } = await import(pathToFileURL(words[words.indexOf("--config") + 1]).href);
  const reporters = config.reporter
    .filter(([name]) => name.startsWith("/"))
    .map(([file, options]) => new (createRequire(import.meta.url)(file))(options));
  const say = (name, ...given) => reporters.forEach((reporter) => reporter[name](...given));
  const test = {
    id: "c1",
    expectedStatus: "passed",
    outcome: () => "expected",
    titlePath: () => ["", "android", "a.spec.js", "works"],
    location: { file: `${process.cwd()}/tests/a.spec.js`, line: 1, column: 1 },
  };
  const result = { status: "passed", retry: 0, duration: 5, errors: [], steps: [], attachments: [] };
  const end = (status) => say("onEnd", { status, duration: 10 });
  const tests = story === "cannot be loaded" || story === "finds no tests" ? [] : [test];

  process.on("SIGINT", () => {
    if (story === "is deaf") return;
    say("onTestEnd", test, { ...result, status: "interrupted" });
    end("interrupted");
    process.exit(130);
  });
  console.log(JSON.stringify({ words, gateway: process.env.QGJOB_GATEWAY_PORT }));
  say("onBegin", { version: "1.59.1", metadata: config.metadata }, { allTests: () => tests });

  switch (story) {
    case "cannot be loaded":
      say("onError", { message: "SyntaxError: Unexpected token", location: { ...test.location, line: 3 } });
      end("failed");
      process.exit(1);
    case "finds no tests":
      say("onError", { message: "Error: No tests found.\nMake sure …" });
      end("failed");
      process.exit(1);
    case "lists":
      return end("passed");
  }
  say("onTestBegin", test, result);
  switch (story) {
    case "crashes":
      console.log("FATAL ERROR: heap out of memory");
      process.exit(134);
    case "writes nonsense":
      process.getBuiltinModule("fs").writeSync(reporters[0].descriptor, "nonsense\n");
      return setInterval(() => {}, 1000);
    case "leaves a child behind":
      spawn("sleep", ["600"], { stdio: "inherit" }).unref();
      break;
    case "leaves a daemon behind":
      const daemon = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
      daemon.unref();
      console.log(`daemon ${daemon.pid}`);
      break;
    case "hangs":
    case "is deaf":
      return setInterval(() => {}, 1000);
  }
  say("onTestEnd", test, result);
  end("passed");
  if (story === "does not exit") setInterval(() => {}, 1000);
}
