// Events that the test itself posts, signed as Twilio does: for what the simulator never sends.
import { randomBytes } from "node:crypto";
import twilio from "twilio";
import { ACCOUNT_SID, AUTH_TOKEN, MAIN_LINE } from "../twilio-node/simulator.mjs";

// An inbound text; `data` overrides what is in it.
export function inboundEvent(data = {}) {
  const messageSid = `SM${randomBytes(16).toString("hex")}`;
  const type = "com.twilio.messaging.inbound-message.received";
  const time = new Date().toISOString();
  return {
    specversion: "1.0",
    type,
    source: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${messageSid}.json`,
    id: `EZ${randomBytes(16).toString("hex")}`,
    dataschema: "https://events-schemas.twilio.com/Messaging.InboundMessageV1/6",
    datacontenttype: "application/json",
    time,
    data: {
      messageSid,
      accountSid: ACCOUNT_SID,
      eventName: type,
      timestamp: time,
      from: "+14155550100",
      to: MAIN_LINE,
      body: "Hello",
      numMedia: 0,
      numSegments: 1,
      ...data,
    },
  };
}

// Posts an event to the server; gives the answer's status.
export async function postEvent(server, event) {
  const body = JSON.stringify([event]);
  const hash = twilio.getExpectedBodyHash(body);
  const url = `${server.url}/twilio/events?bodySHA256=${hash}`;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-twilio-signature": twilio.getExpectedTwilioSignature(AUTH_TOKEN, url, {}),
    },
    body,
  });
  return response.status;
}
