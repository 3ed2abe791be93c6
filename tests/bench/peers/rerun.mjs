// What DuckDB takes to find the rows of a customer file that are new or changed: it reads the file, hashes each row and
// holds it against a table of the hashes that it stored before. 2 threads.
//
//     rerun.mjs store FILE.csv DATABASE      makes the table
//     rerun.mjs compare FILE.csv DATABASE    prints how many rows are not in it
import { DuckDBInstance } from "@duckdb/node-api";

const [action, file, database] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database, { threads: "2" });
const connection = await instance.connect();
const source = `read_csv('${file}', delim = ';', quote = '"', header = true, all_varchar = true)`;
const columns = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)).getRows().map(([name]) => `"${name}"`);
const rows = `SELECT hash("Kod") AS key, hash(${columns.join(", ")}) AS record FROM ${source}`;

if (action === "store") {
  await connection.run(`CREATE TABLE known AS ${rows}`);
} else {
  const found = await connection.runAndReadAll(`SELECT count(*) FROM (${rows}) ANTI JOIN known USING (key, record)`);
  console.log(String(found.getRows()[0][0]));
}
connection.closeSync();
instance.closeSync();
