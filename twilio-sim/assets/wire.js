// Requests to Twilio, and events and callbacks from it, newest first.

import { byId, element, icon, sim, state } from "./base.js";
import { ourNumber } from "./who.js";

const WIRE_SHOWN = 200;

// Whatever is only read would drown what happens.
const isRead = (kind, entry) => kind === "request" && ["GET", "HEAD"].includes(entry.method);
const readsAreShown = () => byId("reads").checked;

function shortSid(sid) {
  return sid ? `${sid.slice(0, 2)}••••${sid.slice(-4)}` : "";
}

function wireTime(text) {
  const date = new Date(text);
  const part = (value, length) => String(value).padStart(length, "0");
  return `${part(date.getHours(), 2)}:${part(date.getMinutes(), 2)}:${part(date.getSeconds(), 2)}.${part(date.getMilliseconds(), 3)}`;
}

function codeBadge(status) {
  // 3xx is the way to a file, and nothing bad.
  const tones = { 2: "success", 3: "neutral" };
  const tone = tones[Math.floor((status ?? 0) / 100)] ?? "danger";
  return element("span", `badge badge--code badge--${tone}`, status ? String(status) : "no answer");
}

function wireRow(kind, iconName, title, status, meta) {
  const row = element("li", "wire", icon(iconName), element("span", "wire__type", title), codeBadge(status));
  row.append(element("span", "wire__meta", ...meta.filter(Boolean).flatMap((part) => [part, " "])));
  row.dataset.kind = kind;
  return row;
}

const words = (text) => element("span", "", text);
const mark = (text, tone) => element("span", `badge badge--square badge--${tone}`, text);

function requestRow(request) {
  const path = request.path
    .replace(/^\/2010-04-01\/Accounts\/[^/]+\//, "")
    .replace(/^\/v1\//, "")
    .replace(/[A-Z]{2}[0-9a-f]{32}/g, shortSid);
  const from = request.form.From?.[0];
  return wireRow("request", "arrow-out", `${request.method} ${path}`, request.status, [
    words(wireTime(request.at)),
    from && words(`from ${ourNumber(from)?.friendly_name ?? from}`),
    words(`${request.duration_ms} ms`),
    request.error_code && mark(String(request.error_code), "danger"),
  ]);
}

function deliveryRow(delivery) {
  const [first, ...others] = delivery.items;
  const callback = delivery.kind === "status_callback";
  const name = callback ? `callback ${first.type}` : first.type.replace(/^com\.twilio\.(messaging\.)?/, "");
  const title = others.length > 0 ? `${name} +${others.length}` : name;
  const seconds = (delivery.retry_in_ms / 1000).toFixed(delivery.retry_in_ms < 10_000 ? 1 : 0);
  const row = wireRow("delivery", "arrow-in", title, delivery.http_status, [
    words(wireTime(delivery.at)),
    first.message_sid && words(shortSid(first.message_sid)),
    words(`${delivery.duration_ms} ms`),
    delivery.attempt > 1 && words(`try ${delivery.attempt}`),
    delivery.error && words(delivery.error),
    delivery.outcome === "pending" && mark(`Again in ${seconds} s`, "warning"),
    delivery.outcome === "discarded" && mark("Discarded", "danger"),
    delivery.outcome === "expired" && mark("Given up", "danger"),
  ]);
  row.dataset.outcome = delivery.outcome;
  return row;
}

export function addWire(kind, entry) {
  const key = `${kind} ${entry.seq}`;
  if (state.wire.has(key) || (isRead(kind, entry) && !readsAreShown())) return;
  const row = kind === "request" ? requestRow(entry) : deliveryRow(entry);
  row.dataset.at = entry.at;
  state.wire.set(key, row);
  const list = byId("wire");
  // Nearly always the newest; an entry that took longer to finish goes below later ones.
  let below = list.firstChild;
  while (below && below.dataset.at > entry.at) below = below.nextSibling;
  list.insertBefore(row, below);
  while (list.children.length > WIRE_SHOWN) {
    for (const [oldKey, old] of state.wire) if (old === list.lastChild) state.wire.delete(oldKey);
    list.lastChild.remove();
  }
  byId("wire-empty").hidden = true;
}

export function clearWire() {
  byId("wire").replaceChildren();
  byId("wire-empty").hidden = false;
}

export async function loadWire() {
  const query = `newest=${WIRE_SHOWN}`;
  const [requests, deliveries] = await Promise.all([
    sim("GET", `requests?${query}${readsAreShown() ? "" : "&mutating=true"}`),
    sim("GET", `deliveries?${query}`),
  ]);
  const entries = [
    ...requests.requests.map((entry) => ["request", entry]),
    ...deliveries.deliveries.map((entry) => ["delivery", entry]),
  ].sort((one, other) => one[1].at.localeCompare(other[1].at));
  for (const [kind, entry] of entries.slice(-WIRE_SHOWN)) addWire(kind, entry);
}

// The log anew, with reads or without.
export async function showReads() {
  state.wire.clear();
  clearWire();
  await loadWire();
}
