// graphile-worker's drain: fill its queue, untimed, then complete every job; one JSON line says how long that took.
//
// Its fast settings, as its own documentation recommends them for throughput: a local queue and batched completion
// (`localQueue`, `completeJobBatchDelay`), and no log lines.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";

const [connectionString, jobsText, clientsText, localQueueText, payload] = process.argv.slice(2);
const jobs = Number(jobsText);
const clients = Number(clientsText);
const JOBS_A_STATEMENT = 10000;

async function fill() {
  const utils = await makeWorkerUtils({ connectionString });
  await utils.migrate();
  await utils.release();
  const client = new pg.Client({ connectionString });
  await client.connect();
  for (let done = 0; done < jobs; done += JOBS_A_STATEMENT) {
    await client.query("SELECT graphile_worker.add_job('bench', $1::json) FROM generate_series(1, $2)", [
      payload,
      Math.min(JOBS_A_STATEMENT, jobs - done),
    ]);
  }
  await client.query("VACUUM (ANALYZE) graphile_worker._private_jobs");
  await client.end();
}

async function drain() {
  let left = jobs;
  let finished;
  const all = new Promise((resolve) => (finished = resolve));
  const began = process.hrtime.bigint();
  const runner = await run({
    connectionString,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => {}),
    preset: {
      worker: {
        connectionString,
        concurrentJobs: clients,
        maxPoolSize: clients,
        localQueue: { size: Number(localQueueText) },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    taskList: {
      bench: async () => {
        left -= 1;
        if (left === 0) finished();
      },
    },
  });
  await all;
  await runner.stop(); // returns when what was completed is in the database
  return Number(process.hrtime.bigint() - began) / 1e9;
}

async function leftOver() {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const answer = await client.query("SELECT count(*)::int AS jobs FROM graphile_worker._private_jobs");
  await client.end();
  return answer.rows[0].jobs;
}

await fill();
const seconds = await drain();
const left = await leftOver();
process.stdout.write(JSON.stringify({ jobs: jobs - left, seconds }) + "\n");
