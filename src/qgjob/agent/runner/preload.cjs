// Loaded by `node --require` into Playwright and all its children. It keeps an unmodified Appwright from re-installing
// drivers, from starting an Appium of its own and from killing everybody else's, and leads its fixed port 4723 to the
// gateway of this run. Every other child process and connection is left alone.
//
// What Appwright calls (0.1.1 to 0.1.46, src/providers/appium.ts): spawn("npx", ["appium", "driver", …]),
// spawn("npx", ["appium"]) and exec("pkill -f appium", callback).
"use strict";

const childProcess = require("node:child_process");
const { EventEmitter } = require("node:events");
const http = require("node:http");
const { createRequire, syncBuiltinESMExports } = require("node:module");
const net = require("node:net");
const path = require("node:path");
const { PassThrough } = require("node:stream");
const { promisify } = require("node:util");

const APPIUM_PORT = 4723;
const LISTENING = "[Appium] Appium REST http interface listener started (the agent's own Appium, through its gateway)\n";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1", "0.0.0.0"]);
const PKILL_APPIUM = /^\s*(?:pkill|killall)\s[^;&|]*appium[^;&|]*(?:\|\|\s*true\s*)?$/;

/** What to do instead of this command: "end" at once, "listen" as an Appium would, or null to leave it alone. */
function replacement(words) {
  const [program, ...rest] = words;
  if (path.basename(program ?? "").replace(/\.cmd$/i, "") !== "npx") return null;
  const [tool, ...args] = rest.slice(rest.findIndex((word) => !word.startsWith("-")));
  if (!/^appium(?:@|$)/.test(tool ?? "")) return null;
  if (args[0] === "driver") return ["install", "uninstall", "update"].includes(args[1]) ? "end" : null;
  return args.length === 0 || args[0] === "server" || args[0].startsWith("-") ? "listen" : null;
}

/** An object that behaves as the child process of a command that was not run. */
function standIn(words, deed) {
  const child = Object.assign(new EventEmitter(), {
    pid: undefined,
    stdin: new PassThrough().resume(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    exitCode: null,
    signalCode: null,
    killed: false,
    connected: false,
    spawnfile: words[0],
    spawnargs: words,
  });
  child.stdio = [child.stdin, child.stdout, child.stderr];
  child.ref = child.unref = () => child;
  const end = () => {
    if (child.exitCode !== null) return;
    child.exitCode = 0;
    child.stdout.end();
    child.stderr.end();
    child.emit("exit", 0, null);
    child.emit("close", 0, null);
  };
  child.kill = () => {
    child.killed = true;
    setImmediate(end);
    return true;
  };
  setImmediate(() => {
    child.emit("spawn");
    if (deed === "listen") child.stdout.write(LISTENING);
    else end();
  });
  return child;
}

const { spawn, exec } = childProcess;

childProcess.spawn = function (file, args) {
  // Also with a whole command line in `file` (shell: true), and without `args` (options in their place).
  const words = [file, ...(Array.isArray(args) ? args : [])].join(" ").trim().split(/\s+/);
  const deed = replacement(words);
  return deed ? standIn(words, deed) : spawn.apply(this, arguments);
};

childProcess.exec = function (command, ...rest) {
  if (!PKILL_APPIUM.test(command)) return exec.call(this, command, ...rest);
  const callback = rest.find((value) => typeof value === "function");
  if (callback) setImmediate(callback, null, "", "");
  return standIn([command], "end");
};
// util.promisify(exec) resolves to {stdout, stderr} through this property; without it, it would resolve to a string.
Object.defineProperty(childProcess.exec, promisify.custom, {
  value: (command, options) =>
    PKILL_APPIUM.test(command)
      ? Object.assign(Promise.resolve({ stdout: "", stderr: "" }), { child: standIn([command], "end") })
      : exec[promisify.custom](command, options),
});

const gatewayPort = Number(process.env.QGJOB_GATEWAY_PORT);

if (gatewayPort) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    return connect.apply(this, redirected(args));
  };
  const request = http.request;
  http.request = function (...args) {
    const started = request.apply(this, args);
    tellTheTest(started);
    return started;
  };
}

/** The arguments of Socket.connect, with Appium's port on this host replaced by the gateway's. */
function redirected(args) {
  // node:net passes its arguments on as one array that it marks with a symbol; a program may call with any signature.
  const normalised = Array.isArray(args[0]);
  const [target, host] = normalised ? args[0] : args;
  const options = typeof target === "object" && target !== null ? target : { port: target, host: typeof host === "string" ? host : undefined };
  if (Number(options.port) !== APPIUM_PORT || !LOOPBACK.has(options.host ?? "localhost")) return args;
  const gateway = { ...options, port: gatewayPort, host: "127.0.0.1" };
  if (normalised) {
    const copy = Object.assign([], args[0]);
    for (const symbol of Object.getOwnPropertySymbols(args[0])) copy[symbol] = args[0][symbol];
    copy[0] = gateway;
    return [copy];
  }
  return [gateway, ...args.slice(1).filter((value) => typeof value === "function")];
}

/** Tells the gateway which test opens or closes a session and how it stands, so that it can keep evidence of failures. */
function tellTheTest(request) {
  const forAppium = String(request.getHeader("host")).endsWith(`:${APPIUM_PORT}`);
  const opensOrCloses = request.method === "POST" ? /\/session\/?$/ : request.method === "DELETE" ? /\/session\/[^/]+$/ : null;
  if (!forAppium || request.headersSent || !opensOrCloses?.test(request.path)) return;
  const test = currentTest();
  if (!test) return;
  request.setHeader("x-qgjob-case", test.testId);
  request.setHeader("x-qgjob-retry", String(test.retry));
  request.setHeader("x-qgjob-status", test.status);
}

function currentTest() {
  if (process.env.TEST_WORKER_INDEX === undefined) return null;
  try {
    // A worker's own script lies inside the playwright package, so this is the very instance that runs the test.
    return createRequire(process.argv[1])("playwright/test").test.info();
  } catch {
    return null; // no test is running, or this is no worker of Playwright's: the gateway copes without
  }
}

syncBuiltinESMExports();
