import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import twilio from "twilio";
import { ACCOUNT_SID, CUSTOMER, MAIN_LINE, Simulator } from "./simulator.mjs";

let simulator;
let client;

before(async () => {
  simulator = await Simulator.start();
  client = simulator.client();
});

after(() => simulator.stop());

beforeEach(async () => {
  await simulator.control("POST", "reset");
  await simulator.control("PUT", "timing", { sent_after_ms: 0, delivered_after_ms: 0 });
  await simulator.control("POST", "numbers", {
    account_sid: ACCOUNT_SID,
    phone_number: MAIN_LINE,
    friendly_name: "Main line",
  });
});

test("a message is sent, and fetched when it is delivered", async () => {
  const sent = await client.messages.create({
    to: CUSTOMER,
    from: MAIN_LINE,
    body: "Grüße & “quotes” + 100 %",
  });
  assert.match(sent.sid, /^SM[0-9a-f]{32}$/);
  assert.equal(sent.status, "queued");
  assert.equal(sent.direction, "outbound-api");
  assert.equal(sent.numSegments, "1");
  assert.equal(sent.numMedia, "0");
  assert.equal(sent.errorCode, null);
  assert.equal(sent.dateSent, null);
  assert.ok(sent.dateCreated instanceof Date && !Number.isNaN(sent.dateCreated.getTime()));

  await simulator.settle();
  const fetched = await client.messages(sent.sid).fetch();
  assert.equal(fetched.status, "delivered");
  assert.equal(fetched.body, "Grüße & “quotes” + 100 %");
  assert.equal(fetched.price, "-0.00790");
  assert.ok(fetched.dateSent instanceof Date);
  assert.equal(fetched.uri, `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sent.sid}.json`);
});

test("list follows every page and gives every message once", async () => {
  const texts = Array.from({ length: 23 }, (_, index) => `message ${index}`);
  for (const body of texts) await client.messages.create({ to: CUSTOMER, from: MAIN_LINE, body });
  const listed = await client.messages.list({ pageSize: 5 });
  assert.deepEqual(
    listed.map((message) => message.body),
    texts.toReversed(),
  );
  const { requests } = await simulator.control("GET", "requests");
  assert.equal(requests.filter((request) => request.method === "GET").length, 5);
  assert.equal((await client.messages.list({ limit: 7 })).length, 7);
});

test("page goes forward and back by its links", async () => {
  for (let index = 0; index < 5; index += 1) {
    await client.messages.create({ to: CUSTOMER, from: MAIN_LINE, body: String(index) });
  }
  const bodies = (page) => page.instances.map((message) => message.body);
  const first = await client.messages.page({ pageSize: 2 });
  assert.deepEqual(bodies(first), ["4", "3"]);
  assert.equal(first.previousPageUrl, undefined);
  const second = await first.nextPage();
  assert.deepEqual(bodies(second), ["2", "1"]);
  const third = await second.nextPage();
  assert.deepEqual(bodies(third), ["0"]);
  assert.equal(third.nextPageUrl, undefined);
  assert.deepEqual(bodies(await second.previousPage()), ["4", "3"]);
  const again = await client.messages.getPage(first.nextPageUrl);
  assert.deepEqual(bodies(again), ["2", "1"]);
});

test("list filters by sender, recipient and date as the library writes them", async () => {
  const row = (body, inbound, day) => ({
    account_sid: ACCOUNT_SID,
    direction: inbound ? "inbound" : "outbound-api",
    from: inbound ? CUSTOMER : MAIN_LINE,
    to: inbound ? MAIN_LINE : CUSTOMER,
    body,
    status: inbound ? "received" : "delivered",
    date_created: `2024-03-0${day}T12:00:00Z`,
  });
  await simulator.control("POST", "messages", [
    row("a", true, 1),
    row("b", false, 2),
    row("c", true, 3),
    row("d", false, 4),
  ]);
  const list = async (filter) => {
    const messages = await client.messages.list({ ...filter, pageSize: 1 });
    return messages.map((message) => message.body).join("");
  };
  assert.equal(await list({ to: MAIN_LINE }), "ca");
  assert.equal(await list({ from: MAIN_LINE }), "db");
  assert.equal(await list({ dateSentAfter: new Date("2024-03-03T00:00:00Z") }), "dc");
  assert.equal(await list({ dateSentBefore: new Date("2024-03-02T13:00:00Z") }), "ba");
  assert.equal(
    await list({ to: MAIN_LINE, dateSentAfter: new Date("2024-03-02T00:00:00Z") }),
    "c",
  );
});

