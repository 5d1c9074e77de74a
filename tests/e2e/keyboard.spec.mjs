// Everything can be done without a mouse.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A, DISPATCH_LINE } from "./support/world.mjs";

const world = useWorld();

async function openInbox(openWindow) {
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  return { page, inbox, keyboard: page.keyboard };
}

test("single keys move in the list, open, answer, and go back", async ({ openWindow }) => {
  const bodies = ["The oldest", "The middle one", "The newest"];
  await world.current.customersTextInTurn(bodies.map((body, n) => [`+1415555010${n}`, body]));
  const { page, inbox, keyboard } = await openInbox(openWindow);
  await expect(inbox.rows).toHaveText([/The newest/, /The middle one/, /The oldest/]);

  await keyboard.press("j");
  await expect(inbox.rows.nth(0)).toBeFocused();
  await keyboard.press("j");
  await keyboard.press("ArrowDown");
  await expect(inbox.rows.nth(2)).toBeFocused();
  await keyboard.press("k");
  await expect(inbox.rows.nth(1)).toBeFocused();
  await keyboard.press("Enter");
  await expect(inbox.message("The middle one")).toBeVisible();
  await expect(inbox.row("The middle one")).toHaveAttribute("aria-current", "true");

  await keyboard.press("r");
  await expect(inbox.reply).toBeFocused();
  await keyboard.type("J and k? A letter");
  await keyboard.press("Shift+Enter");
  await keyboard.type("and a new line");
  await expect(inbox.reply).toHaveValue("J and k? A letter\nand a new line");
  await keyboard.press("Control+Enter");
  await expect(inbox.reply).toHaveValue("");
  await expect(inbox.message("and a new line")).toContainText("Delivered");

  await keyboard.press("Escape");
  await expect(inbox.row("and a new line")).toBeFocused();
  // It has come to the top by now.
  await keyboard.press("j");
  await keyboard.press("Enter");
  await expect(inbox.log.getByText("The newest")).toBeVisible();
});

test("the help lists the keys, and Esc closes it", async ({ openWindow }) => {
  const { page, keyboard } = await openInbox(openWindow);
  await keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toContainText("Move in the conversation list");
  await keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).press("Enter");
  await expect(help).toBeVisible();
  await help.getByRole("button", { name: "Close" }).press("Enter");
  await expect(help).toBeHidden();
  await expect(page.getByRole("button", { name: "Keyboard shortcuts" })).toBeFocused();
});

test("a message to a new number is written from a number of choice", async ({ openWindow, guard }) => {
  const { page, inbox, keyboard } = await openInbox(openWindow);
  await keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "New message" });
  await expect(dialog.getByLabel("To")).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Send" })).toBeDisabled();
  await keyboard.type("12");
  await dialog.getByLabel("From").selectOption({ label: "Dispatch (415) 555-0187" });
  await dialog.getByRole("textbox", { name: "Message" }).fill("We are at the door");

  guard.announce(/\b400\b.*\/api\/messages\/send/);
  await dialog.getByRole("button", { name: "Send" }).press("Enter");
  await expect(dialog.getByRole("alert")).toContainText(/phone number/i);
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("We are at the door");

  await dialog.getByLabel("To").fill("(415) 555-0171");
  await dialog.getByRole("button", { name: "Send" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/messaging\/[0-9a-f-]{36}$/);
  await expect(inbox.message("We are at the door")).toContainText("Delivered");
  await expect(page.getByRole("heading", { name: "(415) 555-0171" }).first()).toBeVisible();
  await expect(inbox.rows.first()).toContainText("We are at the door");
  const truth = await world.current.conversation("+14155550171", DISPATCH_LINE);
  expect(truth.map(({ body }) => body)).toEqual(["We are at the door"]);
  // An answer to it goes the same way.
  await inbox.answer("Please open");
  await expect(inbox.message("Please open")).toContainText("Delivered");
  expect(await world.current.conversation("+14155550171", DISPATCH_LINE)).toHaveLength(2);
});

test("Esc throws the new message away, and the focus goes back", async ({ openWindow }) => {
  const { page, keyboard } = await openInbox(openWindow);
  const button = page.getByRole("button", { name: "New message" }).first();
  await button.press("Enter");
  const dialog = page.getByRole("dialog", { name: "New message" });
  await dialog.getByRole("textbox", { name: "Message" }).fill("Never mind");
  await keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await button.press("Enter");
  // What was written is not lost with the dialog.
  await expect(dialog.getByRole("textbox", { name: "Message" })).toHaveValue("Never mind");
});

test("the counter says what a text costs, and which character made it dearer", async ({
  openWindow,
}) => {
  await world.current.customerTexts("+14155550181", "Count this");
  const { inbox, page } = await openInbox(openWindow);
  await inbox.openRow("Count this");
  const counter = page.locator("form", { has: inbox.reply }).getByRole("status");
  await inbox.reply.fill("Hello");
  await expect(counter).toHaveText("GSM-7 · 1 segment · 5/160");
  await inbox.reply.fill("Hello 👋");
  await expect(counter).toHaveText("Unicode (👋) · 1 segment · 8/70");
  await inbox.reply.fill("x".repeat(161));
  await expect(counter).toHaveText("GSM-7 · 2 segments · 161/306");
  await inbox.reply.fill("x".repeat(1601));
  await expect(counter).toHaveText("1601 of 1600 characters");
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
});

test("a draft is kept, shown in the list, and found again after a reload", async ({ openWindow }) => {
  await world.current.customerTexts("+14155550182", "Draft for this one");
  await world.current.customerTexts("+14155550183", "Look at this first");
  const { inbox, page } = await openInbox(openWindow);
  await inbox.openRow("Draft for this one");
  await inbox.reply.fill("I was about to");
  await inbox.openRow("Look at this first");
  await expect(inbox.reply).toHaveValue("");
  await expect(inbox.row("I was about to")).toContainText("Draft:");
  // A reload would cut off what is still told to the server: that both have been read.
  await expect
    .poll(async () => {
      const [{ unread }] = await world.current.database.query(
        `SELECT sum(v.unread_count)::int AS unread
         FROM conversation v JOIN contact c ON c.id = v.contact_id
         WHERE c.phone IN ('+14155550182', '+14155550183')`,
      );
      return unread;
    })
    .toBe(0);
  await page.reload();
  await inbox.isLive();
  await inbox.openRow("I was about to");
  await expect(inbox.reply).toHaveValue("I was about to");
});

test("a customer who texts STOP cannot be texted until they text START", async ({ openWindow }) => {
  const customer = "+14155550184";
  await world.current.customerTexts(customer, "Are you there?");
  const { inbox, page } = await openInbox(openWindow);
  await inbox.openRow("Are you there?");
  await world.current.customerTexts(customer, "STOP");
  const banner = page.getByText(/opted out of texts/);
  await expect(banner).toBeVisible();
  await expect(inbox.reply).toBeDisabled();
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  await expect(inbox.row("(415) 555-0184")).toContainText("Opted out");
  await world.current.customerTexts(customer, "START");
  await expect(banner).toHaveCount(0);
  await inbox.answer("Welcome back");
  await expect(inbox.message("Welcome back")).toContainText("Delivered");
});
