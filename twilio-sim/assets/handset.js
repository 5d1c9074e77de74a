// The handset page: reads and steers the simulator through /sim, and follows /sim/stream.

const MESSAGES_SHOWN = 200;
const WIRE_SHOWN = 200;
const PAUSE_BETWEEN_TIMES_MS = 30 * 60 * 1000;
const TOAST_MS = 6000;

const FAILURES = [
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
const DELAYS = [
  ["None", 0],
  ["800 ms, like a real carrier", 800],
  ["5 seconds", 5000],
  ["30 seconds", 30000],
];
const EXTERNAL_TEXT = "Your invoice is ready. (Sent from the Twilio Console)";
const STOP_WORDS = ["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"];
const START_WORDS = ["START", "YES", "UNSTOP"];
const MAX_FILES = 10;
const ON_THE_WAY = { accepted: "Accepted", queued: "Queued", sending: "Sending", sent: "Sent" };

const byId = (id) => document.getElementById(id);
const state = {
  numbers: [],
  handsets: [],
  outcomes: [],
  messages: new Map(),
  nodes: new Map(),
  wire: new Map(),
  loads: 0,
};

function refusal(status, code, message) {
  return { create_error: { status, code, message } };
}

// ── Talking to the simulator ──────────────────────────────────────────

async function sim(method, path, body) {
  const response = await fetch(`/sim/${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    let reason = text;
    try {
      reason = JSON.parse(text).error ?? text;
    } catch {
      // Not JSON: the text says it.
    }
    throw new Error(reason || `the simulator answered ${response.status}`);
  }
  return text ? JSON.parse(text) : undefined;
}

// Does something for the person, and says so if it does not work.
async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

function toast(text) {
  const node = element("div", "toast toast--danger", icon("alert"), element("span", "", text));
  byId("toasts").replaceChildren(node);
  setTimeout(() => node.remove(), TOAST_MS);
}

// ── Building elements ─────────────────────────────────────────────────

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function icon(name) {
  const node = element("span", `icon icon-${name}`);
  node.setAttribute("aria-hidden", "true");
  return node;
}

function fillSelect(select, options, chosen) {
  select.replaceChildren(
    ...options.map(([label, value]) => {
      const option = element("option", "", label);
      option.value = value;
      option.selected = value === chosen;
      return option;
    }),
  );
}

// ── Numbers ───────────────────────────────────────────────────────────

function normalPhone(text) {
  const digits = text.replace(/[\s().-]/g, "");
  if (/^\+\d{8,15}$/.test(digits)) return digits;
  if (/^\d{10}$/.test(digits)) return `+1${digits}`;
  if (/^1\d{10}$/.test(digits)) return `+${digits}`;
  return null;
}

function readablePhone(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

function randomPhone() {
  const areas = ["212", "312", "415", "512", "617", "707"];
  const area = areas[Math.floor(Math.random() * areas.length)];
  const line = String(Math.floor(Math.random() * 100)).padStart(2, "0");
  // 555-01xx is set aside for fiction.
  return `+1${area}55501${line}`;
}

const phone = () => normalPhone(byId("phone").value);
const number = () => byId("number").value;
const ourNumber = (given) => state.numbers.find((one) => one.phone_number === given);
const handsetName = (given) => state.handsets.find((one) => one.phone === given)?.name;

function numberLabel(one) {
  return one.friendly_name && one.friendly_name !== one.phone_number
    ? `${one.friendly_name} · ${readablePhone(one.phone_number)}`
    : readablePhone(one.phone_number);
}

function initials(text) {
  const words = text.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("") || "#";
}

function hue(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 6;
  return sum + 1;
}

function showNumbers() {
  const wanted = number() || remembered("number");
  const numbers = state.numbers;
  const chosen = ourNumber(wanted)?.phone_number ?? numbers[0]?.phone_number;
  fillSelect(
    byId("number"),
    numbers.map((one) => [numberLabel(one), one.phone_number]),
    chosen,
  );
  byId("number").disabled = numbers.length === 0;
}

function showHandsets() {
  byId("phones").replaceChildren(
    ...state.handsets.map(({ phone, name }) => {
      const option = element("option", "", name ? `${name} · ${readablePhone(phone)}` : readablePhone(phone));
      option.value = phone;
      return option;
    }),
  );
}

function showWho() {
  const one = ourNumber(number());
  const business = one
    ? [one.account_name, one.friendly_name].filter(Boolean).join(", ")
    : "No number yet";
  byId("business").textContent = business;
  byId("avatar").textContent = initials(business);
  byId("avatar").dataset.hue = hue(number() ?? "");
  const name = handsetName(phone());
  byId("handset-text").placeholder = `Text as ${name ?? (phone() ? readablePhone(phone()) : "the customer")}`;
  const valid = phone() !== null;
  byId("phone").setAttribute("aria-invalid", String(!valid));
  const hint = valid
    ? (name ?? "Any number that you do not own")
    : "Not a phone number, for instance +1 415 555 0162";
  byId("phone-hint").textContent = hint;
}

// The choice is in the address, so a window can be opened for one handset, and kept for next time.
function remembered(key) {
  return new URLSearchParams(location.search).get(key) ?? localStorage.getItem(`handset-${key}`);
}

function remember() {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of [["phone", phone()], ["number", number()]]) {
    if (!value) continue;
    localStorage.setItem(`handset-${key}`, value);
    query.set(key, value);
  }
  history.replaceState(null, "", `?${query}`);
}

async function loadNumbers() {
  const [numbers, handsets] = await Promise.all([sim("GET", "numbers"), sim("GET", "handsets")]);
  state.numbers = numbers.numbers;
  state.handsets = handsets.handsets;
  showNumbers();
  showHandsets();
  if (!byId("phone").value) {
    byId("phone").value = remembered("phone") ?? state.handsets[0]?.phone ?? randomPhone();
  }
  showWho();
}

// ── The conversation ──────────────────────────────────────────────────

function belongsHere(message) {
  const inbound = message.direction === "inbound";
  const [ours, theirs] = inbound ? [message.to, message.from] : [message.from, message.to];
  return ours === number() && theirs === phone();
}

async function loadConversation() {
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

function takeMessage(message) {
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
      ? "No number yet. Loquent, or POST /sim/numbers, adds them."
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
  return lastOfSide ? "Delivered" : null;
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

// ── Outcomes and timing ───────────────────────────────────────────────

function failureOf(outcome) {
  const code = outcome.finish?.error_code ?? outcome.create_error?.code;
  return FAILURES.findIndex(
    ([, wanted]) => (wanted.error_code ?? wanted.create_error?.code) === code,
  );
}

// Answers overtake each other: what was asked for before another question or a change is old.
let settingsAsked = 0;
let settingsChanging = 0;

async function loadSettings() {
  const asked = ++settingsAsked;
  const [{ outcomes }, timing] = await Promise.all([sim("GET", "outcomes"), sim("GET", "timing")]);
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
  const known = DELAYS.some(([, value]) => value === timing.event_delay_ms);
  const delays = known ? DELAYS : [...DELAYS, [`${timing.event_delay_ms} ms`, timing.event_delay_ms]];
  fillSelect(byId("delay"), delays, timing.event_delay_ms);
}

async function changeTiming(change) {
  settingsChanging += 1;
  try {
    await sim("PUT", "timing", change);
  } finally {
    settingsChanging -= 1;
    await loadSettings();
  }
}

async function arm(on) {
  if (state.outcomes.length > 0) await sim("DELETE", "outcomes");
  if (on) await sim("POST", "outcomes", FAILURES[Number(byId("failure").value)][1]);
  await loadSettings();
}

// ── The wire ──────────────────────────────────────────────────────────

function shortSid(sid) {
  return sid ? `${sid.slice(0, 2)}••••${sid.slice(-4)}` : "";
}

function wireTime(text) {
  const date = new Date(text);
  const part = (value, length) => String(value).padStart(length, "0");
  return `${part(date.getHours(), 2)}:${part(date.getMinutes(), 2)}:${part(date.getSeconds(), 2)}.${part(date.getMilliseconds(), 3)}`;
}

function codeBadge(status) {
  const good = status >= 200 && status < 300;
  return element("span", `badge badge--code badge--${good ? "success" : "danger"}`, status ? String(status) : "no answer");
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

function addWire(kind, entry) {
  const key = `${kind} ${entry.seq}`;
  if (state.wire.has(key)) return;
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

function clearWire() {
  byId("wire").replaceChildren();
  byId("wire-empty").hidden = false;
}

async function loadWire() {
  const query = `newest=${WIRE_SHOWN}`;
  const [requests, deliveries] = await Promise.all([
    sim("GET", `requests?${query}`),
    sim("GET", `deliveries?${query}`),
  ]);
  const entries = [
    ...requests.requests.map((entry) => ["request", entry]),
    ...deliveries.deliveries.map((entry) => ["delivery", entry]),
  ].sort((one, other) => one[1].at.localeCompare(other[1].at));
  for (const [kind, entry] of entries.slice(-WIRE_SHOWN)) addWire(kind, entry);
}

// ── Live ──────────────────────────────────────────────────────────────

let settingsAreLoading = null;

// Many changes in a row, for instance while a demo is set up, are read once.
function settingsChanged() {
  settingsAreLoading ??= setTimeout(() => {
    settingsAreLoading = null;
    attempt(async () => {
      const before = `${number()} ${phone()}`;
      await Promise.all([loadNumbers(), loadSettings()]);
      if (`${number()} ${phone()}` !== before || state.messages.size === 0) await loadConversation();
    });
  }, 100);
}

async function loadAll() {
  await loadNumbers();
  await Promise.all([loadConversation(), loadSettings(), loadWire()]);
  document.documentElement.dataset.ready = "true";
}

function follow() {
  const stream = new EventSource("/sim/stream");
  stream.onopen = () => {
    delete document.documentElement.dataset.state;
    attempt(loadAll);
  };
  stream.onerror = () => {
    document.documentElement.dataset.state = "reconnecting";
  };
  stream.onmessage = ({ data }) => {
    const notice = JSON.parse(data);
    if (notice.kind === "message") takeMessage(notice.data);
    else if (notice.kind === "request" || notice.kind === "delivery") addWire(notice.kind, notice.data);
    else if (notice.kind === "settings") settingsChanged();
    else {
      if (notice.kind === "reset") {
        state.wire.clear();
        clearWire();
      }
      attempt(loadAll);
    }
  };
}

// ── What a person does ────────────────────────────────────────────────

async function textIn(body, files = []) {
  if (!phone()) throw new Error("The handset number is not a phone number.");
  if (!number()) throw new Error("There is no number to text to yet.");
  const uploads = [];
  for (const file of files) uploads.push(await upload(file));
  await sim("POST", "customer-messages", { from: phone(), to: number(), body, media_urls: uploads });
}

async function upload(file) {
  const response = await fetch("/sim/uploads", {
    method: "POST",
    headers: { "content-type": file.type },
    body: file,
  });
  if (response.status === 413) throw new Error(`${file.name} is larger than 5 MB.`);
  const answer = await response.json();
  if (!response.ok) throw new Error(`${file.name}: ${answer.error}`);
  return answer.url;
}

function attachedFiles() {
  return [...byId("files").files].slice(0, MAX_FILES);
}

function attach(files) {
  const list = new DataTransfer();
  for (const file of files) list.items.add(file);
  byId("files").files = list.files;
  showAttached();
}

function showAttached() {
  byId("attached").textContent = attachedFiles().length || "";
}

function whoChanged() {
  showWho();
  remember();
  byId("log").scrollTop = byId("log").scrollHeight;
  attempt(async () => {
    await loadConversation();
    byId("log").scrollTop = byId("log").scrollHeight;
  });
}

byId("text-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = byId("handset-text");
  const body = field.value.trim();
  const files = attachedFiles();
  if (!body && files.length === 0) return;
  // Cleared at once, so that the next text can be typed; given back if it could not be sent.
  field.value = "";
  attach([]);
  attempt(() => textIn(body, files)).then((sent) => {
    if (!sent && !field.value) field.value = body;
    if (!sent && attachedFiles().length === 0) attach(files);
    byId("log").scrollTop = byId("log").scrollHeight;
  });
});
byId("files").addEventListener("change", showAttached);
byId("phone").addEventListener("change", () => {
  if (phone()) byId("phone").value = phone();
  whoChanged();
});
byId("random-phone").addEventListener("click", () => {
  byId("phone").value = randomPhone();
  whoChanged();
});
byId("number").addEventListener("change", whoChanged);
byId("external").addEventListener("click", () =>
  attempt(async () => {
    if (!phone()) throw new Error("The handset number is not a phone number.");
    const ours = ourNumber(number());
    if (!ours) throw new Error("There is no number to send from yet.");
    await sim("POST", "external-messages", {
      account_sid: ours.account_sid,
      from: ours.phone_number,
      to: phone(),
      body: EXTERNAL_TEXT,
    });
  }),
);
byId("keyword").addEventListener("click", () => attempt(() => textIn(byId("keyword").dataset.word)));
byId("fail").addEventListener("click", () => attempt(() => arm(state.outcomes.length === 0)));
byId("failure").addEventListener("change", () =>
  attempt(async () => {
    if (state.outcomes.length > 0) await arm(true);
    else byId("fail-hint").textContent = FAILURES[Number(byId("failure").value)][0];
  }),
);
byId("paused").addEventListener("change", (event) =>
  attempt(() => changeTiming({ delivery_paused: event.target.checked })),
);
byId("hold-back").addEventListener("change", (event) =>
  attempt(() => changeTiming({ hold_back_body: event.target.checked })),
);
byId("delay").addEventListener("change", (event) =>
  attempt(() => changeTiming({ event_delay_ms: Number(event.target.value) })),
);
byId("clear").addEventListener("click", clearWire);
byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
  localStorage.setItem("handset-theme", root.dataset.theme);
});

const theme = remembered("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
fillSelect(byId("failure"), FAILURES.map(([label], index) => [label, String(index)]), "0");
fillSelect(byId("delay"), DELAYS, 0);
const tick = () => {
  byId("clock").textContent = new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }).replace(/\s?[AP]M$/i, "");
};
tick();
setInterval(tick, 10_000);
follow();
