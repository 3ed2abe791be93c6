// A Node script that brings a customer file into the API: csv-parse, undici, better-sqlite3.
//
//     send.mjs FILE.csv URL JOURNAL.db
//
// Each row's intent is durable before its request leaves, and its answer soon after it came: both go to SQLite in
// batches. It knows the columns by their places, and takes every row for a new one.
import { createReadStream } from "node:fs";
import Database from "better-sqlite3";
import { parse } from "csv-parse";
import { Pool } from "undici";

const [file, url, journal] = process.argv.slice(2);
const connections = 64;
const batchSize = 1000;

const db = new Database(journal);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec("CREATE TABLE client (line INTEGER PRIMARY KEY, key TEXT NOT NULL, crm_client_id INTEGER)");
const intend = db.prepare("INSERT INTO client (line, key) VALUES (?, ?)");
const settle = db.prepare("UPDATE client SET crm_client_id = ? WHERE line = ?");
const commit = db.transaction((intents, answers) => {
  for (const answer of answers) settle.run(answer.id, answer.line);
  for (const intent of intents) intend.run(intent.line, intent.client.login);
});

function clientOf(row) {
  return {
    login: row[0], email: row[1], phone: row[2], notes: row[17], invoice_fullname: `${row[3]} ${row[4]}`,
    invoice_company: row[5], invoice_tax_id: row[6], invoice_address: row[7], invoice_postcode: row[8],
    invoice_city: row[9], invoice_state: row[10], invoice_country_code: row[11], delivery_fullname: row[12],
    delivery_company: row[18], delivery_address: row[13], delivery_postcode: row[14], delivery_city: row[15],
    delivery_country_code: row[16],
  };
}

const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections, pipelining: 1 });
const headers = { "content-type": "application/x-www-form-urlencoded", "x-bltoken": "bench" };
let answers = [];
let sent = 0;

async function send(item) {
  const body = `method=addCrmClient&parameters=${encodeURIComponent(JSON.stringify(item.client))}`;
  const response = await pool.request({ method: "POST", path: pathname, headers, body });
  const answer = JSON.parse(await response.body.text());
  if (answer.status !== "SUCCESS") throw new Error(`row ${item.line}: ${answer.error_code}`);
  answers.push({ line: item.line, id: answer.crm_client_id });
  sent += 1;
}

// As many workers as connections; each takes a row whose intent is durable, sends it, and takes the next.
const ready = [];
let ended = false;
const waiting = [];
let needMore = () => {};
const wakeAll = () => waiting.splice(0).forEach((wake) => wake());

async function work() {
  for (;;) {
    const item = ready.pop();
    if (item) {
      if (ready.length <= connections) needMore();
      await send(item);
    } else if (ended) {
      return;
    } else {
      await new Promise((wake) => waiting.push(wake));
    }
  }
}

function release(batch) {
  const settled = answers;
  answers = [];
  commit(batch, settled);
  ready.push(...batch);
  wakeAll();
}

const workers = Array.from({ length: connections }, work);
let batch = [];
let line = 0;
for await (const row of createReadStream(file).pipe(parse({ delimiter: ";", from_line: 2 }))) {
  batch.push({ line: ++line, client: clientOf(row) });
  if (batch.length === batchSize) {
    release(batch);
    batch = [];
    if (ready.length > connections) await new Promise((resolve) => { needMore = resolve; });
  }
}
release(batch);
ended = true;
wakeAll();
await Promise.all(workers);
release([]);
await pool.close();
db.close();
console.log(sent);
