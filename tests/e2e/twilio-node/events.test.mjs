import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import twilio from "twilio";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CUSTOMER,
  MAIN_LINE,
  Receiver,
  Simulator,
} from "./simulator.mjs";

const TYPES = ["inbound-message.received", "message.sent", "message.delivered"].map(
  (name) => `com.twilio.messaging.${name}`,
);

let simulator;
let client;
let receiver;

before(async () => {
  simulator = await Simulator.start();
  client = simulator.client();
  receiver = await Receiver.start();
});

after(async () => {
  await receiver.stop();
  assert.equal(await simulator.stop(), 0, "SIGTERM ends the simulator in good order");
});

beforeEach(async () => {
  await simulator.control("POST", "reset");
  await simulator.control("PUT", "timing", { sent_after_ms: 0, delivered_after_ms: 0 });
  await simulator.control("POST", "numbers", {
    account_sid: ACCOUNT_SID,
    phone_number: MAIN_LINE,
  });
  receiver.requests.length = 0;
});

async function createSink(path = "/twilio/events", batch = false) {
  return client.events.v1.sinks.create({
    description: "Loquent",
    sinkType: "webhook",
    sinkConfiguration: {
      destination: `${receiver.baseUrl}${path}`,
      method: "POST",
      batch_events: batch,
    },
  });
}

async function subscribe(sink) {
  return client.events.v1.subscriptions.create({
    description: "Loquent",
    sinkSid: sink.sid,
    types: TYPES.map((type) => ({ type })),
  });
}

test("a sink is created, listed over several pages, changed and deleted", async () => {
  const created = await createSink();
  assert.match(created.sid, /^DG[0-9a-f]{32}$/);
  assert.equal(created.status, "active");
  assert.equal(created.sinkConfiguration.destination, `${receiver.baseUrl}/twilio/events`);
  assert.ok(created.dateCreated instanceof Date && !Number.isNaN(created.dateCreated.getTime()));
  for (let index = 0; index < 4; index += 1) await createSink(`/${index}`);
  const sinks = await client.events.v1.sinks.list({ pageSize: 2 });
  assert.equal(new Set(sinks.map((sink) => sink.sid)).size, 5);
  assert.equal((await client.events.v1.sinks.list({ inUse: true })).length, 0);
  const context = client.events.v1.sinks(created.sid);
  assert.equal((await context.update({ description: "renamed" })).description, "renamed");
  assert.equal(await context.remove(), true);
  await assert.rejects(context.fetch(), (error) => error.code === 20404);
});

test("a subscription takes several types, and lists them", async () => {
  const sink = await createSink();
  const subscription = await subscribe(sink);
  assert.match(subscription.sid, /^DF[0-9a-f]{32}$/);
  assert.equal(subscription.accountSid, ACCOUNT_SID);
  const events = client.events.v1.subscriptions(subscription.sid).subscribedEvents;
  const listed = await events.list({ pageSize: 2 });
  assert.deepEqual(listed.map((event) => event.type), TYPES);
  assert.deepEqual(listed.map((event) => event.schemaVersion), [6, 8, 8]);

  const added = await events.create({ type: "com.twilio.messaging.message.failed" });
  assert.equal(added.schemaVersion, 8);
  assert.equal((await events(added.type).update({ schemaVersion: 4 })).schemaVersion, 4);
  assert.equal(await events(added.type).remove(), true);
  assert.equal((await events.list()).length, 3);

  const ofSink = await client.events.v1.subscriptions.list({ sinkSid: sink.sid });
  assert.deepEqual(ofSink.map((one) => one.sid), [subscription.sid]);
  await assert.rejects(subscribe(sink), (error) => /is in use/.test(error.message));
  assert.equal(await client.events.v1.subscriptions(subscription.sid).remove(), true);
});

test("event types and schemas can be read", async () => {
  const types = await client.events.v1.eventTypes.list();
  assert.ok(TYPES.every((name) => types.some((type) => type.type === name)));
  const schema = await client.events.v1.schemas("Messaging.MessageStatus").fetch();
  assert.equal(schema.latestVersion, 8);
  assert.equal((await schema.versions().list()).length, 8);
});

