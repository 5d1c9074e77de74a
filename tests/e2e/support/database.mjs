// A database of its own, in the cluster of TEST_DATABASE_URL.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { fromEnvironment } from "./program.mjs";

export class Database {
  static async create() {
    const database = new Database();
    database.name = `e2e_${randomBytes(6).toString("hex")}`;
    await asSuperuser(`CREATE DATABASE ${database.name}`);
    const url = new URL(fromEnvironment("TEST_DATABASE_URL"));
    url.pathname = `/${database.name}`;
    database.url = url.toString();
    return database;
  }

  async query(text, values) {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  // Holds what the statement locks; gives what ends that.
  async hold(statement) {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    await client.query("BEGIN");
    await client.query(statement);
    return () => client.end();
  }

  async drop() {
    await asSuperuser(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }
}

async function asSuperuser(statement) {
  const client = new pg.Client({ connectionString: fromEnvironment("TEST_DATABASE_URL") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
