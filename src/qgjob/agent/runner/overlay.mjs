// Lays the settings of one run over the user's own Appwright config, which it imports and otherwise leaves as it is.
// It never imports appwright or playwright itself: a second copy of either would break the tests.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const APPWRIGHTS_GLOBAL_SETUP = /[\\/]appwright[\\/]dist[\\/]global-setup\.js$/;
// With no retries of its own a run would never record in these modes.
const TRACES_ON_RETRY = new Set(["on-first-retry", "on-all-retries", "retain-on-first-failure"]);

/**
 * @param {{
 *   config: string, root: string, project: string | null, platform: string, buildPath: string | null,
 *   alone: boolean, deviceName: string | null, caseTimeoutMs: number, outputDir: string, events: string, reporters: unknown[],
 * }} run paths are absolute
 */
export async function overlaid(run) {
  try {
    const config = await imported(run.config);
    const base = path.dirname(run.config);
    const projects = wanted(config.projects ?? [], run).slice(0, run.alone ? 1 : undefined);
    const [project] = projects;
    return {
      ...absolute(config, base),
      testDir: path.resolve(base, config.testDir ?? "."),
      outputDir: run.outputDir,
      globalSetup: withoutAppwrights(config.globalSetup, base),
      globalTeardown: resolved(config.globalTeardown, base),
      tsconfig: resolved(config.tsconfig, base),
      workers: 1, // one device, one session
      fullyParallel: false,
      retries: 0, // retries are the farm's, on another device first
      maxFailures: 0, // several jobs may share this process: one must not stop another
      globalTimeout: 0,
      shard: null,
      failOnFlakyTests: false,
      timeout: bounded(config.timeout, run.caseTimeoutMs),
      reporter: run.reporters,
      metadata: {
        ...config.metadata,
        qgjob: {
          retries: project.retries ?? config.retries ?? 0,
          timeout_ms: Math.round(project.timeout ?? config.timeout ?? 30_000), // Playwright's own default
          build_path: buildPath({ ...config.use, ...project.use }, run),
        },
      },
      projects: projects.map((each) => ({
        ...absolute(each, base),
        outputDir: run.outputDir,
        workers: undefined,
        fullyParallel: undefined,
        retries: undefined,
        ...(run.alone ? { dependencies: [], teardown: undefined } : {}),
        ...(each.timeout === undefined ? {} : { timeout: bounded(each.timeout, run.caseTimeoutMs) }),
        use: use({ ...config.use, ...each.use }, run),
      })),
    };
  } catch (error) {
    // Playwright loads its reporters from the config, so a config that fails would otherwise fail unheard.
    const message = `${error?.message ?? error}`;
    const event = { at_ms: Date.now(), event: "config_failed", message: message.slice(0, 8000), location: null };
    fs.appendFileSync(run.events, `${JSON.stringify(event)}\n`);
    throw error;
  }
}

/** The user's config as a CI would see it: what it says of retries there is what the farm goes by. */
async function imported(file) {
  const { CI } = process.env;
  process.env.CI = "1";
  try {
    const loaded = isModule(file) ? await import(pathToFileURL(file).href) : createRequire(import.meta.url)(file);
    const config = loaded && typeof loaded === "object" && "default" in loaded ? loaded.default : loaded;
    if (!config || typeof config !== "object") throw new Error(`${path.basename(file)} exports no configuration object.`);
    return config;
  } finally {
    if (CI === undefined) delete process.env.CI;
    else process.env.CI = CI;
  }
}

/** As Playwright decides it: its two loaders transform a file for themselves only. */
function isModule(file) {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, "utf8")).type === "module";
    if (folder === path.dirname(folder)) return false;
  }
}

/** The project to run, first, then those it depends on. */
function wanted(projects, run) {
  const file = path.basename(run.config);
  const named = projects.map((each) => each.name ?? "");
  const listed = named.length ? `it has: ${named.join(", ")}` : "it has no projects";
  const project = run.project === null
    ? projects.find((each) => each.use?.platform === run.platform) ?? projects.find((each) => suitsAny(each, projects))
    : projects.find((each) => each.name === run.project);
  if (!project) {
    const sought = run.project === null ? `project for the platform ${run.platform}` : `project "${run.project}"`;
    throw new Error(`${file} has no ${sought}; ${listed}.`);
  }
  const chosen = new Set([project]);
  for (const each of chosen) {
    for (const name of [...(each.dependencies ?? []), each.teardown]) {
      const needed = projects.find((other) => name !== undefined && other.name === name);
      if (needed) chosen.add(needed);
    }
  }
  return [...chosen];
}

/** Whether a project names no platform and is there for its own sake: the set-up of others commonly comes first. */
function suitsAny(project, projects) {
  const serves = projects.some((each) => [...(each.dependencies ?? []), each.teardown].includes(project.name));
  return project.use?.platform === undefined && (project.name === undefined || !serves);
}

function use(own, run) {
  const device = { ...own.device };
  // Appwright's local-device provider asks macOS's osascript even for an APK; which device it is, the gateway decides.
  if (run.platform === "android") device.provider = "emulator";
  if (run.deviceName !== null) device.name = run.deviceName;
  const trace = typeof own.trace === "object" ? own.trace.mode : own.trace;
  return {
    ...own,
    device,
    ...(run.buildPath === null ? {} : { buildPath: run.buildPath }),
    trace: trace === undefined || TRACES_ON_RETRY.has(trace) ? "retain-on-failure" : own.trace,
    screenshot: own.screenshot ?? "only-on-failure",
  };
}

/** The app that the user's own config names: Appwright looks for it from the project's folder. */
function buildPath(own, run) {
  return typeof own.buildPath === "string" ? path.resolve(run.root, own.buildPath) : null;
}

/** Paths that Playwright would otherwise resolve from the folder of the generated config. */
function absolute(config, base) {
  const made = { ...config };
  for (const key of ["testDir", "snapshotDir"]) {
    if (config[key] !== undefined) made[key] = path.resolve(base, config[key]);
  }
  return made;
}

function withoutAppwrights(setups, base) {
  const own = [setups ?? []].flat().filter((file) => !APPWRIGHTS_GLOBAL_SETUP.test(file));
  return own.length ? resolved(own, base) : undefined;
}

/** A script or file beside the user's config by its path; a package's name stays as it is. */
function resolved(files, base) {
  if (files === undefined) return undefined;
  if (Array.isArray(files)) return files.map((file) => resolved(file, base));
  const local = path.resolve(base, files);
  return fs.existsSync(local) ? local : files;
}

/** The user's own limit where it is the shorter one; Appwright's 0 means none. */
function bounded(own, limitMs) {
  return own > 0 ? Math.min(own, limitMs) : limitMs;
}
