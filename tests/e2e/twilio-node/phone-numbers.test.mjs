import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import twilio from "twilio";
import { ACCOUNT_SID, AUTH_TOKEN, CUSTOMER, MAIN_LINE, Receiver, Simulator } from "./simulator.mjs";

let simulator;
let client;
let receiver;

before(async () => {
  simulator = await Simulator.start();
  client = simulator.client();
  receiver = await Receiver.start();
});

after(async () => {
  await receiver?.stop();
  assert.equal(await simulator?.stop(), 0);
});

test("a search is filtered by country, kind, area code, pattern and capabilities", async () => {
  const local = await client.availablePhoneNumbers("US").local.list({
    areaCode: 415,
    mmsEnabled: true,
    limit: 5,
  });
  assert.equal(local.length, 5);
  for (const number of local) {
    assert.match(number.phoneNumber, /^\+1415555\d{4}$/);
    assert.equal(number.isoCountry, "US");
    assert.equal(number.addressRequirements, "none");
    assert.equal(number.capabilities.MMS ?? number.capabilities.mms, true);
  }
  const tollFree = await client.availablePhoneNumbers("US").tollFree.list({ contains: "83355501*7" });
  assert.equal(tollFree.length, 10);
  const mobile = await client.availablePhoneNumbers("GB").mobile.list({ limit: 3 });
  assert.ok(mobile.every((number) => number.phoneNumber.startsWith("+447700900")));
  await assert.rejects(client.availablePhoneNumbers("US").mobile.list(), { status: 404, code: 20404 });
  const countries = await client.availablePhoneNumbers.list();
  assert.deepEqual(countries.map((country) => country.countryCode), ["US", "CA", "GB"]);
});

test("numbers are bought and listed by their kind", async () => {
  const numbers = client.incomingPhoneNumbers;
  const bought = await numbers.tollFree.create({ phoneNumber: "+18335550199" });
  assert.deepEqual((await numbers.tollFree.list()).map((one) => one.sid), [bought.sid]);
  assert.ok((await numbers.local.list()).every((one) => one.sid !== bought.sid));
  assert.deepEqual(await numbers.mobile.list(), []);
  await assert.rejects(numbers.mobile.create({ phoneNumber: "+18335550198" }), { code: 21422 });
  await numbers(bought.sid).remove();
});

test("a number is bought, changed, found and released", async () => {
  const [offer] = await client.availablePhoneNumbers("US").local.list({ areaCode: 628, limit: 1 });
  const bought = await client.incomingPhoneNumbers.create({
    phoneNumber: offer.phoneNumber,
    friendlyName: "West Bay",
    voiceUrl: "https://sms.example.com/twilio/voice",
    voiceMethod: "POST",
  });
  assert.match(bought.sid, /^PN[0-9a-f]{32}$/);
  assert.equal(bought.voiceUrl, "https://sms.example.com/twilio/voice");
  assert.equal(bought.smsUrl, "");
  assert.equal(bought.trunkSid, null);
  assert.equal(typeof bought.capabilities.sms, "boolean");
  await assert.rejects(client.incomingPhoneNumbers.create({ phoneNumber: offer.phoneNumber }), {
    status: 400,
    code: 21422,
  });
  const changed = await client.incomingPhoneNumbers(bought.sid).update({
    voiceUrl: "",
    smsUrl: "https://sms.example.com/api/twilio/sms-incoming?a=1",
    smsMethod: "POST",
    statusCallback: "https://sms.example.com/status",
    smsApplicationSid: `AP${"0".repeat(32)}`,
  });
  assert.equal(changed.voiceUrl, "");
  assert.equal(changed.smsUrl, "https://sms.example.com/api/twilio/sms-incoming?a=1");
  assert.equal(changed.statusCallback, "https://sms.example.com/status");
  assert.equal(changed.friendlyName, "West Bay");
  const [found] = await client.incomingPhoneNumbers.list({ phoneNumber: offer.phoneNumber });
  assert.equal(found.smsApplicationSid, `AP${"0".repeat(32)}`);
  assert.equal(await client.incomingPhoneNumbers(bought.sid).remove(), true);
  await assert.rejects(client.incomingPhoneNumbers(bought.sid).fetch(), { status: 404 });
});

test("a price is known for each kind of number that is sold", async () => {
  const prices = await client.pricing.v1.phoneNumbers.countries("US").fetch();
  assert.equal(prices.priceUnit, "USD");
  const local = prices.phoneNumberPrices.find((price) => price.numberType === "local");
  assert.equal(local.currentPrice, "1.15");
});

test("a text and a call are posted to the number's webhooks with a signature that holds", async () => {
  const number = encodeURIComponent(MAIN_LINE);
  await simulator.control("PUT", `numbers/${number}`, {
    settings: {
      sms_url: `${receiver.baseUrl}/sms?who=o'neil&empty=`,
      voice_url: `${receiver.baseUrl}/voice`,
    },
  });
  await simulator.control("POST", "customer-messages", {
    from: CUSTOMER,
    to: MAIN_LINE,
    body: "Don't 👋 & =?",
    media_urls: ["https://example.com/a.jpg"],
  });
  await simulator.settle();
  const call = await simulator.control("POST", "calls", { from: CUSTOMER, to: MAIN_LINE });
  assert.equal(call.received_by, "webhook");
  assert.equal(receiver.requests.length, 2);
  for (const { url, headers, body } of receiver.requests) {
    const form = Object.fromEntries(new URLSearchParams(body));
    assert.equal(form.AccountSid, ACCOUNT_SID);
    const signature = headers["x-twilio-signature"];
    assert.ok(twilio.validateRequest(AUTH_TOKEN, signature, url, form), url);
    assert.ok(!twilio.validateRequest(AUTH_TOKEN, signature, url, { ...form, From: "+1" }));
  }
});
