BEGIN TRANSACTION;
CREATE TABLE agents (
    agent_id      TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    version       TEXT NOT NULL,
    protocol      INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL
) STRICT;
INSERT INTO "agents" VALUES('agent-1','host','0.1.0',2,1795435200000000,1795435456000000);
INSERT INTO "agents" VALUES('agent-2','host','0.1.0',2,1795435456000000,1795435456000000);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE attempts (
    job_id     TEXT NOT NULL REFERENCES jobs (job_id),
    number     INTEGER NOT NULL,
    lease      INTEGER NOT NULL REFERENCES leases (token),
    place      INTEGER NOT NULL,
    worker_id  TEXT NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    verdict    TEXT,
    fault      TEXT,
    message    TEXT,
    seconds    REAL NOT NULL DEFAULT 0,
    sessions   INTEGER NOT NULL DEFAULT 0,
    late       INTEGER NOT NULL DEFAULT 0,
    passed     INTEGER NOT NULL DEFAULT 0,
    failed     INTEGER NOT NULL DEFAULT 0,
    flaky      INTEGER NOT NULL DEFAULT 0,
    skipped    INTEGER NOT NULL DEFAULT 0,
    not_run    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "attempts" VALUES('051f26d0-a998-4688-bbf3-17259257441f',1,1,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('18e4c0e0-41b3-4f13-baa2-66fd508efa08',1,27,0,'worker-6d41082401850f5d',NULL,NULL,NULL,NULL,NULL,0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('20dabb85-7367-4fa1-a9a1-783321621671',1,23,0,'worker-02d67d95d2b64a88',1795435456000000,NULL,NULL,NULL,NULL,0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9',1,2,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'failed','test','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('636913d7-188c-4a20-a4c9-80ebdca29561',1,5,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'configuration_error','configuration','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('69559bc5-305a-47d5-b8ee-93f68de3b41b',1,21,0,'worker-4713f87e9a9e35ae',1795435456000000,1795435456000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2',1,20,0,'worker-4713f87e9a9e35ae',1795435456000000,1795435456000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('8a245909-026b-4473-b261-1cdf6275ee46',1,22,0,'worker-02d67d95d2b64a88',1795435456000000,1795435456000000,'passed',NULL,NULL,0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('9c5e6f7f-3cae-4da7-81a0-625be507fdcb',1,25,0,'worker-4713f87e9a9e35ae',1795435456000000,NULL,NULL,NULL,NULL,0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('a03b0af5-dc09-4dee-8e09-0e66932e6b10',1,19,0,'worker-4713f87e9a9e35ae',1795435456000000,1795435456000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('b9848c20-31d8-47ac-a062-312f4fdd93dd',1,7,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'failed','test','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('b9848c20-31d8-47ac-a062-312f4fdd93dd',2,8,0,'worker-85554ed4156de13d',1795435260000000,1795435260000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('cdfd8e92-7a72-453c-aa80-66df2e5af59d',1,3,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'timed_out','test','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('db42ff76-78d2-460c-9e90-6010d2f20ca4',1,9,0,'worker-85554ed4156de13d',1795435260000000,1795435260000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('e16dacde-fb55-4ccf-93f3-507d65c3eb01',1,4,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'app_error','app','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('e19c3341-2ed3-45bb-b49b-edf33738689a',1,24,0,'worker-85554ed4156de13d',1795435456000000,NULL,NULL,NULL,NULL,0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('e48f67a1-1285-40b2-a016-02d00d4994e9',1,26,0,'worker-6d41082401850f5d',1795435456000000,1795435456000000,'infra_error','infrastructure','it did not go well',5.0,1,0,0,0,0,0,1);
INSERT INTO "attempts" VALUES('ede97361-ba49-41fc-940d-e9f8d99a2a3d',1,6,0,'worker-85554ed4156de13d',1795435200000000,1795435200000000,'no_tests','configuration','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',1,10,0,'worker-85554ed4156de13d',1795435260000000,1795435260000000,'infra_error','infrastructure','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',2,11,0,'worker-85554ed4156de13d',1795435300000000,1795435300000000,'infra_error','infrastructure','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',3,12,0,'worker-85554ed4156de13d',1795435320000000,1795435320000000,'infra_error','infrastructure','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',4,13,0,'worker-85554ed4156de13d',1795435340000000,1795435340000000,'infra_error','infrastructure','it did not go well',5.0,1,0,0,1,0,0,0);
INSERT INTO "attempts" VALUES('f02d75f5-60a3-49b6-8963-bde3ffc0efd7',1,17,0,'worker-85554ed4156de13d',1795435360000000,1795435436000000,'infra_error','infrastructure','its worker was not heard of until 12:03:55 UTC',0.0,1,1,0,0,0,0,0);
INSERT INTO "attempts" VALUES('f02d75f5-60a3-49b6-8963-bde3ffc0efd7',2,18,0,'worker-85554ed4156de13d',1795435456000000,1795435456000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
INSERT INTO "attempts" VALUES('f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2',1,14,0,'worker-85554ed4156de13d',NULL,1795435340000000,'infra_error','infrastructure','no space left on the device',0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2',2,15,0,'worker-85554ed4156de13d',NULL,1795435360000000,NULL,NULL,'its host goes to sleep',0.0,0,0,0,0,0,0,0);
INSERT INTO "attempts" VALUES('f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2',3,16,0,'worker-85554ed4156de13d',1795435360000000,1795435360000000,'passed',NULL,NULL,5.0,1,0,1,0,0,0,0);
CREATE TABLE binaries (
    org_id          TEXT NOT NULL,
    app_version_id  TEXT NOT NULL,
    platform        TEXT NOT NULL,
    kind            TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    size_bytes      INTEGER NOT NULL,
    package         TEXT NOT NULL,
    version_name    TEXT NOT NULL,
    version_code    TEXT NOT NULL,
    launch_activity TEXT,
    uploaded_at     INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_version_id, platform, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "binaries" VALUES('acme','v1','android','device','7631000000000000000000000000000000000000000000000000000000000000',1000,'com.example.shop','v1','1',NULL,1795435200000000);
INSERT INTO "binaries" VALUES('acme','v2','android','device','7632000000000000000000000000000000000000000000000000000000000000',1000,'com.example.shop','v2','1',NULL,1795435200000000);
INSERT INTO "binaries" VALUES('acme','v3','android','device','7633000000000000000000000000000000000000000000000000000000000000',1000,'com.example.shop','v3','1',NULL,1795435200000000);
INSERT INTO "binaries" VALUES('globex','v1','android','device','7631000000000000000000000000000000000000000000000000000000000000',1000,'com.example.shop','v1','1',NULL,1795435200000000);
CREATE TABLE bundles (
    org_id      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    files       TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, sha256)
) STRICT, WITHOUT ROWID;
INSERT INTO "bundles" VALUES('acme','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',10,'["package.json", "tests/a.spec.js", "tests/b.spec.js", "tests/c.spec.js", "tests/d.spec.js", "tests/e.spec.js", "tests/f.spec.js", "tests/g.spec.js", "tests/h.spec.js", "tests/i.spec.js", "tests/j.spec.js"]',1795435200000000);
INSERT INTO "bundles" VALUES('globex','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',10,'["package.json", "tests/a.spec.js", "tests/b.spec.js", "tests/c.spec.js", "tests/d.spec.js", "tests/e.spec.js", "tests/f.spec.js", "tests/g.spec.js", "tests/h.spec.js", "tests/i.spec.js", "tests/j.spec.js"]',1795435200000000);
CREATE TABLE cases (
    job_id   TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    case_id  TEXT NOT NULL,
    title    TEXT NOT NULL,
    file     TEXT NOT NULL,
    line     INTEGER NOT NULL,
    status   TEXT NOT NULL,
    expected TEXT NOT NULL,
    seconds  REAL NOT NULL,
    errors   TEXT NOT NULL,
    session  INTEGER NOT NULL,
    late     INTEGER NOT NULL,
    PRIMARY KEY (job_id, attempt, seq),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "cases" VALUES('051f26d0-a998-4688-bbf3-17259257441f',1,3,'tests/a.spec.js','tests/a.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9',1,3,'tests/b.spec.js','tests/b.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('636913d7-188c-4a20-a4c9-80ebdca29561',1,3,'tests/e.spec.js','tests/e.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('69559bc5-305a-47d5-b8ee-93f68de3b41b',1,3,'tests/c.spec.js','tests/c.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2',1,3,'tests/b.spec.js','tests/b.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('a03b0af5-dc09-4dee-8e09-0e66932e6b10',1,3,'tests/a.spec.js','tests/a.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('b9848c20-31d8-47ac-a062-312f4fdd93dd',1,3,'tests/g.spec.js','tests/g.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('b9848c20-31d8-47ac-a062-312f4fdd93dd',2,3,'tests/g.spec.js','tests/g.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('cdfd8e92-7a72-453c-aa80-66df2e5af59d',1,3,'tests/c.spec.js','tests/c.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('db42ff76-78d2-460c-9e90-6010d2f20ca4',1,3,'tests/a.spec.js','tests/a.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('e16dacde-fb55-4ccf-93f3-507d65c3eb01',1,3,'tests/d.spec.js','tests/d.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('e19c3341-2ed3-45bb-b49b-edf33738689a',1,3,'signs in','signs in','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('e48f67a1-1285-40b2-a016-02d00d4994e9',1,3,'crashes','crashes','tests/a.spec.js',3,'interrupted','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('ede97361-ba49-41fc-940d-e9f8d99a2a3d',1,3,'tests/f.spec.js','tests/f.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',1,3,'tests/h.spec.js','tests/h.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',2,3,'tests/h.spec.js','tests/h.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',3,3,'tests/h.spec.js','tests/h.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',4,3,'tests/h.spec.js','tests/h.spec.js','tests/a.spec.js',3,'failed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('f02d75f5-60a3-49b6-8963-bde3ffc0efd7',1,3,'signs in','signs in','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,1);
INSERT INTO "cases" VALUES('f02d75f5-60a3-49b6-8963-bde3ffc0efd7',2,3,'tests/j.spec.js','tests/j.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
INSERT INTO "cases" VALUES('f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2',3,3,'tests/i.spec.js','tests/i.spec.js','tests/a.spec.js',3,'passed','passed',1.5,'[]',1,0);
CREATE TABLE evidence (
    job_id     TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    stored_at  INTEGER NOT NULL,
    PRIMARY KEY (job_id, attempt, name),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "evidence" VALUES('051f26d0-a998-4688-bbf3-17259257441f',1,'video.mp4','file','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',9,1795435200000000);
INSERT INTO "evidence" VALUES('6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2',1,'log/appium.txt','file','eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',9,1795435456000000);
INSERT INTO "evidence" VALUES('a03b0af5-dc09-4dee-8e09-0e66932e6b10',1,'video.mp4','file','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',9,1795435456000000);
CREATE TABLE facts (
    fact_id   INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    org_id    TEXT,
    run_id    TEXT,
    job_id    TEXT,
    worker_id TEXT,
    data      TEXT NOT NULL
) STRICT;
INSERT INTO "facts" VALUES(1,1795435200000000,'app_uploaded','acme',NULL,NULL,NULL,'{"app_version_id": "v1", "platform": "android", "kind": "device", "sha256": "7631000000000000000000000000000000000000000000000000000000000000"}');
INSERT INTO "facts" VALUES(2,1795435200000000,'app_uploaded','acme',NULL,NULL,NULL,'{"app_version_id": "v2", "platform": "android", "kind": "device", "sha256": "7632000000000000000000000000000000000000000000000000000000000000"}');
INSERT INTO "facts" VALUES(3,1795435200000000,'app_uploaded','acme',NULL,NULL,NULL,'{"app_version_id": "v3", "platform": "android", "kind": "device", "sha256": "7633000000000000000000000000000000000000000000000000000000000000"}');
INSERT INTO "facts" VALUES(4,1795435200000000,'bundle_uploaded','acme',NULL,NULL,NULL,'{"sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "files": 11}');
INSERT INTO "facts" VALUES(5,1795435200000000,'app_uploaded','globex',NULL,NULL,NULL,'{"app_version_id": "v1", "platform": "android", "kind": "device", "sha256": "7631000000000000000000000000000000000000000000000000000000000000"}');
INSERT INTO "facts" VALUES(6,1795435200000000,'bundle_uploaded','globex',NULL,NULL,NULL,'{"sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "files": 11}');
INSERT INTO "facts" VALUES(7,1795435200000000,'agent_registered',NULL,NULL,NULL,NULL,'{"agent_id": "agent-1", "name": "host", "workers": ["worker-85554ed4156de13d", "worker-4713f87e9a9e35ae", "worker-6d41082401850f5d"]}');
INSERT INTO "facts" VALUES(8,1795435200000000,'worker_registered',NULL,NULL,NULL,'worker-02d67d95d2b64a88','{"name": "old"}');
INSERT INTO "facts" VALUES(9,1795435200000000,'run_submitted','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(10,1795435200000000,'lease_granted','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501',NULL,'worker-85554ed4156de13d','{"token": 1, "app_version_id": "v1", "jobs": ["051f26d0-a998-4688-bbf3-17259257441f"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(11,1795435200000000,'install_done','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501',NULL,'worker-85554ed4156de13d','{"token": 1, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(12,1795435200000000,'attempt_started','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501','051f26d0-a998-4688-bbf3-17259257441f','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/a.spec.js"}');
INSERT INTO "facts" VALUES(13,1795435200000000,'case_ended','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501','051f26d0-a998-4688-bbf3-17259257441f','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/a.spec.js", "title": "tests/a.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(14,1795435200000000,'attempt_ended','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501','051f26d0-a998-4688-bbf3-17259257441f','worker-85554ed4156de13d','{"attempt": 1, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(15,1795435200000000,'job_ended','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501','051f26d0-a998-4688-bbf3-17259257441f','worker-85554ed4156de13d','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(16,1795435200000000,'lease_ended','acme','cef4e7a7-15ec-4824-b0dd-ecce83c04501',NULL,'worker-85554ed4156de13d','{"token": 1, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(17,1795435200000000,'run_submitted','acme','8fb85352-30f1-4a51-957a-2900873fcae6',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(18,1795435200000000,'lease_granted','acme','8fb85352-30f1-4a51-957a-2900873fcae6',NULL,'worker-85554ed4156de13d','{"token": 2, "app_version_id": "v1", "jobs": ["2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(19,1795435200000000,'install_done','acme','8fb85352-30f1-4a51-957a-2900873fcae6',NULL,'worker-85554ed4156de13d','{"token": 2, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(20,1795435200000000,'attempt_started','acme','8fb85352-30f1-4a51-957a-2900873fcae6','2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/b.spec.js"}');
INSERT INTO "facts" VALUES(21,1795435200000000,'case_ended','acme','8fb85352-30f1-4a51-957a-2900873fcae6','2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/b.spec.js", "title": "tests/b.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(22,1795435200000000,'attempt_ended','acme','8fb85352-30f1-4a51-957a-2900873fcae6','2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9','worker-85554ed4156de13d','{"attempt": 1, "verdict": "failed", "fault": "test", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(23,1795435200000000,'job_ended','acme','8fb85352-30f1-4a51-957a-2900873fcae6','2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9','worker-85554ed4156de13d','{"status": "failed", "verdict": "failed", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(24,1795435200000000,'lease_ended','acme','8fb85352-30f1-4a51-957a-2900873fcae6',NULL,'worker-85554ed4156de13d','{"token": 2, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(25,1795435200000000,'run_submitted','acme','0264f596-1409-43fe-87cb-d46560cafe66',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(26,1795435200000000,'lease_granted','acme','0264f596-1409-43fe-87cb-d46560cafe66',NULL,'worker-85554ed4156de13d','{"token": 3, "app_version_id": "v1", "jobs": ["cdfd8e92-7a72-453c-aa80-66df2e5af59d"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(27,1795435200000000,'install_done','acme','0264f596-1409-43fe-87cb-d46560cafe66',NULL,'worker-85554ed4156de13d','{"token": 3, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(28,1795435200000000,'attempt_started','acme','0264f596-1409-43fe-87cb-d46560cafe66','cdfd8e92-7a72-453c-aa80-66df2e5af59d','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/c.spec.js"}');
INSERT INTO "facts" VALUES(29,1795435200000000,'case_ended','acme','0264f596-1409-43fe-87cb-d46560cafe66','cdfd8e92-7a72-453c-aa80-66df2e5af59d','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/c.spec.js", "title": "tests/c.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(30,1795435200000000,'attempt_ended','acme','0264f596-1409-43fe-87cb-d46560cafe66','cdfd8e92-7a72-453c-aa80-66df2e5af59d','worker-85554ed4156de13d','{"attempt": 1, "verdict": "timed_out", "fault": "test", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(31,1795435200000000,'job_ended','acme','0264f596-1409-43fe-87cb-d46560cafe66','cdfd8e92-7a72-453c-aa80-66df2e5af59d','worker-85554ed4156de13d','{"status": "failed", "verdict": "timed_out", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(32,1795435200000000,'lease_ended','acme','0264f596-1409-43fe-87cb-d46560cafe66',NULL,'worker-85554ed4156de13d','{"token": 3, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(33,1795435200000000,'run_submitted','acme','500d1125-0250-4a09-abfc-e2dc13789bb8',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(34,1795435200000000,'lease_granted','acme','500d1125-0250-4a09-abfc-e2dc13789bb8',NULL,'worker-85554ed4156de13d','{"token": 4, "app_version_id": "v1", "jobs": ["e16dacde-fb55-4ccf-93f3-507d65c3eb01"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(35,1795435200000000,'install_done','acme','500d1125-0250-4a09-abfc-e2dc13789bb8',NULL,'worker-85554ed4156de13d','{"token": 4, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(36,1795435200000000,'attempt_started','acme','500d1125-0250-4a09-abfc-e2dc13789bb8','e16dacde-fb55-4ccf-93f3-507d65c3eb01','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/d.spec.js"}');
INSERT INTO "facts" VALUES(37,1795435200000000,'case_ended','acme','500d1125-0250-4a09-abfc-e2dc13789bb8','e16dacde-fb55-4ccf-93f3-507d65c3eb01','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/d.spec.js", "title": "tests/d.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(38,1795435200000000,'attempt_ended','acme','500d1125-0250-4a09-abfc-e2dc13789bb8','e16dacde-fb55-4ccf-93f3-507d65c3eb01','worker-85554ed4156de13d','{"attempt": 1, "verdict": "app_error", "fault": "app", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(39,1795435200000000,'job_ended','acme','500d1125-0250-4a09-abfc-e2dc13789bb8','e16dacde-fb55-4ccf-93f3-507d65c3eb01','worker-85554ed4156de13d','{"status": "failed", "verdict": "app_error", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(40,1795435200000000,'lease_ended','acme','500d1125-0250-4a09-abfc-e2dc13789bb8',NULL,'worker-85554ed4156de13d','{"token": 4, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(41,1795435200000000,'run_submitted','acme','2b976f19-70d4-4398-85f2-2de65c021ea0',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(42,1795435200000000,'lease_granted','acme','2b976f19-70d4-4398-85f2-2de65c021ea0',NULL,'worker-85554ed4156de13d','{"token": 5, "app_version_id": "v1", "jobs": ["636913d7-188c-4a20-a4c9-80ebdca29561"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(43,1795435200000000,'install_done','acme','2b976f19-70d4-4398-85f2-2de65c021ea0',NULL,'worker-85554ed4156de13d','{"token": 5, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(44,1795435200000000,'attempt_started','acme','2b976f19-70d4-4398-85f2-2de65c021ea0','636913d7-188c-4a20-a4c9-80ebdca29561','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/e.spec.js"}');
INSERT INTO "facts" VALUES(45,1795435200000000,'case_ended','acme','2b976f19-70d4-4398-85f2-2de65c021ea0','636913d7-188c-4a20-a4c9-80ebdca29561','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/e.spec.js", "title": "tests/e.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(46,1795435200000000,'attempt_ended','acme','2b976f19-70d4-4398-85f2-2de65c021ea0','636913d7-188c-4a20-a4c9-80ebdca29561','worker-85554ed4156de13d','{"attempt": 1, "verdict": "configuration_error", "fault": "configuration", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(47,1795435200000000,'job_ended','acme','2b976f19-70d4-4398-85f2-2de65c021ea0','636913d7-188c-4a20-a4c9-80ebdca29561','worker-85554ed4156de13d','{"status": "failed", "verdict": "configuration_error", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(48,1795435200000000,'lease_ended','acme','2b976f19-70d4-4398-85f2-2de65c021ea0',NULL,'worker-85554ed4156de13d','{"token": 5, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(49,1795435200000000,'run_submitted','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(50,1795435200000000,'lease_granted','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b',NULL,'worker-85554ed4156de13d','{"token": 6, "app_version_id": "v1", "jobs": ["ede97361-ba49-41fc-940d-e9f8d99a2a3d"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(51,1795435200000000,'install_done','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b',NULL,'worker-85554ed4156de13d','{"token": 6, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(52,1795435200000000,'attempt_started','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b','ede97361-ba49-41fc-940d-e9f8d99a2a3d','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/f.spec.js"}');
INSERT INTO "facts" VALUES(53,1795435200000000,'case_ended','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b','ede97361-ba49-41fc-940d-e9f8d99a2a3d','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/f.spec.js", "title": "tests/f.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(54,1795435200000000,'attempt_ended','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b','ede97361-ba49-41fc-940d-e9f8d99a2a3d','worker-85554ed4156de13d','{"attempt": 1, "verdict": "no_tests", "fault": "configuration", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(55,1795435200000000,'job_ended','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b','ede97361-ba49-41fc-940d-e9f8d99a2a3d','worker-85554ed4156de13d','{"status": "failed", "verdict": "no_tests", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(56,1795435200000000,'lease_ended','acme','737ab65f-1457-4ce7-99b1-2ed3d423c84b',NULL,'worker-85554ed4156de13d','{"token": 6, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(57,1795435200000000,'run_submitted','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(58,1795435200000000,'lease_granted','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,'worker-85554ed4156de13d','{"token": 7, "app_version_id": "v1", "jobs": ["b9848c20-31d8-47ac-a062-312f4fdd93dd"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(59,1795435200000000,'install_done','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,'worker-85554ed4156de13d','{"token": 7, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(60,1795435200000000,'attempt_started','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/g.spec.js"}');
INSERT INTO "facts" VALUES(61,1795435200000000,'case_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/g.spec.js", "title": "tests/g.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(62,1795435200000000,'attempt_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 1, "verdict": "failed", "fault": "test", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(63,1795435200000000,'job_again','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 1, "spends": "test", "wait_s": 0.0, "message": "it did not go well"}');
INSERT INTO "facts" VALUES(64,1795435200000000,'lease_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,'worker-85554ed4156de13d','{"token": 7, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(65,1795435260000000,'lease_granted','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,'worker-85554ed4156de13d','{"token": 8, "app_version_id": "v1", "jobs": ["b9848c20-31d8-47ac-a062-312f4fdd93dd"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(66,1795435260000000,'install_done','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,'worker-85554ed4156de13d','{"token": 8, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(67,1795435260000000,'attempt_started','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 2, "test_path": "tests/g.spec.js"}');
INSERT INTO "facts" VALUES(68,1795435260000000,'case_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 2, "case_id": "tests/g.spec.js", "title": "tests/g.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(69,1795435260000000,'attempt_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"attempt": 2, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(70,1795435260000000,'job_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc','b9848c20-31d8-47ac-a062-312f4fdd93dd','worker-85554ed4156de13d','{"status": "completed", "verdict": "flaky", "message": null, "cases": {"total": 1, "passed": 0, "failed": 0, "flaky": 1, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(71,1795435260000000,'lease_ended','acme','5d480055-fd2a-40b7-85dd-117e72c080cc',NULL,'worker-85554ed4156de13d','{"token": 8, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(72,1795435260000000,'run_submitted','acme','fd3c8a4d-7008-4478-817f-6180daafcafd',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(73,1795435260000000,'lease_granted','acme','fd3c8a4d-7008-4478-817f-6180daafcafd',NULL,'worker-85554ed4156de13d','{"token": 9, "app_version_id": "v1", "jobs": ["db42ff76-78d2-460c-9e90-6010d2f20ca4"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(74,1795435260000000,'install_done','acme','fd3c8a4d-7008-4478-817f-6180daafcafd',NULL,'worker-85554ed4156de13d','{"token": 9, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(75,1795435260000000,'attempt_started','acme','fd3c8a4d-7008-4478-817f-6180daafcafd','db42ff76-78d2-460c-9e90-6010d2f20ca4','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/a.spec.js"}');
INSERT INTO "facts" VALUES(76,1795435260000000,'case_ended','acme','fd3c8a4d-7008-4478-817f-6180daafcafd','db42ff76-78d2-460c-9e90-6010d2f20ca4','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/a.spec.js", "title": "tests/a.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(77,1795435260000000,'attempt_ended','acme','fd3c8a4d-7008-4478-817f-6180daafcafd','db42ff76-78d2-460c-9e90-6010d2f20ca4','worker-85554ed4156de13d','{"attempt": 1, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(78,1795435260000000,'job_ended','acme','fd3c8a4d-7008-4478-817f-6180daafcafd','db42ff76-78d2-460c-9e90-6010d2f20ca4','worker-85554ed4156de13d','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(79,1795435260000000,'lease_ended','acme','fd3c8a4d-7008-4478-817f-6180daafcafd',NULL,'worker-85554ed4156de13d','{"token": 9, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(80,1795435260000000,'run_submitted','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(81,1795435260000000,'lease_granted','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 10, "app_version_id": "v1", "jobs": ["efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(82,1795435260000000,'install_done','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 10, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(83,1795435260000000,'attempt_started','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/h.spec.js"}');
INSERT INTO "facts" VALUES(84,1795435260000000,'case_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 1, "case_id": "tests/h.spec.js", "title": "tests/h.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(85,1795435260000000,'attempt_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 1, "verdict": "infra_error", "fault": "infrastructure", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(86,1795435260000000,'job_again','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 1, "spends": "infrastructure", "wait_s": 5.0, "message": "it did not go well"}');
INSERT INTO "facts" VALUES(87,1795435260000000,'lease_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 10, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(88,1795435300000000,'lease_granted','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 11, "app_version_id": "v1", "jobs": ["efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(89,1795435300000000,'install_done','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 11, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(90,1795435300000000,'attempt_started','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 2, "test_path": "tests/h.spec.js"}');
INSERT INTO "facts" VALUES(91,1795435300000000,'case_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 2, "case_id": "tests/h.spec.js", "title": "tests/h.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(92,1795435300000000,'attempt_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 2, "verdict": "infra_error", "fault": "infrastructure", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(93,1795435300000000,'job_again','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 2, "spends": "infrastructure", "wait_s": 10.0, "message": "it did not go well"}');
INSERT INTO "facts" VALUES(94,1795435300000000,'lease_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 11, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(95,1795435320000000,'lease_granted','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 12, "app_version_id": "v1", "jobs": ["efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(96,1795435320000000,'install_done','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 12, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(97,1795435320000000,'attempt_started','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 3, "test_path": "tests/h.spec.js"}');
INSERT INTO "facts" VALUES(98,1795435320000000,'case_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 3, "case_id": "tests/h.spec.js", "title": "tests/h.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(99,1795435320000000,'attempt_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 3, "verdict": "infra_error", "fault": "infrastructure", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(100,1795435320000000,'job_again','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 3, "spends": "infrastructure", "wait_s": 20.0, "message": "it did not go well"}');
INSERT INTO "facts" VALUES(101,1795435320000000,'lease_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 12, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(102,1795435340000000,'lease_granted','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 13, "app_version_id": "v1", "jobs": ["efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(103,1795435340000000,'install_done','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 13, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(104,1795435340000000,'attempt_started','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 4, "test_path": "tests/h.spec.js"}');
INSERT INTO "facts" VALUES(105,1795435340000000,'case_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 4, "case_id": "tests/h.spec.js", "title": "tests/h.spec.js", "status": "failed", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(106,1795435340000000,'attempt_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"attempt": 4, "verdict": "infra_error", "fault": "infrastructure", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(107,1795435340000000,'job_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876','efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3','worker-85554ed4156de13d','{"status": "failed", "verdict": "infra_error", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(108,1795435340000000,'lease_ended','acme','ee6e3eed-bead-4884-9ab5-a2534a2af876',NULL,'worker-85554ed4156de13d','{"token": 13, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(109,1795435340000000,'run_submitted','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(110,1795435340000000,'lease_granted','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 14, "app_version_id": "v2", "jobs": ["f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(111,1795435340000000,'install_failed','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 14, "app_version_id": "v2", "seconds": 3, "message": "no space left on the device", "fault": "infrastructure"}');
INSERT INTO "facts" VALUES(112,1795435340000000,'attempt_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"attempt": 1, "verdict": "infra_error", "fault": "infrastructure", "message": "no space left on the device", "seconds": 0}');
INSERT INTO "facts" VALUES(113,1795435340000000,'job_again','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"attempt": 1, "spends": "infrastructure", "wait_s": 5.0, "message": "no space left on the device"}');
INSERT INTO "facts" VALUES(114,1795435340000000,'lease_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 14, "app_version_id": "v2", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(115,1795435360000000,'lease_granted','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 15, "app_version_id": "v2", "jobs": ["f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(116,1795435360000000,'install_done','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 15, "app_version_id": "v2", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(117,1795435360000000,'job_returned','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"attempt": 2, "reason": "its host goes to sleep"}');
INSERT INTO "facts" VALUES(118,1795435360000000,'lease_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 15, "app_version_id": "v2", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(119,1795435360000000,'lease_granted','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 16, "app_version_id": "v2", "jobs": ["f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(120,1795435360000000,'install_done','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 16, "app_version_id": "v2", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(121,1795435360000000,'attempt_started','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"attempt": 3, "test_path": "tests/i.spec.js"}');
INSERT INTO "facts" VALUES(122,1795435360000000,'case_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"attempt": 3, "case_id": "tests/i.spec.js", "title": "tests/i.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(123,1795435360000000,'attempt_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"attempt": 3, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(124,1795435360000000,'job_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2','f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2','worker-85554ed4156de13d','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(125,1795435360000000,'lease_ended','acme','642f1729-68b9-4f66-b6c7-6e90766a11a2',NULL,'worker-85554ed4156de13d','{"token": 16, "app_version_id": "v2", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(126,1795435360000000,'run_submitted','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(127,1795435360000000,'lease_granted','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,'worker-85554ed4156de13d','{"token": 17, "app_version_id": "v1", "jobs": ["f02d75f5-60a3-49b6-8963-bde3ffc0efd7"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(128,1795435360000000,'install_done','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,'worker-85554ed4156de13d','{"token": 17, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(129,1795435360000000,'attempt_started','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/j.spec.js"}');
INSERT INTO "facts" VALUES(130,1795435436000000,'attempt_ended','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"attempt": 1, "verdict": "infra_error", "fault": "infrastructure", "message": "its worker was not heard of until 12:03:55 UTC", "seconds": 0}');
INSERT INTO "facts" VALUES(131,1795435436000000,'job_again','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"attempt": 1, "spends": "infrastructure", "wait_s": 5.0, "message": "its worker was not heard of until 12:03:55 UTC"}');
INSERT INTO "facts" VALUES(132,1795435436000000,'lease_ended','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,'worker-85554ed4156de13d','{"token": 17, "app_version_id": "v1", "reason": "its worker was not heard of until 12:03:55 UTC"}');
INSERT INTO "facts" VALUES(133,1795435436000000,'late_report','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7',NULL,'{"attempt": 1, "verdict": "passed"}');
INSERT INTO "facts" VALUES(134,1795435456000000,'lease_granted','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,'worker-85554ed4156de13d','{"token": 18, "app_version_id": "v1", "jobs": ["f02d75f5-60a3-49b6-8963-bde3ffc0efd7"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(135,1795435456000000,'install_done','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,'worker-85554ed4156de13d','{"token": 18, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(136,1795435456000000,'attempt_started','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"attempt": 2, "test_path": "tests/j.spec.js"}');
INSERT INTO "facts" VALUES(137,1795435456000000,'case_ended','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"attempt": 2, "case_id": "tests/j.spec.js", "title": "tests/j.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(138,1795435456000000,'attempt_ended','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"attempt": 2, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(139,1795435456000000,'job_ended','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec','f02d75f5-60a3-49b6-8963-bde3ffc0efd7','worker-85554ed4156de13d','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(140,1795435456000000,'lease_ended','acme','0d2a8e71-14e8-4470-b008-0d6ebf600bec',NULL,'worker-85554ed4156de13d','{"token": 18, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(141,1795435456000000,'run_submitted','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,NULL,'{"jobs": 3}');
INSERT INTO "facts" VALUES(142,1795435456000000,'lease_granted','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 19, "app_version_id": "v1", "jobs": ["a03b0af5-dc09-4dee-8e09-0e66932e6b10"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(143,1795435456000000,'install_done','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 19, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(144,1795435456000000,'attempt_started','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','a03b0af5-dc09-4dee-8e09-0e66932e6b10','worker-4713f87e9a9e35ae','{"attempt": 1, "test_path": "tests/a.spec.js"}');
INSERT INTO "facts" VALUES(145,1795435456000000,'case_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','a03b0af5-dc09-4dee-8e09-0e66932e6b10','worker-4713f87e9a9e35ae','{"attempt": 1, "case_id": "tests/a.spec.js", "title": "tests/a.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(146,1795435456000000,'attempt_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','a03b0af5-dc09-4dee-8e09-0e66932e6b10','worker-4713f87e9a9e35ae','{"attempt": 1, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(147,1795435456000000,'job_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','a03b0af5-dc09-4dee-8e09-0e66932e6b10','worker-4713f87e9a9e35ae','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(148,1795435456000000,'lease_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 19, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(149,1795435456000000,'lease_granted','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 20, "app_version_id": "v1", "jobs": ["6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(150,1795435456000000,'install_done','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 20, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(151,1795435456000000,'attempt_started','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2','worker-4713f87e9a9e35ae','{"attempt": 1, "test_path": "tests/b.spec.js"}');
INSERT INTO "facts" VALUES(152,1795435456000000,'case_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2','worker-4713f87e9a9e35ae','{"attempt": 1, "case_id": "tests/b.spec.js", "title": "tests/b.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(153,1795435456000000,'attempt_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2','worker-4713f87e9a9e35ae','{"attempt": 1, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(154,1795435456000000,'job_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2','worker-4713f87e9a9e35ae','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(155,1795435456000000,'lease_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 20, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(156,1795435456000000,'lease_granted','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 21, "app_version_id": "v1", "jobs": ["69559bc5-305a-47d5-b8ee-93f68de3b41b"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(157,1795435456000000,'install_done','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 21, "app_version_id": "v1", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(158,1795435456000000,'attempt_started','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','69559bc5-305a-47d5-b8ee-93f68de3b41b','worker-4713f87e9a9e35ae','{"attempt": 1, "test_path": "tests/c.spec.js"}');
INSERT INTO "facts" VALUES(159,1795435456000000,'case_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','69559bc5-305a-47d5-b8ee-93f68de3b41b','worker-4713f87e9a9e35ae','{"attempt": 1, "case_id": "tests/c.spec.js", "title": "tests/c.spec.js", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(160,1795435456000000,'attempt_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','69559bc5-305a-47d5-b8ee-93f68de3b41b','worker-4713f87e9a9e35ae','{"attempt": 1, "verdict": "passed", "fault": null, "message": null, "seconds": 5}');
INSERT INTO "facts" VALUES(161,1795435456000000,'job_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42','69559bc5-305a-47d5-b8ee-93f68de3b41b','worker-4713f87e9a9e35ae','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(162,1795435456000000,'lease_ended','globex','301ef77d-c897-496c-aa59-117fa1ebaf42',NULL,'worker-4713f87e9a9e35ae','{"token": 21, "app_version_id": "v1", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(163,1795435456000000,'run_submitted','acme','14067bc1-dc31-4477-b323-d8bbe7b62c6d',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(164,1795435456000000,'lease_granted','acme','14067bc1-dc31-4477-b323-d8bbe7b62c6d',NULL,'worker-02d67d95d2b64a88','{"token": 22, "app_version_id": "nightly", "jobs": ["8a245909-026b-4473-b261-1cdf6275ee46"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(165,1795435456000000,'attempt_started','acme','14067bc1-dc31-4477-b323-d8bbe7b62c6d','8a245909-026b-4473-b261-1cdf6275ee46','worker-02d67d95d2b64a88','{"attempt": 1, "test_path": "login.spec.js"}');
INSERT INTO "facts" VALUES(166,1795435456000000,'attempt_ended','acme','14067bc1-dc31-4477-b323-d8bbe7b62c6d','8a245909-026b-4473-b261-1cdf6275ee46','worker-02d67d95d2b64a88','{"attempt": 1, "verdict": "passed", "fault": null, "message": null, "seconds": 0.0}');
INSERT INTO "facts" VALUES(167,1795435456000000,'job_ended','acme','14067bc1-dc31-4477-b323-d8bbe7b62c6d','8a245909-026b-4473-b261-1cdf6275ee46','worker-02d67d95d2b64a88','{"status": "completed", "verdict": "passed", "message": null, "cases": {"total": 0, "passed": 0, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(168,1795435456000000,'lease_ended','acme','14067bc1-dc31-4477-b323-d8bbe7b62c6d',NULL,'worker-02d67d95d2b64a88','{"token": 22, "app_version_id": "nightly", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(169,1795435456000000,'run_submitted','acme','44661178-1135-4856-834d-2be27d176e6c',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(170,1795435456000000,'lease_granted','acme','44661178-1135-4856-834d-2be27d176e6c',NULL,'worker-02d67d95d2b64a88','{"token": 23, "app_version_id": "nightly", "jobs": ["20dabb85-7367-4fa1-a9a1-783321621671"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(171,1795435456000000,'attempt_started','acme','44661178-1135-4856-834d-2be27d176e6c','20dabb85-7367-4fa1-a9a1-783321621671','worker-02d67d95d2b64a88','{"attempt": 1, "test_path": "logout.spec.js"}');
INSERT INTO "facts" VALUES(172,1795435456000000,'run_submitted','acme','d572d26a-c053-4540-bd20-9d707bd6dde4',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(173,1795435456000000,'job_ended','acme','d572d26a-c053-4540-bd20-9d707bd6dde4','5221f202-0ccf-4578-966a-db63a8418009',NULL,'{"status": "cancelled", "verdict": "cancelled", "message": null, "cases": {"total": 0, "passed": 0, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}}');
INSERT INTO "facts" VALUES(174,1795435456000000,'agent_registered',NULL,NULL,NULL,NULL,'{"agent_id": "agent-2", "name": "host", "workers": ["worker-3987690498e708d1"]}');
INSERT INTO "facts" VALUES(175,1795435456000000,'agent_registered',NULL,NULL,NULL,NULL,'{"agent_id": "agent-2", "name": "host", "workers": []}');
INSERT INTO "facts" VALUES(176,1795435456000000,'run_submitted','acme','11fb385c-720e-4aa4-960e-b75313329100',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(177,1795435456000000,'lease_granted','acme','11fb385c-720e-4aa4-960e-b75313329100',NULL,'worker-85554ed4156de13d','{"token": 24, "app_version_id": "v1", "jobs": ["e19c3341-2ed3-45bb-b49b-edf33738689a"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(178,1795435456000000,'install_done','acme','11fb385c-720e-4aa4-960e-b75313329100',NULL,'worker-85554ed4156de13d','{"token": 24, "app_version_id": "v1", "reused": true, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(179,1795435456000000,'attempt_started','acme','11fb385c-720e-4aa4-960e-b75313329100','e19c3341-2ed3-45bb-b49b-edf33738689a','worker-85554ed4156de13d','{"attempt": 1, "test_path": "tests/a.spec.js"}');
INSERT INTO "facts" VALUES(180,1795435456000000,'case_ended','acme','11fb385c-720e-4aa4-960e-b75313329100','e19c3341-2ed3-45bb-b49b-edf33738689a','worker-85554ed4156de13d','{"attempt": 1, "case_id": "signs in", "title": "signs in", "status": "passed", "ok": true, "seconds": 1.5}');
INSERT INTO "facts" VALUES(181,1795435456000000,'job_cancel_requested','acme','11fb385c-720e-4aa4-960e-b75313329100','e19c3341-2ed3-45bb-b49b-edf33738689a','worker-85554ed4156de13d','{}');
INSERT INTO "facts" VALUES(182,1795435456000000,'run_submitted','acme','c080a612-001f-4b42-88b6-497857ee30be',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(183,1795435456000000,'lease_granted','acme','c080a612-001f-4b42-88b6-497857ee30be',NULL,'worker-4713f87e9a9e35ae','{"token": 25, "app_version_id": "v2", "jobs": ["9c5e6f7f-3cae-4da7-81a0-625be507fdcb"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(184,1795435456000000,'install_done','acme','c080a612-001f-4b42-88b6-497857ee30be',NULL,'worker-4713f87e9a9e35ae','{"token": 25, "app_version_id": "v2", "reused": false, "seconds": 7, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(185,1795435456000000,'attempt_started','acme','c080a612-001f-4b42-88b6-497857ee30be','9c5e6f7f-3cae-4da7-81a0-625be507fdcb','worker-4713f87e9a9e35ae','{"attempt": 1, "test_path": "tests/b.spec.js"}');
INSERT INTO "facts" VALUES(186,1795435456000000,'run_submitted','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(187,1795435456000000,'lease_granted','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff',NULL,'worker-6d41082401850f5d','{"token": 26, "app_version_id": "v3", "jobs": ["e48f67a1-1285-40b2-a016-02d00d4994e9"], "reason": "no worker serves this group yet and it has waited longest"}');
INSERT INTO "facts" VALUES(188,1795435456000000,'install_done','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff',NULL,'worker-6d41082401850f5d','{"token": 26, "app_version_id": "v3", "reused": false, "seconds": 4, "proof": "content_hash"}');
INSERT INTO "facts" VALUES(189,1795435456000000,'attempt_started','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff','e48f67a1-1285-40b2-a016-02d00d4994e9','worker-6d41082401850f5d','{"attempt": 1, "test_path": "tests/d.spec.js"}');
INSERT INTO "facts" VALUES(190,1795435456000000,'case_ended','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff','e48f67a1-1285-40b2-a016-02d00d4994e9','worker-6d41082401850f5d','{"attempt": 1, "case_id": "crashes", "title": "crashes", "status": "interrupted", "ok": false, "seconds": 1.5}');
INSERT INTO "facts" VALUES(191,1795435456000000,'attempt_ended','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff','e48f67a1-1285-40b2-a016-02d00d4994e9','worker-6d41082401850f5d','{"attempt": 1, "verdict": "infra_error", "fault": "infrastructure", "message": "it did not go well", "seconds": 5}');
INSERT INTO "facts" VALUES(192,1795435456000000,'job_again','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff','e48f67a1-1285-40b2-a016-02d00d4994e9','worker-6d41082401850f5d','{"attempt": 1, "spends": "infrastructure", "wait_s": 5.0, "message": "it did not go well"}');
INSERT INTO "facts" VALUES(193,1795435456000000,'lease_ended','acme','3d869190-0cd3-4d10-8d90-4d1b4262eaff',NULL,'worker-6d41082401850f5d','{"token": 26, "app_version_id": "v3", "reason": "its worker is done with it"}');
INSERT INTO "facts" VALUES(194,1795435456000000,'run_submitted','acme','76fdb637-e42b-4fa2-aee9-de64501fe175',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(195,1795435456000000,'lease_granted','acme','76fdb637-e42b-4fa2-aee9-de64501fe175',NULL,'worker-6d41082401850f5d','{"token": 27, "app_version_id": "v3", "jobs": ["18e4c0e0-41b3-4f13-baa2-66fd508efa08"], "reason": "its app version is installed on this worker already"}');
INSERT INTO "facts" VALUES(196,1795435456000000,'run_submitted','acme','cc7150e9-ae3b-4e5e-8478-f76d51be2533',NULL,NULL,'{"jobs": 5}');
INSERT INTO "facts" VALUES(197,1795435456000000,'run_submitted','globex','a2f8e34f-2275-4f3d-aa4e-850cea6aab24',NULL,NULL,'{"jobs": 1}');
INSERT INTO "facts" VALUES(198,1795435456000000,'run_submitted','acme','5353f612-3f72-4dda-a6be-7404de231705',NULL,NULL,'{"jobs": 1}');
CREATE TABLE groups (
    number         INTEGER PRIMARY KEY,
    group_id       TEXT NOT NULL UNIQUE,
    org_id         TEXT NOT NULL,
    app_version_id TEXT NOT NULL,
    target         TEXT NOT NULL,
    platform       TEXT,
    own_project    INTEGER NOT NULL,
    needs          TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    jobs           INTEGER NOT NULL DEFAULT 0,
    waiting        INTEGER NOT NULL DEFAULT 0,
    resting        INTEGER NOT NULL DEFAULT 0,
    work_us        INTEGER NOT NULL DEFAULT 0,
    servers        INTEGER NOT NULL DEFAULT 0,
    busy_until_at  INTEGER NOT NULL DEFAULT 0,
    rank_lane      INTEGER,
    rank_due_at    INTEGER,
    rank_run       INTEGER
) STRICT;
INSERT INTO "groups" VALUES(1,'group-d739c1b3fce117895b2433b9','acme','v1','emulator',NULL,0,'emulator/android/bundle',1795435200000000,16,5,0,245000000,1,1795435461000000,1,1795439056000000,20);
INSERT INTO "groups" VALUES(2,'group-c81e8a743aee516a503ce678','acme','v2','emulator',NULL,0,'emulator/android/bundle',1795435340000000,3,0,0,0,1,1795435520000000,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(3,'group-361fffbd4b0e9bb66fa1edfb','globex','v1','emulator',NULL,0,'emulator/android/bundle',1795435456000000,4,1,0,5000000,0,0,1,1795433656000000,21);
INSERT INTO "groups" VALUES(4,'group-1831309c190343eed66730b4','acme','nightly','emulator',NULL,1,'emulator/any/project',1795435456000000,2,0,0,0,1,1795435516000000,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(5,'group-231be6b6c4e927fd7fb9ad06','acme','v3','emulator',NULL,0,'emulator/android/bundle',1795435456000000,2,0,1,0,1,1795435516000000,NULL,NULL,NULL);
INSERT INTO "groups" VALUES(6,'group-b9f09be484e575ac631e2808','acme','not-uploaded','emulator',NULL,0,'emulator/any/project',1795435456000000,1,1,0,5000000,0,0,1,1795435456000000,22);
CREATE TABLE install_estimates (
    org_id  TEXT NOT NULL,
    package TEXT NOT NULL,
    target  TEXT NOT NULL,
    took_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, package, target)
) STRICT, WITHOUT ROWID;
INSERT INTO "install_estimates" VALUES('acme','com.example.shop','emulator',4630000);
INSERT INTO "install_estimates" VALUES('globex','com.example.shop','emulator',4000000);
CREATE TABLE installs (
    number         INTEGER PRIMARY KEY,
    lease          INTEGER NOT NULL REFERENCES leases (token),
    worker_id      TEXT NOT NULL,
    org_id         TEXT NOT NULL,
    app_version_id TEXT NOT NULL,
    sha256         TEXT,
    at             INTEGER NOT NULL,
    took_us        INTEGER NOT NULL,
    done           INTEGER NOT NULL
) STRICT;
INSERT INTO "installs" VALUES(1,1,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(2,2,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(3,3,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(4,4,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(5,5,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(6,6,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(7,7,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435200000000,4000000,1);
INSERT INTO "installs" VALUES(8,8,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435260000000,4000000,1);
INSERT INTO "installs" VALUES(9,9,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435260000000,4000000,1);
INSERT INTO "installs" VALUES(10,10,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435260000000,4000000,1);
INSERT INTO "installs" VALUES(11,11,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435300000000,4000000,1);
INSERT INTO "installs" VALUES(12,12,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435320000000,4000000,1);
INSERT INTO "installs" VALUES(13,13,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435340000000,4000000,1);
INSERT INTO "installs" VALUES(14,14,'worker-85554ed4156de13d','acme','v2',NULL,1795435340000000,3000000,0);
INSERT INTO "installs" VALUES(15,15,'worker-85554ed4156de13d','acme','v2','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435360000000,4000000,1);
INSERT INTO "installs" VALUES(16,16,'worker-85554ed4156de13d','acme','v2','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435360000000,4000000,1);
INSERT INTO "installs" VALUES(17,17,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435360000000,4000000,1);
INSERT INTO "installs" VALUES(18,18,'worker-85554ed4156de13d','acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435456000000,4000000,1);
INSERT INTO "installs" VALUES(19,19,'worker-4713f87e9a9e35ae','globex','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435456000000,4000000,1);
INSERT INTO "installs" VALUES(20,20,'worker-4713f87e9a9e35ae','globex','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435456000000,4000000,1);
INSERT INTO "installs" VALUES(21,21,'worker-4713f87e9a9e35ae','globex','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435456000000,4000000,1);
INSERT INTO "installs" VALUES(22,25,'worker-4713f87e9a9e35ae','acme','v2','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435456000000,7000000,1);
INSERT INTO "installs" VALUES(23,26,'worker-6d41082401850f5d','acme','v3','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1795435456000000,4000000,1);
CREATE TABLE job_counts (
    org_id TEXT NOT NULL,
    status TEXT NOT NULL,
    jobs   INTEGER NOT NULL,
    PRIMARY KEY (org_id, status)
) STRICT, WITHOUT ROWID;
INSERT INTO "job_counts" VALUES('acme','cancelled',1);
INSERT INTO "job_counts" VALUES('acme','completed',6);
INSERT INTO "job_counts" VALUES('acme','failed',6);
INSERT INTO "job_counts" VALUES('acme','pending',7);
INSERT INTO "job_counts" VALUES('acme','queued',1);
INSERT INTO "job_counts" VALUES('acme','running',3);
INSERT INTO "job_counts" VALUES('globex','completed',3);
INSERT INTO "job_counts" VALUES('globex','pending',1);
INSERT INTO "job_counts" VALUES('globex','queued',0);
INSERT INTO "job_counts" VALUES('globex','running',0);
CREATE TABLE jobs (
    number           INTEGER PRIMARY KEY,
    job_id           TEXT NOT NULL UNIQUE,
    run_number       INTEGER NOT NULL REFERENCES runs (number),
    group_id         TEXT NOT NULL REFERENCES groups (group_id),
    org_id           TEXT NOT NULL,
    app_version_id   TEXT NOT NULL,
    test_path        TEXT NOT NULL,
    target           TEXT NOT NULL,
    priority         TEXT NOT NULL,
    platform         TEXT,
    bundle           TEXT,
    project          TEXT,
    reset            TEXT NOT NULL,
    asked_retries    INTEGER,
    timeout_s        REAL,
    metadata         TEXT NOT NULL,
    retry_of         TEXT,
    lane             INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    estimate_us      INTEGER NOT NULL,
    status           TEXT NOT NULL,
    verdict          TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    started_at       INTEGER,
    completed_at     INTEGER,
    worker_id        TEXT,
    lease            INTEGER,
    attempt          INTEGER NOT NULL DEFAULT 0,
    retry_count      INTEGER NOT NULL DEFAULT 0,
    infra_count      INTEGER NOT NULL DEFAULT 0,
    max_retries      INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    result           TEXT,
    error_message    TEXT,
    passed           INTEGER NOT NULL DEFAULT 0,
    failed           INTEGER NOT NULL DEFAULT 0,
    flaky            INTEGER NOT NULL DEFAULT 0,
    skipped          INTEGER NOT NULL DEFAULT 0,
    not_run          INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "jobs" VALUES(1,'051f26d0-a998-4688-bbf3-17259257441f',1,'group-d739c1b3fce117895b2433b9','acme','v1','tests/a.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435200000000,60000000,'completed','passed',1795435200000000,1795435200000000,1795435200000000,1795435200000000,'worker-85554ed4156de13d',NULL,1,0,0,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(2,'2ffb4ab5-9a3d-47bf-aa5c-1b2f8082cfd9',2,'group-d739c1b3fce117895b2433b9','acme','v1','tests/b.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',0,NULL,'{}',NULL,1,1795435200000000,60000000,'failed','failed',1795435200000000,1795435200000000,1795435200000000,1795435200000000,'worker-85554ed4156de13d',NULL,1,0,0,0,0,'{"verdict": "failed", "fault": "test", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}','it did not go well',0,1,0,0,0);
INSERT INTO "jobs" VALUES(3,'cdfd8e92-7a72-453c-aa80-66df2e5af59d',3,'group-d739c1b3fce117895b2433b9','acme','v1','tests/c.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',0,NULL,'{}',NULL,1,1795435200000000,60000000,'failed','timed_out',1795435200000000,1795435200000000,1795435200000000,1795435200000000,'worker-85554ed4156de13d',NULL,1,0,0,0,0,'{"verdict": "timed_out", "fault": "test", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}','it did not go well',0,1,0,0,0);
INSERT INTO "jobs" VALUES(4,'e16dacde-fb55-4ccf-93f3-507d65c3eb01',4,'group-d739c1b3fce117895b2433b9','acme','v1','tests/d.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',0,NULL,'{}',NULL,1,1795435200000000,60000000,'failed','app_error',1795435200000000,1795435200000000,1795435200000000,1795435200000000,'worker-85554ed4156de13d',NULL,1,0,0,0,0,'{"verdict": "app_error", "fault": "app", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}','it did not go well',0,1,0,0,0);
INSERT INTO "jobs" VALUES(5,'636913d7-188c-4a20-a4c9-80ebdca29561',5,'group-d739c1b3fce117895b2433b9','acme','v1','tests/e.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',0,NULL,'{}',NULL,1,1795435200000000,60000000,'failed','configuration_error',1795435200000000,1795435200000000,1795435200000000,1795435200000000,'worker-85554ed4156de13d',NULL,1,0,0,0,0,'{"verdict": "configuration_error", "fault": "configuration", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}','it did not go well',0,1,0,0,0);
INSERT INTO "jobs" VALUES(6,'ede97361-ba49-41fc-940d-e9f8d99a2a3d',6,'group-d739c1b3fce117895b2433b9','acme','v1','tests/f.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',0,NULL,'{}',NULL,1,1795435200000000,60000000,'failed','no_tests',1795435200000000,1795435200000000,1795435200000000,1795435200000000,'worker-85554ed4156de13d',NULL,1,0,0,0,0,'{"verdict": "no_tests", "fault": "configuration", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}','it did not go well',0,1,0,0,0);
INSERT INTO "jobs" VALUES(7,'b9848c20-31d8-47ac-a062-312f4fdd93dd',7,'group-d739c1b3fce117895b2433b9','acme','v1','tests/g.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435200000000,60000000,'completed','flaky',1795435200000000,1795435260000000,1795435200000000,1795435260000000,'worker-85554ed4156de13d',NULL,2,1,0,2,0,'{"verdict": "flaky", "fault": null, "message": null, "cases": {"total": 1, "passed": 0, "failed": 0, "flaky": 1, "skipped": 0, "not_run": 0}, "attempts": 2, "proof": "content_hash"}',NULL,0,0,1,0,0);
INSERT INTO "jobs" VALUES(8,'db42ff76-78d2-460c-9e90-6010d2f20ca4',8,'group-d739c1b3fce117895b2433b9','acme','v1','tests/a.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}','051f26d0-a998-4688-bbf3-17259257441f',1,1795435260000000,5000000,'completed','passed',1795435260000000,1795435260000000,1795435260000000,1795435260000000,'worker-85554ed4156de13d',NULL,1,0,0,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(9,'efe3ee05-ae6d-41ea-baf5-1000ca3b7bc3',9,'group-d739c1b3fce117895b2433b9','acme','v1','tests/h.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435260000000,60000000,'failed','infra_error',1795435260000000,1795435340000000,1795435260000000,1795435340000000,'worker-85554ed4156de13d',NULL,4,0,3,2,0,'{"verdict": "infra_error", "fault": "infrastructure", "message": "it did not go well", "cases": {"total": 1, "passed": 0, "failed": 1, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 4, "proof": "content_hash"}','it did not go well',0,1,0,0,0);
INSERT INTO "jobs" VALUES(10,'f0c78c7b-b923-4d1b-a7a7-89bdc8f901c2',10,'group-c81e8a743aee516a503ce678','acme','v2','tests/i.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435340000000,60000000,'completed','passed',1795435340000000,1795435360000000,1795435360000000,1795435360000000,'worker-85554ed4156de13d',NULL,3,0,1,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 2, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(11,'f02d75f5-60a3-49b6-8963-bde3ffc0efd7',11,'group-d739c1b3fce117895b2433b9','acme','v1','tests/j.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435360000000,60000000,'completed','passed',1795435360000000,1795435456000000,1795435360000000,1795435456000000,'worker-85554ed4156de13d',NULL,2,0,1,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 2, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(12,'a03b0af5-dc09-4dee-8e09-0e66932e6b10',12,'group-361fffbd4b0e9bb66fa1edfb','globex','v1','tests/a.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'completed','passed',1795435456000000,1795435456000000,1795435456000000,1795435456000000,'worker-4713f87e9a9e35ae',NULL,1,0,0,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(13,'6c10ee0b-565f-43dc-8a8d-56fe6c8b38b2',12,'group-361fffbd4b0e9bb66fa1edfb','globex','v1','tests/b.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'completed','passed',1795435456000000,1795435456000000,1795435456000000,1795435456000000,'worker-4713f87e9a9e35ae',NULL,1,0,0,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(14,'69559bc5-305a-47d5-b8ee-93f68de3b41b',12,'group-361fffbd4b0e9bb66fa1edfb','globex','v1','tests/c.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'completed','passed',1795435456000000,1795435456000000,1795435456000000,1795435456000000,'worker-4713f87e9a9e35ae',NULL,1,0,0,2,0,'{"verdict": "passed", "fault": null, "message": null, "cases": {"total": 1, "passed": 1, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 1, "proof": "content_hash"}',NULL,1,0,0,0,0);
INSERT INTO "jobs" VALUES(15,'8a245909-026b-4473-b261-1cdf6275ee46',13,'group-1831309c190343eed66730b4','acme','nightly','login.spec.js','emulator','normal',NULL,NULL,NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'completed','passed',1795435456000000,1795435456000000,1795435456000000,1795435456000000,'worker-02d67d95d2b64a88',NULL,1,0,0,2,0,'{"own": ["words", "of", "ours"]}',NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(16,'20dabb85-7367-4fa1-a9a1-783321621671',14,'group-1831309c190343eed66730b4','acme','nightly','logout.spec.js','emulator','normal',NULL,NULL,NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'running',NULL,1795435456000000,1795435456000000,1795435456000000,NULL,'worker-02d67d95d2b64a88',23,1,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(17,'5221f202-0ccf-4578-966a-db63a8418009',15,'group-c81e8a743aee516a503ce678','acme','v2','tests/a.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,5000000,'cancelled','cancelled',1795435456000000,1795435456000000,NULL,1795435456000000,NULL,NULL,0,0,0,2,0,'{"verdict": "cancelled", "fault": null, "message": null, "cases": {"total": 0, "passed": 0, "failed": 0, "flaky": 0, "skipped": 0, "not_run": 0}, "attempts": 0, "proof": "none"}',NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(18,'e19c3341-2ed3-45bb-b49b-edf33738689a',16,'group-d739c1b3fce117895b2433b9','acme','v1','tests/a.spec.js','emulator','urgent',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,0,1795435456000000,5000000,'running',NULL,1795435456000000,1795435456000000,1795435456000000,NULL,'worker-85554ed4156de13d',24,1,0,0,2,1,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(19,'9c5e6f7f-3cae-4da7-81a0-625be507fdcb',17,'group-c81e8a743aee516a503ce678','acme','v2','tests/b.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'running',NULL,1795435456000000,1795435456000000,1795435456000000,NULL,'worker-4713f87e9a9e35ae',25,1,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(20,'e48f67a1-1285-40b2-a016-02d00d4994e9',18,'group-231be6b6c4e927fd7fb9ad06','acme','v3','tests/d.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'pending',NULL,1795435456000000,1795435456000000,1795435456000000,NULL,NULL,NULL,1,0,1,2,0,NULL,'it did not go well',0,0,0,0,0);
INSERT INTO "jobs" VALUES(21,'18e4c0e0-41b3-4f13-baa2-66fd508efa08',19,'group-231be6b6c4e927fd7fb9ad06','acme','v3','tests/e.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,60000000,'queued',NULL,1795435456000000,1795435456000000,NULL,NULL,'worker-6d41082401850f5d',27,1,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(22,'2dc09ace-58d2-4154-8bfb-4bab4e9a2972',20,'group-d739c1b3fce117895b2433b9','acme','v1','tests/a.spec.js','emulator','low',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795439056000000,5000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(23,'d462daef-377d-4431-887b-173d5d01146c',20,'group-d739c1b3fce117895b2433b9','acme','v1','tests/b.spec.js','emulator','low',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795439056000000,60000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(24,'5ad2f07e-eccc-4690-84f0-ee595638072a',20,'group-d739c1b3fce117895b2433b9','acme','v1','tests/c.spec.js','emulator','low',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795439056000000,60000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(25,'28459a74-5445-4a32-b1cd-f0ed9a6f33b5',20,'group-d739c1b3fce117895b2433b9','acme','v1','tests/d.spec.js','emulator','low',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795439056000000,60000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(26,'0e3bd449-c86f-4084-9022-f6c50c62cb04',20,'group-d739c1b3fce117895b2433b9','acme','v1','tests/e.spec.js','emulator','low',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795439056000000,60000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(27,'3f1f9375-a7c2-4f3a-adee-37c805e5a795',21,'group-361fffbd4b0e9bb66fa1edfb','globex','v1','tests/a.spec.js','emulator','high',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795433656000000,5000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
INSERT INTO "jobs" VALUES(28,'67a9b07b-0a01-4973-a7a2-d9e372360b2d',22,'group-b9f09be484e575ac631e2808','acme','not-uploaded','tests/a.spec.js','emulator','normal',NULL,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear',NULL,NULL,'{}',NULL,1,1795435456000000,5000000,'pending',NULL,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,0,0,0,2,0,NULL,NULL,0,0,0,0,0);
CREATE TABLE leases (
    token           INTEGER PRIMARY KEY AUTOINCREMENT,
    worker_id       TEXT NOT NULL REFERENCES workers (worker_id),
    agent_id        TEXT,
    group_id        TEXT NOT NULL REFERENCES groups (group_id),
    org_id          TEXT NOT NULL,
    app_version_id  TEXT NOT NULL,
    sha256          TEXT,
    bundle          TEXT,
    project         TEXT,
    reset           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    granted_at      INTEGER NOT NULL,
    deadline_at     INTEGER NOT NULL,
    busy_until_at   INTEGER NOT NULL,
    last_seq        INTEGER NOT NULL DEFAULT 0,
    proof           TEXT NOT NULL,
    install_fault   TEXT,
    install_message TEXT,
    ended_at        INTEGER,
    ended_because   TEXT
) STRICT;
INSERT INTO "leases" VALUES(1,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435200000000,1795435275000000,1795435320000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(2,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435200000000,1795435275000000,1795435260000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(3,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435200000000,1795435275000000,1795435260000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(4,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435200000000,1795435275000000,1795435260000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(5,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435200000000,1795435275000000,1795435260000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(6,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435200000000,1795435275000000,1795435260000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(7,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435200000000,1795435275000000,1795435260000000,5,'content_hash',NULL,NULL,1795435200000000,'its worker is done with it');
INSERT INTO "leases" VALUES(8,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435260000000,1795435335000000,1795435320000000,5,'content_hash',NULL,NULL,1795435260000000,'its worker is done with it');
INSERT INTO "leases" VALUES(9,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435260000000,1795435335000000,1795435265000000,5,'content_hash',NULL,NULL,1795435260000000,'its worker is done with it');
INSERT INTO "leases" VALUES(10,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435260000000,1795435335000000,1795435320000000,5,'content_hash',NULL,NULL,1795435260000000,'its worker is done with it');
INSERT INTO "leases" VALUES(11,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435300000000,1795435375000000,1795435360000000,5,'content_hash',NULL,NULL,1795435300000000,'its worker is done with it');
INSERT INTO "leases" VALUES(12,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435320000000,1795435395000000,1795435380000000,5,'content_hash',NULL,NULL,1795435320000000,'its worker is done with it');
INSERT INTO "leases" VALUES(13,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435340000000,1795435415000000,1795435400000000,5,'content_hash',NULL,NULL,1795435340000000,'its worker is done with it');
INSERT INTO "leases" VALUES(14,'worker-85554ed4156de13d','agent-1','group-c81e8a743aee516a503ce678','acme','v2','7632000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435340000000,1795435415000000,1795435404000000,2,'none','infrastructure','no space left on the device',1795435340000000,'its worker is done with it');
INSERT INTO "leases" VALUES(15,'worker-85554ed4156de13d','agent-1','group-c81e8a743aee516a503ce678','acme','v2','7632000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435360000000,1795435435000000,1795435424000000,3,'content_hash',NULL,NULL,1795435360000000,'its worker is done with it');
INSERT INTO "leases" VALUES(16,'worker-85554ed4156de13d','agent-1','group-c81e8a743aee516a503ce678','acme','v2','7632000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435360000000,1795435435000000,1795435420000000,5,'content_hash',NULL,NULL,1795435360000000,'its worker is done with it');
INSERT INTO "leases" VALUES(17,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435360000000,1795435435000000,1795435424000000,4,'content_hash',NULL,NULL,1795435436000000,'its worker was not heard of until 12:03:55 UTC');
INSERT INTO "leases" VALUES(18,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435456000000,1795435531000000,1795435516000000,5,'content_hash',NULL,NULL,1795435456000000,'its worker is done with it');
INSERT INTO "leases" VALUES(19,'worker-4713f87e9a9e35ae','agent-1','group-361fffbd4b0e9bb66fa1edfb','globex','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435456000000,1795435531000000,1795435576000000,5,'content_hash',NULL,NULL,1795435456000000,'its worker is done with it');
INSERT INTO "leases" VALUES(20,'worker-4713f87e9a9e35ae','agent-1','group-361fffbd4b0e9bb66fa1edfb','globex','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435456000000,1795435531000000,1795435516000000,5,'content_hash',NULL,NULL,1795435456000000,'its worker is done with it');
INSERT INTO "leases" VALUES(21,'worker-4713f87e9a9e35ae','agent-1','group-361fffbd4b0e9bb66fa1edfb','globex','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435456000000,1795435531000000,1795435516000000,5,'content_hash',NULL,NULL,1795435456000000,'its worker is done with it');
INSERT INTO "leases" VALUES(22,'worker-02d67d95d2b64a88',NULL,'group-1831309c190343eed66730b4','acme','nightly',NULL,NULL,NULL,'clear','no worker serves this group yet and it has waited longest',1795435456000000,1795435756000000,1795435576000000,0,'none',NULL,NULL,1795435456000000,'its worker is done with it');
INSERT INTO "leases" VALUES(23,'worker-02d67d95d2b64a88',NULL,'group-1831309c190343eed66730b4','acme','nightly',NULL,NULL,NULL,'clear','its app version is installed on this worker already',1795435456000000,1795435756000000,1795435516000000,0,'none',NULL,NULL,NULL,NULL);
INSERT INTO "leases" VALUES(24,'worker-85554ed4156de13d','agent-1','group-d739c1b3fce117895b2433b9','acme','v1','7631000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435456000000,1795435531000000,1795435461000000,3,'content_hash',NULL,NULL,NULL,NULL);
INSERT INTO "leases" VALUES(25,'worker-4713f87e9a9e35ae','agent-1','group-c81e8a743aee516a503ce678','acme','v2','7632000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435456000000,1795435531000000,1795435520000000,2,'content_hash',NULL,NULL,NULL,NULL);
INSERT INTO "leases" VALUES(26,'worker-6d41082401850f5d','agent-1','group-231be6b6c4e927fd7fb9ad06','acme','v3','7633000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','no worker serves this group yet and it has waited longest',1795435456000000,1795435531000000,1795435520900000,5,'content_hash',NULL,NULL,1795435456000000,'its worker is done with it');
INSERT INTO "leases" VALUES(27,'worker-6d41082401850f5d','agent-1','group-231be6b6c4e927fd7fb9ad06','acme','v3','7633000000000000000000000000000000000000000000000000000000000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'clear','its app version is installed on this worker already',1795435456000000,1795435531000000,1795435516000000,0,'none',NULL,NULL,NULL,NULL);
CREATE TABLE ready (
    group_id     TEXT NOT NULL,
    lane         INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    run_number   INTEGER NOT NULL,
    slow_us      INTEGER NOT NULL,
    job_number   INTEGER NOT NULL REFERENCES jobs (number),
    avoid_worker TEXT,
    avoid_until_at INTEGER,
    PRIMARY KEY (group_id, lane, due_at, run_number, slow_us, job_number)
) STRICT, WITHOUT ROWID;
INSERT INTO "ready" VALUES('group-361fffbd4b0e9bb66fa1edfb',1,1795433656000000,21,-5000000,27,NULL,NULL);
INSERT INTO "ready" VALUES('group-b9f09be484e575ac631e2808',1,1795435456000000,22,-5000000,28,NULL,NULL);
INSERT INTO "ready" VALUES('group-d739c1b3fce117895b2433b9',1,1795439056000000,20,-60000000,23,NULL,NULL);
INSERT INTO "ready" VALUES('group-d739c1b3fce117895b2433b9',1,1795439056000000,20,-60000000,24,NULL,NULL);
INSERT INTO "ready" VALUES('group-d739c1b3fce117895b2433b9',1,1795439056000000,20,-60000000,25,NULL,NULL);
INSERT INTO "ready" VALUES('group-d739c1b3fce117895b2433b9',1,1795439056000000,20,-60000000,26,NULL,NULL);
INSERT INTO "ready" VALUES('group-d739c1b3fce117895b2433b9',1,1795439056000000,20,-5000000,22,NULL,NULL);
CREATE TABLE resting (
    job_number     INTEGER PRIMARY KEY REFERENCES jobs (number),
    until_at       INTEGER NOT NULL,
    avoid_worker   TEXT,
    avoid_until_at INTEGER
) STRICT;
INSERT INTO "resting" VALUES(20,1795435461000000,'worker-6d41082401850f5d',1795435521000000);
CREATE TABLE runs (
    number     INTEGER PRIMARY KEY,
    run_id     TEXT NOT NULL UNIQUE,
    org_id     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO "runs" VALUES(1,'cef4e7a7-15ec-4824-b0dd-ecce83c04501','acme',1795435200000000);
INSERT INTO "runs" VALUES(2,'8fb85352-30f1-4a51-957a-2900873fcae6','acme',1795435200000000);
INSERT INTO "runs" VALUES(3,'0264f596-1409-43fe-87cb-d46560cafe66','acme',1795435200000000);
INSERT INTO "runs" VALUES(4,'500d1125-0250-4a09-abfc-e2dc13789bb8','acme',1795435200000000);
INSERT INTO "runs" VALUES(5,'2b976f19-70d4-4398-85f2-2de65c021ea0','acme',1795435200000000);
INSERT INTO "runs" VALUES(6,'737ab65f-1457-4ce7-99b1-2ed3d423c84b','acme',1795435200000000);
INSERT INTO "runs" VALUES(7,'5d480055-fd2a-40b7-85dd-117e72c080cc','acme',1795435200000000);
INSERT INTO "runs" VALUES(8,'fd3c8a4d-7008-4478-817f-6180daafcafd','acme',1795435260000000);
INSERT INTO "runs" VALUES(9,'ee6e3eed-bead-4884-9ab5-a2534a2af876','acme',1795435260000000);
INSERT INTO "runs" VALUES(10,'642f1729-68b9-4f66-b6c7-6e90766a11a2','acme',1795435340000000);
INSERT INTO "runs" VALUES(11,'0d2a8e71-14e8-4470-b008-0d6ebf600bec','acme',1795435360000000);
INSERT INTO "runs" VALUES(12,'301ef77d-c897-496c-aa59-117fa1ebaf42','globex',1795435456000000);
INSERT INTO "runs" VALUES(13,'14067bc1-dc31-4477-b323-d8bbe7b62c6d','acme',1795435456000000);
INSERT INTO "runs" VALUES(14,'44661178-1135-4856-834d-2be27d176e6c','acme',1795435456000000);
INSERT INTO "runs" VALUES(15,'d572d26a-c053-4540-bd20-9d707bd6dde4','acme',1795435456000000);
INSERT INTO "runs" VALUES(16,'11fb385c-720e-4aa4-960e-b75313329100','acme',1795435456000000);
INSERT INTO "runs" VALUES(17,'c080a612-001f-4b42-88b6-497857ee30be','acme',1795435456000000);
INSERT INTO "runs" VALUES(18,'3d869190-0cd3-4d10-8d90-4d1b4262eaff','acme',1795435456000000);
INSERT INTO "runs" VALUES(19,'76fdb637-e42b-4fa2-aee9-de64501fe175','acme',1795435456000000);
INSERT INTO "runs" VALUES(20,'cc7150e9-ae3b-4e5e-8478-f76d51be2533','acme',1795435456000000);
INSERT INTO "runs" VALUES(21,'a2f8e34f-2275-4f3d-aa4e-850cea6aab24','globex',1795435456000000);
INSERT INTO "runs" VALUES(22,'5353f612-3f72-4dda-a6be-7404de231705','acme',1795435456000000);
CREATE TABLE test_estimates (
    org_id    TEXT NOT NULL,
    test_path TEXT NOT NULL,
    target    TEXT NOT NULL,
    took_us   INTEGER NOT NULL,
    PRIMARY KEY (org_id, test_path, target)
) STRICT, WITHOUT ROWID;
INSERT INTO "test_estimates" VALUES('acme','tests/a.spec.js','emulator',5000000);
INSERT INTO "test_estimates" VALUES('acme','tests/g.spec.js','emulator',5000000);
INSERT INTO "test_estimates" VALUES('acme','tests/i.spec.js','emulator',5000000);
INSERT INTO "test_estimates" VALUES('acme','tests/j.spec.js','emulator',5000000);
INSERT INTO "test_estimates" VALUES('globex','tests/a.spec.js','emulator',5000000);
INSERT INTO "test_estimates" VALUES('globex','tests/b.spec.js','emulator',5000000);
INSERT INTO "test_estimates" VALUES('globex','tests/c.spec.js','emulator',5000000);
CREATE TABLE totals (
    org_id         TEXT PRIMARY KEY,
    groups         INTEGER NOT NULL DEFAULT 0,
    installs       INTEGER NOT NULL DEFAULT 0,
    installs_stock INTEGER NOT NULL DEFAULT 0,
    sessions       INTEGER NOT NULL DEFAULT 0,
    install_us     INTEGER NOT NULL DEFAULT 0,
    test_us        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO "totals" VALUES('acme',5,19,18,17,82000000,80000000);
INSERT INTO "totals" VALUES('globex',1,3,3,3,12000000,15000000);
CREATE TABLE workers (
    number              INTEGER PRIMARY KEY,
    worker_id           TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    agent_id            TEXT REFERENCES agents (agent_id),
    targets             TEXT NOT NULL,
    platform            TEXT,
    model               TEXT NOT NULL,
    os_version          TEXT NOT NULL,
    serial              TEXT NOT NULL,
    tags                TEXT NOT NULL,
    metadata            TEXT NOT NULL,
    has_project         INTEGER NOT NULL,
    present             INTEGER NOT NULL DEFAULT 1,
    registered_at       INTEGER NOT NULL,
    seen_at             INTEGER NOT NULL,
    lease               INTEGER,
    hold_org_id         TEXT,
    hold_app_version_id TEXT,
    hold_sha256         TEXT,
    hold_package        TEXT,
    hold_proof          TEXT,
    hold_at             INTEGER
) STRICT;
INSERT INTO "workers" VALUES(1,'worker-85554ed4156de13d','host/emulator-5554','agent-1','["emulator"]','android','virtual','14','emulator-5554','[]','{}',0,1,1795435200000000,1795435456000000,24,'acme','v1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','com.example.shop','content_hash',1795435456000000);
INSERT INTO "workers" VALUES(2,'worker-4713f87e9a9e35ae','host/emulator-5556','agent-1','["emulator"]','android','virtual','14','emulator-5556','[]','{}',0,1,1795435200000000,1795435456000000,25,'acme','v2','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','com.example.shop','content_hash',1795435456000000);
INSERT INTO "workers" VALUES(3,'worker-6d41082401850f5d','host/emulator-5558','agent-1','["emulator"]','android','virtual','14','emulator-5558','[]','{}',0,1,1795435200000000,1795435456000000,27,'acme','v3','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','com.example.shop','content_hash',1795435456000000);
INSERT INTO "workers" VALUES(4,'worker-02d67d95d2b64a88','old',NULL,'["emulator"]',NULL,'','','','[]','{"rack": 3}',1,1,1795435200000000,1795435456000000,23,'acme','nightly',NULL,NULL,'none',1795435456000000);
INSERT INTO "workers" VALUES(5,'worker-3987690498e708d1','host/emulator-5560','agent-2','["emulator"]','android','virtual','14','emulator-5560','[]','{}',0,0,1795435456000000,1795435456000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX groups_unserved ON groups (needs, rank_lane, rank_due_at, rank_run) WHERE waiting > 0 AND servers = 0;
CREATE INDEX groups_served ON groups (needs, rank_lane, rank_due_at, rank_run) WHERE waiting > 0 AND servers > 0;
CREATE INDEX groups_of_version ON groups (org_id, app_version_id);
CREATE INDEX jobs_of_run ON jobs (run_number);
CREATE INDEX jobs_of_group ON jobs (group_id);
CREATE INDEX jobs_of_org ON jobs (org_id);
CREATE INDEX jobs_of_status ON jobs (status);
CREATE INDEX resting_until ON resting (until_at);
CREATE INDEX workers_of_agent ON workers (agent_id);
CREATE INDEX leases_in_force ON leases (deadline_at) WHERE ended_at IS NULL;
CREATE INDEX leases_of_group ON leases (group_id) WHERE ended_at IS NULL;
CREATE INDEX attempts_of_lease ON attempts (lease, place);
CREATE INDEX binaries_by_hash ON binaries (sha256);
CREATE INDEX facts_of_run ON facts (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX facts_of_job ON facts (job_id) WHERE job_id IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('facts',198);
INSERT INTO "sqlite_sequence" VALUES('leases',27);
COMMIT;
