// Loaded with NODE_OPTIONS=--require into stock Appwright and the Appium that it starts. It leaves out the re-installation
// of Appium's driver, keeps Appium to loopback and its one needed driver, leads adb to the benchmark's own adb server
// (Appium insists on port 5037), and notes when what began. Everything else is Appwright's own doing.

"use strict";

const childProcess = require("node:child_process");
const { appendFileSync } = require("node:fs");

const ADB_PORT = process.env.ANDROID_ADB_SERVER_PORT;
const MARKS = process.env.QGJOB_BENCH_MARKS;
const LISTENS = "Appium REST http interface listener started";
const APPIUM_ARGUMENTS = ["--address", "127.0.0.1", "--use-drivers", "uiautomator2"];

const mark = (name) => appendFileSync(MARKS, `${JSON.stringify({ mark: name, at: Date.now() / 1000 })}\n`);

const spawn = childProcess.spawn;

function startAppium(args, options) {
  mark("appium_asked");
  const appium = spawn("npx", [...args, ...APPIUM_ARGUMENTS], options);
  const noteStart = (data) => {
    if (!data.includes(LISTENS)) return;
    mark("appium_listens");
    appium.stdout.off("data", noteStart);
  };
  appium.stdout.on("data", noteStart);
  return appium;
}

childProcess.spawn = function spawnForStock(command, args, options) {
  if (command === "npx" && args[0] === "appium") {
    if (args[1] !== "driver") return startAppium(args, options);
    mark("driver_asked");
    return spawn("true", [], options);
  }
  const isAdb = /(^|\/)adb$/.test(command) && args[0] === "-P";
  return spawn.call(this, command, isAdb ? ["-P", ADB_PORT, ...args.slice(2)] : args, options);
};
