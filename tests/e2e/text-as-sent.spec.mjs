// Each text is shown as it was sent, and each person under their own name.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { deliveredEvent, inboundEvent, postEvent } from "./support/signed-event.mjs";
import { ADMIN, AGENT_A, DISPATCH_LINE } from "./support/world.mjs";
import { MAIN_LINE } from "./twilio-node/simulator.mjs";

const world = useWorld();

async function openThread(openWindow, phone, hello, options = {}) {
  await world.current.customerTexts(phone, hello);
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A, ...options }));
  await inbox.open();
  await inbox.openRow(hello);
  return inbox;
}

const computed = (locator, property) =>
  locator.evaluate((element, name) => getComputedStyle(element)[name], property);

test("direction, blanks and links of a text are those of its words", async ({ openWindow }) => {
  const phone = "+14155550162";
  const inbox = await openThread(openWindow, phone, "שלום?");
  const hebrew = inbox.log.locator(".bubble").first();
  await expect(hebrew).toHaveAttribute("dir", "auto");
  expect(await computed(hebrew, "direction")).toBe("rtl");
  expect(await computed(inbox.row("שלום?").locator("bdi").last(), "direction")).toBe("rtl");
  await inbox.reply.fill("مرحبا ABC-123");
  expect(await computed(inbox.reply, "direction")).toBe("rtl");
  await inbox.reply.fill("");

  await world.current.customerTexts(phone, "a   b\n\tc");
  const blanks = inbox.log.locator(".bubble").filter({ hasText: "a b" });
  expect(await computed(blanks, "whiteSpace")).toContain("pre");
  expect(await blanks.evaluate((bubble) => bubble.textContent)).toBe("a   b\n\tc");

  await world.current.customerTexts(
    phone,
    "See https://example.com/a?b=1. Or (www.example.com), dana@example.com or +1 415-555-0199! Not javascript:alert(1)",
  );
  const links = inbox.log.locator(".bubble a");
  await expect(links).toHaveText([
    "https://example.com/a?b=1",
    "www.example.com",
    "dana@example.com",
    "+1 415-555-0199",
  ]);
  expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")))).toEqual([
    "https://example.com/a?b=1",
    "https://www.example.com",
    "mailto:dana@example.com",
    "tel:+14155550199",
  ]);
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  }
  await inbox.page.reload();
  await expect(links).toHaveCount(4);
});

test("an empty text says so, and what shows nothing is not sent", async ({ openWindow }) => {
  const phone = "+14155550163";
  const inbox = await openThread(openWindow, phone, "Empty");
  // No customer of the simulator sends it.
  expect(await postEvent(world.current.server, inboundEvent({ from: phone, body: "" }))).toBe(200);
  await expect(inbox.row("Empty message")).toBeVisible();
  await expect(inbox.log.getByText("Empty message")).toBeVisible();
  await inbox.reply.fill("\u200b\u3164");
  await expect(inbox.page.getByRole("button", { name: "Send" })).toBeDisabled();
  await inbox.reply.press("Enter");
  await expect(inbox.reply).toHaveValue("\u200b\u3164");
});

test("a sender that is no phone number cannot be answered, and is told so", async ({
  openWindow,
}) => {
  const event = inboundEvent({ from: "SUPPORT", body: "Your parcel is here" });
  expect(await postEvent(world.current.server, event)).toBe(200);
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await inbox.openRow("Your parcel is here");
  await expect(inbox.page.getByText("This sender can’t be answered by text")).toBeVisible();
  await expect(inbox.reply).toBeDisabled();
});

test("where the number of a conversation is gone, a person chooses another one", async ({
  openWindow,
}) => {
  const phone = "+14155550164";
  await world.current.customerTexts(phone, "To dispatch", DISPATCH_LINE);
  await world.current.settle();
  await world.current.database.query("UPDATE phone_number SET released_at = now() WHERE number = $1", [
    DISPATCH_LINE,
  ]);
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await inbox.openRow("To dispatch");
  const { page } = inbox;
  await expect(page.getByText("(415) 555-0187 can’t send any more.")).toBeVisible();
  const picker = page.getByLabel("Send from");
  await expect(picker).toHaveValue("");
  await inbox.answer("From where?");
  await expect(inbox.reply).toHaveValue("From where?");
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  await picker.selectOption({ label: "Main line (415) 555-0134" });
  await inbox.answer("");
  await expect(inbox.message("From where?")).toContainText("Delivered");
  await world.current.database.query("UPDATE phone_number SET released_at = NULL WHERE number = $1", [
    DISPATCH_LINE,
  ]);
});

