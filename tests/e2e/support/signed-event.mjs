// Events that the test itself posts, signed as Twilio does: for what the simulator never sends.
import { randomBytes } from "node:crypto";
import twilio from "twilio";
import { ACCOUNT_SID, AUTH_TOKEN, MAIN_LINE } from "../twilio-node/simulator.mjs";

// An inbound text; `data` overrides what is in it.
export function inboundEvent(data = {}) {
  return messageEvent("inbound-message.received", "InboundMessageV1/6", {
    messageSid: `SM${randomBytes(16).toString("hex")}`,
    from: "+14155550100",
    to: MAIN_LINE,
    body: "Hello",
    numMedia: 0,
    numSegments: 1,
    ...data,
  });
}

// The news that a text of ours has reached the customer.
export function deliveredEvent(messageSid, to) {
  return messageEvent("message.delivered", "MessageStatus/4", {
    messageSid,
    from: MAIN_LINE,
    to,
    messageStatus: "DELIVERED",
    apiVersion: "2010-04-01",
    numberOfSegments: 1,
  });
}

function messageEvent(kind, schema, data) {
  const type = `com.twilio.messaging.${kind}`;
  const time = new Date().toISOString();
  return {
    specversion: "1.0",
    type,
    source: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${data.messageSid}.json`,
    id: `EZ${randomBytes(16).toString("hex")}`,
    dataschema: `https://events-schemas.twilio.com/Messaging.${schema}`,
    datacontenttype: "application/json",
    time,
    data: { accountSid: ACCOUNT_SID, eventName: type, timestamp: time, ...data },
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
