// What goes wrong on purpose: outcomes of messages, faults, and how events are delivered.

import { byId, fillSelect, sim, state } from "./base.js";

export const FAILURES = [
  ["30006 · landline, or no route to it", { status: "undelivered", error_code: 30006 }],
  ["30003 · the phone cannot be reached", { status: "undelivered", error_code: 30003 }],
  ["30005 · the number does not exist", { status: "undelivered", error_code: 30005 }],
  ["30007 · filtered by the carrier", { status: "undelivered", error_code: 30007 }],
  ["30034 · number not registered for 10DLC", { status: "undelivered", error_code: 30034 }],
  ["30008 · failed, for an unknown reason", { status: "failed", error_code: 30008 }],
  ["21211 · refused, not a phone number", refusal(400, 21211, "Invalid 'To' Phone Number")],
  ["21610 · refused, opted out", refusal(400, 21610, "Attempt to send to unsubscribed recipient")],
  ["20429 · refused, too many requests", refusal(429, 20429, "Too Many Requests")],
  ["20500 · Twilio answers 500", refusal(500, 20500, "An internal server error has occurred")],
];
export const DELAYS = [
  ["None", 0],
  ["800 ms, like a real carrier", 800],
  ["5 seconds", 5000],
  ["30 seconds", 30000],
];

// What each switch adds to the simulator's faults, by the id of the switch.
export const FAULTS = {
  twice: { on: "event", fault: { kind: "duplicate", copies: 1, within_ms: 500 } },
  "out-of-order": { on: "event", fault: { kind: "reorder", within_ms: 4000 } },
  busy: { on: "any", fault: { kind: "rate_limit", retry_after_s: 1 } },
};

function refusal(status, code, message) {
  return { create_error: { status, code, message } };
}

function failureOf(outcome) {
  const code = outcome.finish?.error_code ?? outcome.create_error?.code;
  return FAILURES.findIndex(
    ([, wanted]) => (wanted.error_code ?? wanted.create_error?.code) === code,
  );
}

// Answers overtake each other: what was asked for before another question or a change is old.
let settingsAsked = 0;
let settingsChanging = 0;

export async function loadSettings() {
  const asked = ++settingsAsked;
  const [{ outcomes }, timing, faults] = await Promise.all(
    ["outcomes", "timing", "faults"].map((path) => sim("GET", path)),
  );
  if (asked !== settingsAsked || settingsChanging > 0) return;
  state.outcomes = outcomes;
  if (outcomes.length > 0 && failureOf(outcomes[0]) >= 0) {
    byId("failure").value = String(failureOf(outcomes[0]));
  }
  const armed = outcomes.length > 0;
  byId("fail").setAttribute("aria-pressed", String(armed));
  byId("fail-badge").hidden = !armed;
  byId("fail-hint").textContent = FAILURES[Number(byId("failure").value)][0];
  byId("paused").checked = timing.delivery_paused;
  byId("hold-back").checked = timing.hold_back_body;
  for (const [id, rule] of Object.entries(FAULTS)) {
    byId(id).checked = faults.rules.some((armed) => isSame(armed, rule));
  }
  const known = DELAYS.some(([, value]) => value === timing.event_delay_ms);
  const delays = known ? DELAYS : [...DELAYS, [`${timing.event_delay_ms} ms`, timing.event_delay_ms]];
  fillSelect(byId("delay"), delays, timing.event_delay_ms);
}

async function change(action) {
  settingsChanging += 1;
  try {
    await action();
  } finally {
    settingsChanging -= 1;
    await loadSettings();
  }
}

export const changeTiming = (settings) => change(() => sim("PUT", "timing", settings));

// One after the other: each reads what is armed and writes it back.
let lastFault = Promise.resolve();

// Adds a fault or takes it back, and leaves those that others armed.
export function setFault(id, on) {
  const done = lastFault.then(() => change(() => writeFaults(id, on)));
  lastFault = done.catch(() => {});
  return done;
}

async function writeFaults(id, on) {
  const { seed, rules } = await sim("GET", "faults");
  const others = rules.filter((armed) => !isSame(armed, FAULTS[id])).map(ruleOf);
  await sim("PUT", "faults", { seed, rules: on ? [...others, FAULTS[id]] : others });
}

// Without its counts.
function ruleOf({ matched, fired, ...rule }) {
  return rule;
}

// A rule that happens every time and everywhere, as the switches arm it.
function isSame(armed, rule) {
  const { on, fault, ...narrower } = ruleOf(armed);
  const isFault = Object.entries(rule.fault).every(([key, value]) => fault[key] === value);
  return on === rule.on && isFault && Object.keys(narrower).length === 0;
}

export async function arm(on) {
  if (state.outcomes.length > 0) await sim("DELETE", "outcomes");
  if (on) await sim("POST", "outcomes", FAILURES[Number(byId("failure").value)][1]);
  await loadSettings();
}