test("a failure stays in the list until it is dismissed, also when the customer writes again", async ({
  openWindow,
}) => {
  const phone = "+14155550165";
  const inbox = await openThread(openWindow, phone, "Failure");
  await inbox.answer("Will not arrive");
  await expect(inbox.message("Will not arrive")).toContainText("Delivered");
  await world.current.database.query(
    `UPDATE message SET status = 'undelivered', error_code = 30003, updated_at = now()
     WHERE direction = 'outbound' AND to_address = $1`,
    [phone],
  );
  await world.current.customerTexts(phone, "Are you there?");
  await expect(inbox.row("Are you there?")).toContainText("1 not delivered");
  await expect(inbox.page.getByText("1 text was not delivered.")).toBeVisible();
  await inbox.page.getByRole("button", { name: "Dismiss" }).click();
  await expect(inbox.row("Are you there?")).not.toContainText("not delivered");
  await inbox.page.reload();
  await inbox.isLive();
  await expect(inbox.row("Are you there?")).not.toContainText("not delivered");
});

test("the list names who wrote: you, a colleague, or Twilio", async ({ openWindow }) => {
  const phone = "+14155550166";
  const mine = await openThread(openWindow, phone, "Who");
  const theirs = new Inbox(await openWindow(world.current, { user: ADMIN }));
  await theirs.open();
  await mine.answer("It is me");
  await expect(mine.row("It is me")).toContainText("You: It is me");
  await expect(theirs.row("It is me")).toContainText("Noor: It is me");
  await world.current.simulator.client().messages.create({
    from: MAIN_LINE,
    to: phone,
    body: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
  });
  await expect(theirs.row("Reply STOP")).toContainText("Auto-reply: Reply STOP");
});

test("a new message knows its recipient before it is sent, and keeps what was written", async ({
  openWindow,
}) => {
  const phone = "+14155550167";
  const inbox = await openThread(openWindow, phone, "New message to me");
  const { page } = inbox;
  await world.current.customerTexts("+14155550168", "STOP");
  await expect(inbox.rows.filter({ hasText: "Opted out" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New message" });
  const to = dialog.getByLabel("To");
  await to.fill("(415) 555-0168");
  await expect(dialog.getByRole("alert")).toContainText("texted STOP");
  await to.fill("(415) 555-0134");
  await expect(dialog.getByRole("alert")).toContainText("your own numbers");
  await to.fill("415");
  await expect(dialog.locator("datalist option").first()).toBeAttached();
  await dialog.getByLabel("Message", { exact: true }).fill("Kept");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.reload();
  await inbox.isLive();
  await page.keyboard.press("c");
  await expect(dialog.getByLabel("Message", { exact: true })).toHaveValue("Kept");
  await to.fill("(415) 555-0167");
  await dialog.getByLabel("Message", { exact: true }).press("Control+Enter");
  await expect(dialog).toBeHidden();
  await expect(inbox.message("Kept")).toContainText("Delivered");
});

test("the thread is one stop of the Tab key, and the contact pane can be closed", async ({
  openWindow,
}) => {
  const inbox = await openThread(openWindow, "+14155550169", "Stop one");
  const { page } = inbox;
  await world.current.customerTexts("+14155550169", "Stop two");
  await expect(inbox.message("Stop two")).toBeVisible();
  const stops = inbox.log.locator('.message[tabindex="0"]');
  await expect(stops).toHaveCount(1);
  await stops.focus();
  await page.keyboard.press("ArrowUp");
  await expect(inbox.message("Stop one")).toBeFocused();
  await expect(inbox.log.locator('.history-button:not([tabindex="-1"])')).toHaveCount(1);

  const pane = page.getByRole("region", { name: "Contact details" });
  await expect(pane).toBeVisible();
  await pane.getByRole("button", { name: "Close details" }).click();
  await expect(pane).toBeHidden();
  await expect(page.getByRole("button", { name: "Contact details" })).toBeFocused();
  await page.reload();
  await inbox.isLive();
  await expect(pane).toBeHidden();
  await page.getByRole("button", { name: "Contact details" }).click();
  await expect(pane).toBeVisible();
});

test("a group text names whom else it went to, and a number is written as in its country", async ({
  openWindow,
}) => {
  const recipients = [MAIN_LINE, "+15046081420", "+15046081421"];
  const event = inboundEvent({ from: "+442079460188", body: "Hello all", recipients });
  expect(await postEvent(world.current.server, event)).toBe(200);
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await inbox.openRow("Hello all");
  await expect(inbox.message("Hello all")).toContainText(
    "group text, also to (504) 608-1420, (504) 608-1421",
  );
  await expect(inbox.row("Hello all")).toContainText("+44 20 7946 0188");
  await expect(inbox.page.locator(".contact-head")).toContainText("+44 20 7946 0188");
});

test("what Twilio has deleted is said to be not available", async ({ openWindow }) => {
  // Nobody at Twilio knows a message by this SID.
  const event = deliveredEvent("SM0000000000000000000000000000dead", "+14155550164");
  expect(await postEvent(world.current.server, event)).toBe(200);
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await inbox.openRow("(415) 555-0164");
  await expect(inbox.log.locator(".bubble--loading")).toBeVisible();
  // As if all tries were over.
  await world.current.database.query(
    "UPDATE message_fetch SET tries = 7, next_try_at = now()",
  );
  await expect(inbox.log.getByText("Text not available")).toBeVisible();
});
