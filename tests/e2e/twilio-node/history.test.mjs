import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { ACCOUNT_SID, AUTH_TOKEN, CUSTOMER, MAIN_LINE, Simulator } from "./simulator.mjs";

const SECOND_LINE = "+14155550135";
const MESSAGES = 5_000;

let simulator;
let client;

before(async () => {
  simulator = await Simulator.start();
  client = simulator.client();
});

after(() => simulator.stop());

beforeEach(() => simulator.control("POST", "reset"));

function addHistory(description = {}) {
  return simulator.control("POST", "history", {
    account_sid: ACCOUNT_SID,
    numbers: [MAIN_LINE, SECOND_LINE],
    messages: MESSAGES,
    contacts: 300,
    seed: 42,
    ...description,
  });
}

// What the simulator knows, newest first, as the list is.
async function truth(query = "") {
  const address = `${simulator.baseUrl}/sim/history/truth?account_sid=${ACCOUNT_SID}${query}`;
  const response = await fetch(address);
  assert.equal(response.status, 200);
  const lines = (await response.text()).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line)).reverse();
}

const time = (text) => (text === null ? null : Date.parse(text));

function assertSame(listed, known) {
  assert.equal(listed.length, known.length);
  listed.forEach((message, index) => {
    const row = known[index];
    assert.deepEqual(
      {
        sid: message.sid,
        direction: message.direction,
        from: message.from,
        to: message.to,
        body: message.body,
        status: message.status,
        error_code: message.errorCode,
        error_message: message.errorMessage,
        num_media: message.numMedia,
        num_segments: message.numSegments,
        price: message.price,
        messaging_service_sid: message.messagingServiceSid,
        date_created: message.dateCreated.getTime(),
        date_sent: message.dateSent?.getTime() ?? null,
        date_updated: message.dateUpdated.getTime(),
      },
      {
        sid: row.sid,
        direction: row.direction,
        from: row.from,
        to: row.to,
        body: row.body,
        status: row.status,
        error_code: row.error_code,
        error_message: row.error_message,
        num_media: String(row.num_media),
        num_segments: String(row.num_segments),
        price: row.price,
        messaging_service_sid: row.messaging_service_sid,
        date_created: time(row.date_created),
        date_sent: time(row.date_sent),
        date_updated: time(row.date_updated),
      },
    );
  });
}

test("the whole history is listed page by page with the same count and contents", async () => {
  await addHistory();
  const listed = await client.messages.list({ pageSize: 1000 });
  assert.equal(listed.length, MESSAGES);
  assertSame(listed, await truth());
  const { requests } = await simulator.control("GET", "requests");
  assert.equal(requests.length, 5);
  const changes = await simulator.control("GET", "requests?mutating=true");
  assert.deepEqual(changes.requests, []);
});

test("both directions of a number and a range of days are the whole of it", async () => {
  await addHistory();
  const known = await truth(`&number=${encodeURIComponent(MAIN_LINE)}`);
  const inbound = await client.messages.list({ to: MAIN_LINE, pageSize: 1000 });
  const outbound = await client.messages.list({ from: MAIN_LINE, pageSize: 300 });
  assertSame(
    inbound,
    known.filter((row) => row.to === MAIN_LINE),
  );
  assertSame(
    outbound,
    known.filter((row) => row.from === MAIN_LINE),
  );
  const after = "2024-06-01T00:00:00Z";
  const since = await client.messages.list({
    to: MAIN_LINE,
    dateSentAfter: new Date(after),
    pageSize: 1000,
  });
  assert.ok(since.length > 0 && since.length < inbound.length);
  assertSame(
    since,
    known.filter((row) => row.to === MAIN_LINE && time(row.date_sent) >= time(after)),
  );
});

test("media are listed, and the bytes come through the redirect without the credentials", async () => {
  await addHistory({ messages: 40, contacts: 5, media_share: 1 });
  const known = await truth("&digests=true");
  const login = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString("base64");
  let files = 0;
  for (const row of known) {
    const listed = await client.messages(row.sid).media.list();
    assert.deepEqual(
      listed.map((media) => [media.sid, media.contentType, media.parentSid]),
      row.media.map((media) => [media.sid, media.content_type, row.sid]),
    );
    const fetched = await client.messages(row.sid).media(listed[0].sid).fetch();
    assert.equal(fetched.contentType, listed[0].contentType);
    const address = `${simulator.baseUrl}${listed[0].uri.replace(".json", "")}`;
    const headers = { authorization: `Basic ${login}` };
    const redirect = await fetch(address, { headers, redirect: "manual" });
    assert.equal(redirect.status, 307);
    assert.notEqual(new URL(redirect.headers.get("location")).host, new URL(address).host);
    const response = await fetch(address, { headers });
    assert.equal(response.status, 200);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.length, row.media[0].size);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), row.media[0].sha256);
    assert.equal(response.headers.get("content-type"), row.media[0].content_type);
    files += 1;
  }
  const { requests } = await simulator.control("GET", "cdn");
  assert.equal(requests.length, files);
  assert.ok(requests.every((request) => !request.carried_authorization));
});

test("a customer's picture is listed like any other", async () => {
  await simulator.control("POST", "numbers", {
    account_sid: ACCOUNT_SID,
    phone_number: MAIN_LINE,
  });
  const { sid } = await simulator.control("POST", "customer-messages", {
    from: CUSTOMER,
    to: MAIN_LINE,
    body: "Look",
    media_urls: ["https://example.com/leak.jpg"],
  });
  const message = await client.messages(sid).fetch();
  assert.equal(message.numMedia, "1");
  const media = await message.media().list();
  assert.deepEqual(
    media.map((one) => one.contentType),
    ["image/jpeg"],
  );
});

test("an armed 429 reaches the library as an error, and then everything is listed", async () => {
  await addHistory({ messages: 300 });
  await simulator.control("PUT", "faults", {
    rules: [{ on: "list_messages", fault: { kind: "rate_limit", retry_after_s: 1 }, times: 2 }],
  });
  await assert.rejects(client.messages.list(), (error) => error.code === 20429);
  await assert.rejects(client.messages.list(), (error) => error.status === 429);
  assert.equal((await client.messages.list({ pageSize: 100 })).length, 300);
  const { fired } = await simulator.control("GET", "faults");
  assert.equal(fired, 2);
});
