// Webhooks that Twilio's own library signs, over real HTTP, through a proxy that changes host and
// scheme, to the real server.
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import twilio from "twilio";
import webhooks from "twilio/lib/webhooks/webhooks.js";
import { Database } from "../support/database.mjs";
import { Server } from "../support/server.mjs";
import { ACCOUNT_SID, AUTH_TOKEN, CUSTOMER, MAIN_LINE, eventually } from "./simulator.mjs";

const { getExpectedBodyHash, getExpectedTwilioSignature } = webhooks;
// Where Twilio believes that it posts to; nobody resolves the name.
const PUBLIC_URL = "https://sms.alderhome.example";

let database;
let server;
let proxy;

before(async () => {
  database = await Database.create();
  server = await Server.start({
    databaseUrl: database.url,
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    twilioUrl: "http://127.0.0.1:9",
    publicUrl: PUBLIC_URL,
  });
  await server.command(["org", "create", "--name", "Alder Home"]);
  const [organization] = await database.query("SELECT id FROM organization");
  await database.query(
    `INSERT INTO phone_number
       (id, organization_id, twilio_account_sid, twilio_sid, number, friendly_name)
     VALUES ($1, $2, $3, $4, $5, 'Main line')`,
    [randomUUID(), organization.id, ACCOUNT_SID, `PN${"0".repeat(32)}`, MAIN_LINE],
  );
  proxy = await startProxy(server.port);
});

after(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  await server?.stop();
  await database?.drop();
});

