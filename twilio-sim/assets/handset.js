// The handset page: reads and steers the simulator through /sim, and follows /sim/stream.

import { attempt, byId, fillSelect, sim, state } from "./base.js";
import { loadConversation, takeMessage } from "./conversation.js";
import { DELAYS, FAILURES, FAULTS, arm, changeTiming, loadSettings, setFault } from "./network.js";
import { loadNumbers, number, ourNumber, phone, randomPhone, remember, remembered, showWho } from "./who.js";
import { addWire, clearWire, loadWire, showReads } from "./wire.js";

const EXTERNAL_TEXT = "Your invoice is ready. (Sent from the Twilio Console)";
const MAX_FILES = 10;
// The simulator makes up what is behind such an address.
const PHOTO = "https://example.com/photo.jpg";
const EVENTS_PATH = "/twilio/events";

let settingsAreLoading = null;

// Many changes in a row, for instance while a demo is set up, are read once.
function settingsChanged() {
  settingsAreLoading ??= setTimeout(() => {
    settingsAreLoading = null;
    attempt(async () => {
      const before = `${number()} ${phone()}`;
      await Promise.all([loadNumbers(), loadSettings(), loadInbox()]);
      if (`${number()} ${phone()}` !== before || state.messages.size === 0) await loadConversation();
    });
  }, 100);
}

async function loadAll() {
  await loadNumbers();
  await Promise.all([loadConversation(), loadSettings(), loadWire(), loadInbox()]);
  document.documentElement.dataset.ready = "true";
}

// The inbox that gets the events, where the account has a sink of Loquent's.
async function loadInbox() {
  const { sinks } = await sim("GET", "sinks");
  const address = sinks.map((sink) => sink.destination).find((one) => one?.endsWith(EVENTS_PATH));
  byId("inbox").hidden = !address;
  if (address) byId("inbox").href = new URL("/messaging", address).href;
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

async function textIn(body, files = [], addresses = []) {
  if (!phone()) throw new Error("The handset number is not a phone number.");
  if (!number()) throw new Error("There is no number to text to yet.");
  const uploads = [...addresses];
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
byId("photo").addEventListener("click", () => attempt(() => textIn("", [], [PHOTO])));
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
for (const id of Object.keys(FAULTS)) {
  byId(id).addEventListener("change", ({ target }) => attempt(() => setFault(id, target.checked)));
}
byId("reads").addEventListener("change", () => attempt(showReads));
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