test("a test event arrives signed, and validates its sink", async () => {
  const sink = await createSink();
  const context = client.events.v1.sinks(sink.sid);
  assert.equal((await context.sinkTest.create()).result, "submitted");
  await simulator.settle();
  const [request] = receiver.requests;
  const [event] = JSON.parse(request.body);
  assert.equal(event.type, "com.twilio.eventstreams.test-event");
  assert.equal(event.id, ACCOUNT_SID);
  assert.ok(isGenuine(request));
  const { result } = await context.sinkValidate.create({ testId: event.data.test_id });
  assert.equal(result, "valid");
});

function isGenuine(request, token = AUTH_TOKEN) {
  const signature = request.headers["x-twilio-signature"];
  return twilio.validateRequestWithBody(token, signature, request.url, request.body);
}

test("Twilio's validator accepts every event that is delivered, and nothing that was changed", async () => {
  await subscribe(await createSink("/twilio/events?org=7&name=a%20b"));
  await simulator.control("POST", "customer-messages", {
    from: CUSTOMER,
    to: MAIN_LINE,
    body: "Grüße 👋 \"quoted\" </tag>",
  });
  await client.messages.create({ to: CUSTOMER, from: MAIN_LINE, body: "Hello" });
  await simulator.settle();

  const events = receiver.requests.flatMap((request) => JSON.parse(request.body));
  assert.deepEqual(events.map((event) => event.type).toSorted(), TYPES.toSorted());
  assert.equal(new Set(events.map((event) => event.id)).size, 3);
  for (const request of receiver.requests) {
    assert.equal(isGenuine(request), true);
    assert.equal(isGenuine(request, "another token"), false);
    assert.equal(isGenuine({ ...request, body: `${request.body} ` }), false);
    assert.equal(isGenuine({ ...request, url: request.url.replace("org=7", "org=8") }), false);
  }
});

test("a batching sink gets signed arrays of several events", async () => {
  await subscribe(await createSink("/batch", true));
  await simulator.control("PUT", "timing", { delivery_paused: true });
  for (let index = 0; index < 10; index += 1) {
    await simulator.control("POST", "customer-messages", {
      from: CUSTOMER,
      to: MAIN_LINE,
      body: String(index),
    });
  }
  await simulator.control("PUT", "timing", { delivery_paused: false });
  await simulator.settle();
  // One, unless the machine takes longer than the sink waits for more.
  const sizes = receiver.requests.map(({ body }) => JSON.parse(body).length);
  assert.equal(sizes.reduce((sum, size) => sum + size), 10);
  assert.ok(sizes.some((size) => size > 1), `${sizes}`);
  assert.ok(receiver.requests.every((request) => isGenuine(request)));
});

test("events that follow each other come in one batch, without anybody holding them up", async () => {
  await simulator.control("PUT", "timing", { batch_wait_ms: 2_000 });
  await subscribe(await createSink("/batch", true));
  await client.messages.create({ to: CUSTOMER, from: MAIN_LINE, body: "😀".repeat(67) });
  await simulator.control("POST", "customer-messages", { from: CUSTOMER, to: MAIN_LINE, body: "Hi" });
  await simulator.settle();
  const [request, ...others] = receiver.requests;
  assert.deepEqual(others, []);
  assert.ok(isGenuine(request));
  const events = JSON.parse(request.body);
  assert.deepEqual(events.map((event) => event.type).toSorted(), TYPES.toSorted());
  // A pair of UTF-16 is never split: 33 in each segment.
  const sent = events.find((event) => event.type.endsWith("message.sent"));
  assert.equal(sent.data.numberOfSegments, 3);
});

test("Twilio's validator accepts every status callback", async () => {
  await simulator.control("POST", "outcomes", { status: "undelivered", error_code: 30003 });
  const { sid } = await client.messages.create({
    to: CUSTOMER,
    from: MAIN_LINE,
    body: "Hello",
    statusCallback: `${receiver.baseUrl}/twilio/message-status?id=0192`,
  });
  await simulator.settle();
  const statuses = [];
  for (const request of receiver.requests) {
    const form = Object.fromEntries(new URLSearchParams(request.body));
    const signature = request.headers["x-twilio-signature"];
    assert.equal(twilio.validateRequest(AUTH_TOKEN, signature, request.url, form), true);
    const changed = { ...form, MessageStatus: "delivered" };
    assert.equal(twilio.validateRequest(AUTH_TOKEN, signature, request.url, changed), false);
    assert.equal(form.MessageSid, sid);
    statuses.push([form.MessageStatus, form.ErrorCode]);
  }
  assert.deepEqual(statuses.toSorted(), [
    ["sent", undefined],
    ["undelivered", "30003"],
  ]);
});
