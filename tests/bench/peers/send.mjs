// A Node script that brings a customer file into the API: csv-parse, undici, better-sqlite3.
//
//     send.mjs FILE.csv URL JOURNAL.db
//
// Each row's intent is durable before its request leaves, and its answer soon after it came: both go to SQLite in
// batches. Its rows are new ones.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import Database from "better-sqlite3";
import { parse } from "csv-parse";
import { Pool } from "undici";

const [file, url, journal] = process.argv.slice(2);
const connections = 64;
const batchSize = 256;

const db = new Database(journal);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec("CREATE TABLE client (key TEXT PRIMARY KEY, hash BLOB NOT NULL, crm_client_id INTEGER) WITHOUT ROWID");
const intend = db.prepare("INSERT INTO client (key, hash) VALUES (?, ?)");
const settle = db.prepare("UPDATE client SET crm_client_id = ? WHERE key = ?");
const commit = db.transaction((intents, answers) => {
  for (const answer of answers) settle.run(answer.id, answer.key);
  for (const intent of intents) intend.run(intent.key, intent.hash);
});

function clientOf(row) {
  return {
    login: row["Kod"], email: row["E-mail"], phone: row["Telefon"], notes: row["Uwagi"],
    invoice_fullname: `${row["Imię"]} ${row["Nazwisko"]}`, invoice_company: row["Firma"], invoice_tax_id: row["NIP"],
    invoice_address: row["Ulica"], invoice_postcode: row["Kod pocztowy"], invoice_city: row["Miasto"],
    invoice_state: row["Województwo"], invoice_country_code: row["Kraj"], delivery_fullname: row["Odbiorca"],
    delivery_company: row["Dostawa firma"], delivery_address: row["Dostawa adres"],
    delivery_postcode: row["Dostawa kod"], delivery_city: row["Dostawa miasto"],
    delivery_country_code: row["Dostawa kraj"],
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
  const answer = await response.body.json();
  if (answer.status !== "SUCCESS") throw new Error(`${item.key}: ${answer.error_code}`);
  answers.push({ key: item.key, id: answer.crm_client_id });
  sent += 1;
}

// A worker a connection takes the next row whose intent is durable.
const ready = [];
let ended = false;
let waiting = [];
const wakeAll = () => { for (const wake of waiting.splice(0)) wake(); };
let needMore = () => {};

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
for await (const row of createReadStream(file).pipe(parse({ delimiter: ";", columns: true }))) {
  const client = clientOf(row);
  const hash = createHash("sha1").update(JSON.stringify(row)).digest();
  batch.push({ key: row["Kod"], hash, client });
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