test("a day finds every message of it, in each format of Twilio's examples", async () => {
  const row = (hour) => ({
    account_sid: ACCOUNT_SID,
    direction: "inbound",
    from: CUSTOMER,
    to: MAIN_LINE,
    body: String(hour),
    status: "received",
    date_created: new Date(Date.UTC(2024, 2, 5, hour)).toISOString(),
  });
  const hours = Array.from({ length: 27 }, (_, index) => index - 2);
  await simulator.control("POST", "messages", hours.map(row));
  const day = await client.messages.list({ dateSent: new Date("2024-03-05T00:00:00Z") });
  assert.deepEqual(
    day.map((message) => Number(message.body)).toReversed(),
    hours.filter((hour) => hour >= 0 && hour < 24),
  );
  for (const dateSentAfter of ["2024-03-06", "2024-03-05 23:59:59.000", "03/05/2024 16:00:00 PST"]) {
    const listed = await client.messages.list({ dateSentAfter });
    assert.equal(listed.length, 1, dateSentAfter);
  }
});

test("a message is redacted, then deleted", async () => {
  const { sid } = await client.messages.create({ to: CUSTOMER, from: MAIN_LINE, body: "A secret" });
  await simulator.settle();
  const context = client.messages(sid);
  assert.equal((await context.update({ body: "" })).body, "");
  assert.equal((await context.fetch()).body, "");
  assert.equal(await context.remove(), true);
  await assert.rejects(context.fetch(), (error) => error.code === 20404);
  assert.deepEqual(await client.messages.list(), []);
});

test("errors become RestExceptions with Twilio's code", async () => {
  const refused = async (parameters, status, code) =>
    assert.rejects(client.messages.create(parameters), (error) => {
      assert.ok(error instanceof twilio.RestException);
      assert.equal(error.status, status);
      assert.equal(error.code, code);
      assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
      return true;
    });
  await refused({ to: "12", from: MAIN_LINE, body: "x" }, 400, 21211);
  await refused({ to: CUSTOMER, from: "+14155550111", body: "x" }, 400, 21659);
  await refused({ to: CUSTOMER, from: MAIN_LINE, body: "x".repeat(1601) }, 400, 21617);
  await refused(
    { to: CUSTOMER, from: MAIN_LINE, body: "x", statusCallback: "https://a_b.example.com/" },
    400,
    21609,
  );
  await simulator.control("POST", "customer-messages", {
    from: CUSTOMER,
    to: MAIN_LINE,
    body: "STOP",
  });
  await refused({ to: CUSTOMER, from: MAIN_LINE, body: "x" }, 400, 21610);
  await assert.rejects(
    client.messages("SM00000000000000000000000000000000").fetch(),
    (error) => error.code === 20404 && error.status === 404,
  );
  await assert.rejects(
    simulator.client("wrong").messages.list(),
    (error) => error.code === 20003 && error.status === 401,
  );
});

test("a failed message shows its code as a number", async () => {
  await simulator.control("POST", "outcomes", { status: "undelivered", error_code: 30006 });
  const { sid } = await client.messages.create({ to: CUSTOMER, from: MAIN_LINE, body: "x" });
  await simulator.settle();
  const message = await client.messages(sid).fetch();
  assert.equal(message.status, "undelivered");
  assert.equal(message.errorCode, 30006);
  assert.equal(message.errorMessage, "Landline or unreachable carrier");
});

test("accounts are listed, and an account names all that is below it", async () => {
  const [account, ...others] = await client.api.v2010.accounts.list();
  assert.equal(account.sid, ACCOUNT_SID);
  assert.deepEqual(others, []);
  assert.equal(Object.keys(account.subresourceUris).length, 20);
  const { balance, currency } = await client.balance.fetch();
  assert.equal(currency, "USD");
  assert.ok(Number(balance) > 0);
});

test("the account and its numbers are listed", async () => {
  for (let index = 0; index < 4; index += 1) {
    await simulator.control("POST", "numbers", {
      account_sid: ACCOUNT_SID,
      phone_number: `+1415555020${index}`,
      friendly_name: `Line ${index}`,
    });
  }
  const account = await client.api.v2010.accounts(ACCOUNT_SID).fetch();
  assert.equal(account.status, "active");
  assert.equal(account.type, "Full");
  const numbers = await client.incomingPhoneNumbers.list({ pageSize: 2 });
  assert.equal(numbers.length, 5);
  assert.match(numbers[0].sid, /^PN[0-9a-f]{32}$/);
  assert.deepEqual({ ...numbers[0].capabilities }, { voice: true, sms: true, mms: true, fax: false });
  const [found] = await client.incomingPhoneNumbers.list({ phoneNumber: MAIN_LINE });
  assert.equal(found.friendlyName, "Main line");
  assert.equal((await client.incomingPhoneNumbers(found.sid).fetch()).phoneNumber, MAIN_LINE);
});
