// Messages sent elsewhere, the history of a message's delivery, and who must not be texted.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { ADMIN, AGENT_A } from "./support/world.mjs";
import { ACCOUNT_SID, MAIN_LINE } from "./twilio-node/simulator.mjs";

const world = useWorld();

// Each test has a customer of its own.
let customers = 100;
function newCustomer() {
  customers += 1;
  return `+1415555${String(customers).padStart(4, "0")}`;
}

function sendElsewhere(to, body) {
  return world.current.simulator.control("POST", "external-messages", {
    account_sid: ACCOUNT_SID,
    from: MAIN_LINE,
    to,
    body,
  });
}

test.afterEach(async () => {
  const { simulator } = world.current;
  await simulator.control("PUT", "faults", { rules: [] });
  await simulator.control("PUT", "timing", { hold_back_body: false });
});

const historyOf = (bubble) => bubble.getByRole("button", { name: /Delivery history/ });
const panelOf = (page) => page.getByRole("region", { name: "Delivery history" });
const entriesOf = (page) =>
  panelOf(page).getByRole("list", { name: "What was heard of the message" }).getByRole("listitem");

test("a message sent elsewhere appears live with its badge, then its body, and its statuses are in the delivery log", async ({
  openWindow,
}) => {
  const { simulator } = world.current;
  const customer = newCustomer();
  await world.current.customerTexts(customer, "When will you come?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("When will you come?");

  // Twilio's events need not tell the text: it is asked for, which takes a while here.
  await simulator.control("PUT", "timing", { hold_back_body: true });
  await simulator.control("PUT", "faults", {
    rules: [{ on: "fetch_message", fault: { kind: "latency", ms: 5_000 } }],
  });
  const body = "Your appointment is on Thursday at 10.";
  const { sid } = await sendElsewhere(customer, body);
  const loading = inbox.log.getByRole("listitem").filter({ hasText: "Loading message text" });
  await expect(loading).toBeVisible();
  await expect(loading).toContainText("External");
  await expect(inbox.message(body)).toBeVisible();
  await expect(inbox.message(body)).toContainText("External");
  await expect(loading).toHaveCount(0);
  await expect(inbox.message(body).locator(".tick")).toHaveText("Delivered");

  await historyOf(inbox.message(body)).click();
  const panel = panelOf(page);
  await expect(panel).toBeFocused();
  await expect(panel).toContainText("Sent outside Loquent, by another app on your Twilio account.");
  await expect(panel).toContainText(`SM••••••••${sid.slice(-4)}`);
  const entries = entriesOf(page);
  await expect(entries.filter({ hasText: "Sent" }).first()).toContainText("Twilio’s event stream");
  await expect(entries.filter({ hasText: "Delivered" }).first()).toContainText(/\d+:\d\d:\d\d (AM|PM)/);
  const exact = await entries.first().locator("time").getAttribute("title");
  expect(exact).toMatch(/^Happened 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC-[78]\./);

  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(historyOf(inbox.message(body))).toBeFocused();
});

test("a failed message says in words why, and its history is live", async ({ openWindow }) => {
  const { simulator } = world.current;
  const customer = newCustomer();
  await world.current.customerTexts(customer, "Is my boiler repaired?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Is my boiler repaired?");
  await simulator.control("PUT", "timing", { delivered_after_ms: 5_000 });
  await simulator.control("POST", "outcomes", { to: customer, status: "undelivered", error_code: 30003 });
  await inbox.answer("Yes, since noon");
  const bubble = inbox.message("Yes, since noon");
  await expect(bubble.locator(".tick")).toHaveText("Sent");

  // With the keyboard.
  await historyOf(bubble).focus();
  await page.keyboard.press("Enter");
  const panel = panelOf(page);
  await expect(panel).toContainText("Sent from Loquent by Noor Haddad.");
  const entries = entriesOf(page);
  await expect(entries.first()).toContainText("Queued");
  await expect(entries.first()).toContainText("Noor Haddad, from the inbox");
  await expect(entries.filter({ hasText: "Twilio accepted the message" })).toHaveCount(1);
  // The end comes while it is looked at.
  const failed = entries.filter({ hasText: "Not delivered · 30003" }).first();
  await expect(failed).toContainText("Phone unreachable");
  await expect(failed).toContainText("switched off, out of coverage");
  await expect(failed).toContainText("Try again later, or call.");
  await expect(failed.getByRole("link", { name: "About 30003 on Twilio" })).toHaveAttribute(
    "href",
    "https://www.twilio.com/docs/api/errors/30003",
  );
  await expect(bubble.getByRole("alert")).toContainText("switched off, out of coverage");
  await panel.getByRole("button", { name: "Close delivery history" }).click();
  await expect(panel).toHaveCount(0);
  await expect(historyOf(bubble)).toBeFocused();
  await simulator.control("PUT", "timing", { delivered_after_ms: 0 });
});

test("a text that Loquent itself could not send says why, and can be retried", async ({ openWindow }) => {
  const customer = newCustomer();
  const { database } = world.current;
  await world.current.customerTexts(customer, "Can you send the invoice?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Can you send the invoice?");
  await database.query(
    `UPDATE organization SET byo_twilio = true, twilio_account_sid = $1, twilio_auth_token = '\\x00'`,
    [ACCOUNT_SID],
  );
  try {
    await inbox.answer("It is on its way");
    const alert = inbox.message("It is on its way").getByRole("alert");
    await expect(alert).toContainText("Failed");
    await expect(alert).toContainText("cannot be opened");
    await expect(alert.getByRole("link")).toHaveCount(0);
  } finally {
    await database.query(
      "UPDATE organization SET byo_twilio = false, twilio_account_sid = NULL, twilio_auth_token = NULL",
    );
  }
  const bubble = inbox.message("It is on its way");
  await bubble.getByRole("button", { name: "Retry" }).click();
  await expect(bubble.locator(".tick")).toHaveText("Delivered");
  await expect(bubble.getByRole("alert")).toHaveCount(0);
});

test("while Twilio's answer is lost the message is said to be checked, and is then settled", async ({
  openWindow,
}) => {
  const { simulator } = world.current;
  const customer = newCustomer();
  await world.current.customerTexts(customer, "Which entrance?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Which entrance?");
  await simulator.control("PUT", "timing", { delivery_paused: true });
  await simulator.control("PUT", "faults", {
    rules: [{ on: "create_message", fault: { kind: "processed_then_error" }, times: 1 }],
  });
  await inbox.answer("The blue door");
  const bubble = inbox.message("The blue door");
  await expect(bubble).toContainText("Not known to be sent, checking…");
  await historyOf(bubble).click();
  await expect(panelOf(page)).toContainText("Twilio’s answer was lost. Checking with Twilio…");
  await simulator.control("PUT", "timing", { delivery_paused: false });
  await expect(bubble.locator(".tick")).toHaveText("Delivered", { timeout: 30_000 });
  await expect(panelOf(page)).not.toContainText("Checking with Twilio");
  expect(await world.current.conversation(customer)).toHaveLength(2);
});

test("a customer who opted out cannot be texted", async ({ openWindow }) => {
  const customer = newCustomer();
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await world.current.customerTexts(customer, `I am ${customer}`);
  await inbox.openRow(customer);
  await expect(inbox.reply).toBeEditable();
  await world.current.customerTexts(customer, "STOP");
  await expect(page.getByText(/opted out of texts/)).toBeVisible();
  await expect(page.getByText(/(Today|Yesterday), \d+:\d\d/).first()).toBeVisible();
  await expect(inbox.reply).toBeDisabled();
  // Not through the API either.
  const id = new URL(page.url()).pathname.split("/").pop();
  const numbers = await page.request.get("/api/twilio/imported-numbers");
  const [{ id: phone_number_id }] = await numbers.json();
  const answer = await page.request.post("/api/messages/send", {
    data: { contact_id: id, body: "Hello?", phone_number_id },
    headers: { origin: world.current.server.url },
  });
  expect(answer.status()).toBe(409);
  await world.current.customerTexts(customer, "START");
  await expect(inbox.reply).toBeEditable();
});

test("what got lost is found by a check, and Settings says so", async ({ openWindow }) => {
  test.slow();
  const { simulator } = world.current;
  const page = await openWindow(world.current, { user: ADMIN });
  await page.goto("/settings/twilio");
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  const card = page.getByRole("region", { name: "Missed messages" });
  const row = card.getByRole("listitem").filter({ hasText: "Main line" });
  await row.getByRole("button", { name: /^Check now.*Main line/ }).click();
  await expect(row).toContainText(/none missing|No messages at Twilio/);
  await expect(row).toContainText("Last event");
  const customer = newCustomer();
  await simulator.control("PUT", "faults", {
    rules: [
      { on: "event", fault: { kind: "drop" } },
      { on: "status_callback", fault: { kind: "drop" } },
    ],
  });
  await sendElsewhere(customer, "Nobody told Loquent of this one");
  await simulator.settle();
  await row.getByRole("button", { name: /^Check now.*Main line/ }).click();
  await expect(row).toContainText("1 missing and added");
  await expect(row).toContainText("1 taken in");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inbox" }).click();
  const inbox = new Inbox(page);
  await inbox.openRow("Nobody told Loquent");
  const bubble = inbox.message("Nobody told Loquent of this one");
  await expect(bubble.locator(".tick")).toHaveText("Delivered");
  await historyOf(bubble).click();
  await expect(entriesOf(page).first()).toContainText("Found when comparing with Twilio");

  const agent = await openWindow(world.current, { user: AGENT_A });
  await agent.goto("/settings/twilio");
  await expect(agent.getByRole("region", { name: "Message History" })).toBeVisible();
  await expect(agent.getByRole("region", { name: "Missed messages" })).toHaveCount(0);
});
