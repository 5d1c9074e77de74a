// The conversation on the handset.

import { byId, sim, state } from "./base.js";
import { number, phone } from "./who.js";

const MESSAGES_SHOWN = 200;
const PAUSE_BETWEEN_TIMES_MS = 30 * 60 * 1000;
const STOP_WORDS = ["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"];
const START_WORDS = ["START", "YES", "UNSTOP"];
const ON_THE_WAY = { accepted: "Accepted", queued: "Queued", sending: "Sending", sent: "Sent" };

function belongsHere(message) {
  const inbound = message.direction === "inbound";
  const [ours, theirs] = inbound ? [message.to, message.from] : [message.from, message.to];
  return ours === number() && theirs === phone();
}

export async function loadConversation() {
  const load = (state.loads += 1);
  const [ours, theirs] = [number(), phone()];
  let messages = [];
  if (ours && theirs) {
    const query = new URLSearchParams({ number: ours, phone: theirs, limit: MESSAGES_SHOWN });
    ({ messages } = await sim("GET", `messages?${query}`));
  }
  if (load !== state.loads) return;
  // A change that came over the stream while this was read is newer than what was read.
  const newer = [...state.messages.values()].filter((one) => one.seenIn === load && belongsHere(one));
  state.messages = new Map([...messages, ...newer].map((one) => [one.sid, one]));
  showConversation();
}

export function takeMessage(message) {
  if (!belongsHere(message)) return;
  state.messages.set(message.sid, { ...message, seenIn: state.loads });
  showConversation();
}

function showConversation() {
  const log = byId("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const messages = [...state.messages.values()]
    .sort((one, other) => one.date_created.localeCompare(other.date_created) || one.seq - other.seq)
    .slice(-MESSAGES_SHOWN);
  const wanted = [];
  let before = null;
  messages.forEach((message, index) => {
    const created = new Date(message.date_created);
    if (!before || created - new Date(before.date_created) > PAUSE_BETWEEN_TIMES_MS) {
      wanted.push(["time", message.sid, "p", "phone__time", timeLabel(created)]);
    }
    const inbound = message.direction === "inbound";
    const waiting = !inbound && message.status in ON_THE_WAY;
    const failed = message.status === "failed" || message.status === "undelivered";
    const side = inbound ? "sms--me" : `sms--them${waiting || failed ? " sms--waiting" : ""}`;
    for (const picture of picturesOf(message)) {
      const address = `/sim/media/${message.account_sid}/${message.sid}/${picture.sid}`;
      wanted.push([picture.sid, message.sid, "img", `sms-picture sms-picture--${inbound ? "me" : "them"}`, address]);
    }
    const text = bubbleText(message);
    if (text) wanted.push(["sms", message.sid, "p", `sms ${side}`, text]);
    const next = messages[index + 1];
    const lastOfSide = !next || (next.direction === "inbound") !== inbound;
    const note = noteOf(message, lastOfSide);
    if (note) {
      const place = inbound ? "" : " sms-note--start";
      wanted.push(["note", message.sid, "p", `sms-note${place}${failed ? " sms-note--failed" : ""}`, note]);
    }
    before = message;
  });
  if (wanted.length === 0) {
    const text = state.numbers.length === 0
      ? "No number yet. Buying one, or POST /sim/numbers, adds them."
      : "No messages yet. Write the first one below.";
    wanted.push(["empty", "", "p", "phone__empty", text]);
  }
  placeNodes(log, wanted);
  if (atEnd) log.scrollTop = log.scrollHeight;
  showKeyword(messages);
}

// Brings the log to what is wanted and touches only what differs, so that a screen reader hears
// what is new and nothing else.
function placeNodes(log, wanted) {
  const nodes = new Map();
  wanted.forEach(([kind, sid, tag, className, text], index) => {
    const key = `${kind} ${sid}`;
    const node = state.nodes.get(key) ?? document.createElement(tag);
    if (node.className !== className) node.className = className;
    if (tag === "img") showPicture(node, text);
    else if (node.textContent !== text) node.textContent = text;
    if (sid) node.dataset.sid = sid;
    if (log.children[index] !== node) log.insertBefore(node, log.children[index] ?? null);
    nodes.set(key, node);
  });
  while (log.children.length > wanted.length) log.lastChild.remove();
  state.nodes = nodes;
}

function showPicture(image, address) {
  if (image.getAttribute("src") === address) return;
  image.alt = "Picture";
  image.src = address;
}

// What the address of a file says: the simulator makes a photo if it says nothing.
function picturesOf(message) {
  return message.media.filter((one) => !/\.(pdf|vcf|mp4)$/i.test(one.url.split(/[?#]/)[0]));
}

function bubbleText(message) {
  const others = message.num_media - picturesOf(message).length;
  const files = others > 0 ? `[${others} ${others === 1 ? "file" : "files"}]` : "";
  return [message.body, files].filter(Boolean).join(" ");
}

function noteOf(message, lastOfSide) {
  if (message.status in ON_THE_WAY) return ON_THE_WAY[message.status];
  if (message.status === "failed" || message.status === "undelivered") {
    const word = message.status === "failed" ? "Failed" : "Undelivered";
    return [word, message.error_code, message.error_message].filter(Boolean).join(" · ");
  }
  // Only what this handset sent says so: it has what it received.
  return lastOfSide && message.direction === "inbound" ? "Delivered" : null;
}

function timeLabel(date) {
  const today = new Date();
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  const time = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  if (days === 0) return `Today ${time}`;
  if (days === 1) return `Yesterday ${time}`;
  return `${date.toLocaleDateString([], { month: "short", day: "numeric", year: "numeric" })} ${time}`;
}

function showKeyword(messages) {
  const words = messages
    .filter((message) => message.direction === "inbound")
    .map((message) => message.body.trim().toUpperCase())
    .filter((word) => STOP_WORDS.includes(word) || START_WORDS.includes(word));
  const optedOut = STOP_WORDS.includes(words.at(-1));
  byId("keyword-title").textContent = optedOut ? "Text START" : "Text STOP";
  byId("keyword-hint").textContent = optedOut
    ? "Lets your number text this handset again"
    : "Opts this handset out of your number";
  byId("keyword").dataset.word = optedOut ? "START" : "STOP";
}