// Passes requests on byte for byte, over plain HTTP and under another host, as many proxies do.
async function startProxy(port) {
  const listener = createServer((incoming, outgoing) => {
    const headers = {
      ...incoming.headers,
      host: "loquent.internal:3000",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "evil.example",
    };
    const { method, url: path } = incoming;
    const passed = httpRequest({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return listener;
}

// The path goes out as it is: fetch would encode an apostrophe in a query.
async function post(target, body, contentType, signature) {
  const request = httpRequest({
    host: "127.0.0.1",
    port: proxy.address().port,
    method: "POST",
    path: target,
    headers: {
      host: new URL(PUBLIC_URL).host,
      "content-type": contentType,
      "content-length": Buffer.byteLength(body),
      ...(signature === undefined ? {} : { "x-twilio-signature": signature }),
    },
  });
  request.end(body);
  const [answer] = await once(request, "response");
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return {
    status: answer.statusCode,
    type: answer.headers["content-type"],
    text: Buffer.concat(chunks).toString("utf8"),
  };
}

const sid = (prefix) => prefix + randomBytes(16).toString("hex");

function encode(form) {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

const FORM_TYPE = "application/x-www-form-urlencoded; charset=UTF-8";

const QUERIES = [
  "",
  "?who=o'neil",
  "?who=o%27neil&b=2&a=1",
  "?x=%20a+b&x=2&empty=",
  "?name=%C3%A9%F0%9F%91%8B",
  "?u=https%3A%2F%2Fa.example%2F%3Fq%3D1",
];

const BODIES = ["Hello", " Don't 👋🏽 & =? 100%\n", "é日本語", "", "a+b a%20b"];

function text(body) {
  return {
    MessageSid: sid("SM"),
    AccountSid: ACCOUNT_SID,
    From: CUSTOMER,
    To: MAIN_LINE,
    Body: body,
    NumMedia: "0",
    FromCity: "",
    MessagingServiceSid: `MG${"1".repeat(32)}`,
    // Twilio may add parameters at any time, also repeated ones.
    Tag: ["b", "a", "b"],
  };
}

function lifecycle(body) {
  return {
    MessageSid: sid("SM"),
    AccountSid: ACCOUNT_SID,
    From: MAIN_LINE,
    To: CUSTOMER,
    MessageStatus: "delivered",
    Note: body,
    Tag: ["b", "a"],
  };
}

const call = (body) => ({
  CallSid: sid("CA"),
  AccountSid: ACCOUNT_SID,
  From: CUSTOMER,
  To: MAIN_LINE,
  CallerName: body,
  Tag: ["2", "1"],
});

// One other byte, somewhere in the middle.
function altered(value) {
  const middle = Math.floor(value.length / 2);
  const other = value[middle] === "1" ? "2" : "1";
  return value.slice(0, middle) + other + value.slice(middle + 1);
}

const storedEvents = async () =>
  Number((await database.query("SELECT count(*) AS n FROM twilio_event"))[0].n);

for (const [path, form] of [
  ["/api/twilio/sms-incoming", text],
  ["/api/twilio/sms-status", lifecycle],
  ["/twilio/message-status", lifecycle],
  ["/twilio/voice", call],
]) {
  test(`forms to ${path} are taken as signed, and refused when one byte is another`, async () => {
    for (const query of QUERIES) {
      for (const body of BODIES) {
        const target = path + query;
        const parameters = form(body);
        const signature = getExpectedTwilioSignature(AUTH_TOKEN, PUBLIC_URL + target, parameters);
        assert.ok(twilio.validateRequest(AUTH_TOKEN, signature, PUBLIC_URL + target, parameters));
        const encoded = encode(parameters);
        const before = await storedEvents();
        const send = async (what, { to = target, content = encoded, by = signature }) => {
          const answer = await post(to, content, FORM_TYPE, by);
          assert.equal(answer.status, 403, `${what} of ${target} with ${JSON.stringify(body)}`);
        };
        await send("a byte of the signature", { by: altered(signature) });
        assert.equal((await post(target, encoded, FORM_TYPE)).status, 403, "no signature");
        await send("another token", {
          by: getExpectedTwilioSignature("another", PUBLIC_URL + target, parameters),
        });
        for (const name of ["From", "To"]) {
          const changed = { ...parameters, [name]: altered(parameters[name]) };
          await send(`a byte of ${name}`, { content: encode(changed) });
        }
        await send("a repeated value", { content: `${encoded}&Tag=c` });
        if (query) await send("a byte of the query", { to: path + altered(query) });
        assert.equal(await storedEvents(), before, "nothing refused is stored");

        const answer = await post(target, encoded, FORM_TYPE, signature);
        assert.equal(answer.status, 200, `${target} with ${JSON.stringify(body)}`);
        if (path.endsWith("sms-incoming")) {
          assert.match(answer.type, /^text\/xml/);
          assert.match(answer.text, /<Response><\/Response>/);
          await eventually("the text is stored", async () => {
            const rows = await database.query(
              "SELECT body FROM message WHERE external_id = $1",
              [parameters.MessageSid],
            );
            if (rows.length === 0) return false;
            assert.equal(rows[0].body ?? "", body);
            return true;
          });
        }
        if (path === "/twilio/voice") assert.match(answer.text, /<Say>.+<\/Say>/);
      }
    }
  });
}

test("events with bodySHA256 are taken as signed, and refused when one byte is another", async () => {
  for (const query of QUERIES) {
    for (const body of BODIES) {
      const id = sid("EZ");
      const event = {
        specversion: "1.0",
        type: "com.twilio.messaging.inbound-message.received",
        source: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/SM1.json`,
        id,
        time: new Date().toISOString(),
        data: { messageSid: sid("SM"), accountSid: ACCOUNT_SID, from: CUSTOMER, to: MAIN_LINE, body },
      };
      const content = JSON.stringify([event]);
      const separator = query ? "&" : "?";
      const hash = getExpectedBodyHash(content);
      const target = `/twilio/events${query}${separator}bodySHA256=${hash}`;
      const signature = getExpectedTwilioSignature(AUTH_TOKEN, PUBLIC_URL + target, {});
      assert.ok(
        twilio.validateRequestWithBody(AUTH_TOKEN, signature, PUBLIC_URL + target, content),
      );
      const send = async (what, to, sent, by) => {
        const answer = await post(to, sent, "application/json", by);
        assert.equal(answer.status, 403, `${what} of ${target}`);
      };
      await send("a byte of the body", target, content.replace(CUSTOMER, altered(CUSTOMER)), signature);
      await send("a byte of the hash", target.slice(0, -1) + (target.endsWith("0") ? "1" : "0"), content, signature);
      await send("a byte of the signature", target, content, altered(signature));
      await send("no signature", target, content, undefined);
      const bare = `/twilio/events${query}`;
      const without = getExpectedTwilioSignature(AUTH_TOKEN, PUBLIC_URL + bare, {});
      await send("a signature without the hash", bare, content, without);
      const answer = await post(target, content, "application/json", signature);
      assert.equal(answer.status, 200, target);
      const [stored] = await database.query("SELECT count(*) AS n FROM twilio_event WHERE event_id = $1", [id]);
      assert.equal(Number(stored.n), 1);
    }
  }
});
