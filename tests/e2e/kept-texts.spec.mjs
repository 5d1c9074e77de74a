// Nothing that was typed is lost: drafts and unsent texts outlive the page, the session and a crash.
import { expect, signIn, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A, AGENT_B, DISPATCH_LINE, PASSWORD } from "./support/world.mjs";

const world = useWorld();

// A window of its own person with a conversation open.
async function openThread(openWindow, phone, hello, user = AGENT_A) {
  await world.current.customerTexts(phone, hello);
  const inbox = new Inbox(await openWindow(world.current, { user }));
  await inbox.open();
  await inbox.openRow(hello);
  return inbox;
}

async function sentTo(phone) {
  const texts = await world.current.conversation(phone);
  return texts.filter(({ status }) => status !== "received").map(({ body }) => body);
}

test("the session is gone and Enter is pressed: after signing in, the text is sent, once", async ({
  openWindow,
  guard,
}) => {
  const phone = "+14155550162";
  const inbox = await openThread(openWindow, phone, "Session");
  const { page } = inbox;
  guard.announce(/\b401\b/);
  const address = page.url();
  await page.context().clearCookies();
  await inbox.answer("Written without a session");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("Email").fill(AGENT_A.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(address);
  await expect(inbox.message("Written without a session")).toContainText("Delivered");
  expect(await sentTo(phone)).toEqual(["Written without a session"]);
});

test("a text that was not sent is there after a reload, can be edited, and is sent once", async ({
  openWindow,
  guard,
}) => {
  const phone = "+14155550163";
  const inbox = await openThread(openWindow, phone, "Reload");
  const { page } = inbox;
  guard.announce(/\b500\b/);
  await page.route("**/api/messages/send", (route) => route.fulfill({ status: 500 }));
  await inbox.answer("Not sent yet");
  await expect(inbox.message("Not sent yet")).toContainText("Not sent");
  await inbox.answer("Nor this one");
  await expect(inbox.message("Nor this one").getByRole("alert")).toBeVisible();
  await page.reload();
  await expect(inbox.message("Not sent yet").getByRole("button", { name: "Retry" })).toBeVisible();
  await page.unroute("**/api/messages/send");
  await inbox.message("Not sent yet").getByRole("button", { name: "Retry" }).press("Enter");
  // The focus stays with the message.
  await expect(inbox.message("Not sent yet")).toBeFocused();
  await expect(inbox.message("Not sent yet")).toContainText("Delivered");
  await inbox.message("Nor this one").getByRole("button", { name: "Edit" }).click();
  await expect(inbox.reply).toBeFocused();
  await expect(inbox.reply).toHaveValue("Nor this one");
  await inbox.answer(" but now");
  await expect(inbox.message("Nor this one but now")).toContainText("Delivered");
  await page.reload();
  await expect(inbox.message("Nor this one but now")).toContainText("Delivered");
  await expect(inbox.message("Not sent yet")).toHaveCount(1);
  expect(await sentTo(phone)).toEqual(["Not sent yet", "Nor this one but now"]);
});

test("a text whose window was closed offline is sent by the next one, once", async ({
  openWindow,
  guard,
}) => {
  const phone = "+14155550164";
  const inbox = await openThread(openWindow, phone, "Crash");
  const context = inbox.page.context();
  const address = inbox.page.url();
  const other = new Inbox(await context.newPage());
  await other.open("/messaging");
  guard.announce(/ERR_|request failed|WebSocket/);
  await context.setOffline(true);
  await inbox.answer("Before the crash");
  await expect(inbox.message("Before the crash")).toContainText("Waiting");
  await inbox.page.close();
  await context.setOffline(false);
  // The window that is left sends it; one that opens meanwhile does not send it again.
  const third = new Inbox(await context.newPage());
  await third.page.goto(address);
  await expect(third.message("Before the crash")).toContainText("Delivered");
  expect(await sentTo(phone)).toEqual(["Before the crash"]);
});

test("drafts follow from window to window and none overwrites another", async ({ openWindow }) => {
  const phone = "+14155550165";
  const a = await openThread(openWindow, phone, "Windows");
  await world.current.customerTexts("+14155550166", "Another one");
  const b = new Inbox(await a.page.context().newPage());
  await b.open(new URL(a.page.url()).pathname);
  const c = new Inbox(await a.page.context().newPage());
  await c.open("/messaging");
  await c.openRow("Another one");
  await a.reply.pressSequentially("Draft of a");
  await expect(b.reply).toHaveValue("Draft of a");
  await c.reply.pressSequentially("Draft of c");
  await expect(b.row("Draft:")).toContainText("Draft of c");
  // What is written here stays, whatever the other window does with its own.
  await b.reply.fill("Written in b");
  await a.page.keyboard.press("Enter");
  await expect(a.message("Draft of a")).toContainText("Delivered");
  await expect(b.reply).toHaveValue("Written in b");
  await b.page.reload();
  await expect(b.reply).toHaveValue("Written in b");
  await c.page.reload();
  await expect(c.reply).toHaveValue("Draft of c");
  expect(await sentTo(phone)).toEqual(["Draft of a"]);
});

test("a window that hears late of another one's draft does not end it", async ({ openWindow }) => {
  const a = await openThread(openWindow, "+14155550177", "Late");
  const b = new Inbox(await a.page.context().newPage());
  await b.open(new URL(a.page.url()).pathname);
  await a.reply.pressSequentially("Draft of a");
  await expect(b.reply).toHaveValue("Draft of a");
  // What a finds in the storage from now on.
  await a.page.evaluate(() => {
    const read = Storage.prototype.getItem;
    Storage.prototype.getItem = function (key) {
      return key.includes(".draft.") ? "Draft of a" : read.call(this, key);
    };
  });
  await b.reply.fill("Written in b");
  await a.reply.press("Enter");
  await expect(a.message("Draft of a")).toContainText("Delivered");
  await expect(b.reply).toHaveValue("Written in b");
  await b.page.reload();
  await expect(b.reply).toHaveValue("Written in b");
});

test("what one person wrote is not another's, and goes when they sign out", async ({
  openWindow,
  guard,
}) => {
  // A window whose session has just ended may try its link once more.
  guard.announce(/HTTP Authentication failed/);
  const inbox = await openThread(openWindow, "+14155550167", "Whose");
  const { page } = inbox;
  const address = page.url();
  const kept = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("loquent.own.")));
  await inbox.reply.pressSequentially("A secret of Noor");
  await expect.poll(kept).toHaveLength(1);
  await page.context().clearCookies();
  await signIn(page.context(), world.current, AGENT_B);
  await page.goto(address);
  await inbox.isLive();
  await expect(inbox.reply).toHaveValue("");
  await page.context().clearCookies();
  await signIn(page.context(), world.current, AGENT_A);
  await page.goto(address);
  await expect(inbox.reply).toHaveValue("A secret of Noor");
  const other = new Inbox(await page.context().newPage());
  await other.open(new URL(address).pathname);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/login");
  await expect(other.page).toHaveURL(/\/login/);
  expect(await kept()).toEqual([]);
});

test("the same words in two windows are sent once, and are a draft in neither", async ({
  openWindow,
}) => {
  const phone = "+14155550168";
  const a = await openThread(openWindow, phone, "Same");
  await a.reply.pressSequentially("Once");
  const b = new Inbox(await a.page.context().newPage());
  await b.open(new URL(a.page.url()).pathname);
  await expect(b.reply).toHaveValue("Once");
  await b.reply.press("Enter");
  await expect(a.message("Once")).toContainText("Delivered");
  await expect(a.reply).toHaveValue("");
  await expect(b.reply).toHaveValue("");
  await expect(b.row("Draft:")).toHaveCount(0);
  expect(await sentTo(phone)).toEqual(["Once"]);
});

test("where somebody else signs in, an older window is theirs, too", async ({ openWindow }) => {
  const phone = "+14155550169";
  const a = await openThread(openWindow, phone, "Whose window");
  await a.reply.pressSequentially("By Noor");
  await signIn(a.page.context(), world.current, AGENT_B);
  const b = new Inbox(await a.page.context().newPage());
  await b.open("/messaging");
  // The older window goes through the login page to their inbox.
  await expect(a.page).toHaveURL("/messaging");
  await expect(a.page.getByRole("button", { name: /^Account/ })).toContainText("TV");
  await a.isLive();
  await a.openRow("Whose window");
  await expect(a.reply).toHaveValue("");
  await a.answer("By Tomas");
  await expect(b.row("You: By Tomas")).toBeVisible();
  expect(await sentTo(phone)).toEqual(["By Tomas"]);
});

test("what is typed before the program is there comes below the draft", async ({ openWindow }) => {
  const inbox = await openThread(openWindow, "+14155550170", "Early");
  const { page } = inbox;
  await inbox.reply.pressSequentially("Begun before");
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  await page.route("**/*.wasm", async (route) => {
    await gate;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  await inbox.reply.fill("typed early");
  await page.getByLabel("Send from").selectOption({ label: "Dispatch (415) 555-0187" });
  letGo();
  await expect(inbox.reply).toHaveValue("Begun before\ntyped early");
  // The number that was chosen early is the one that sends.
  await inbox.reply.press("Enter");
  await expect(inbox.message("typed early")).toContainText("Delivered");
  const sent = await world.current.conversation("+14155550170", DISPATCH_LINE);
  expect(sent.map(({ body }) => body)).toEqual(["Begun before\ntyped early"]);
});

test("drafts of the version before are taken over", async ({ openWindow }) => {
  const inbox = await openThread(openWindow, "+14155550171", "Upgrade");
  const { page } = inbox;
  const user = await (await page.request.get("/api/auth/me")).json();
  const key = `loquent.drafts.${user.id}`;
  const contact = new URL(page.url()).pathname.split("/").at(-1);
  await page.evaluate(
    ([key, contact]) => localStorage.setItem(key, JSON.stringify({ [contact]: "Of last week" })),
    [key, contact],
  );
  await page.reload();
  await expect(inbox.reply).toHaveValue("Of last week");
  expect(await page.evaluate((key) => localStorage.getItem(key), key)).toBeNull();
});

test("where the browser can keep nothing, the page says so, and sends all the same", async ({
  openWindow,
  guard,
}) => {
  const phone = "+14155550172";
  const inbox = await openThread(openWindow, phone, "Full");
  const { page } = inbox;
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  guard.announce(/ERR_|request failed|WebSocket/);
  await page.context().setOffline(true);
  await inbox.answer("Only here");
  await expect(page.getByText("This browser can’t keep your text.")).toBeVisible();
  // News of another window's storage does not drop it.
  await page.evaluate(() => window.dispatchEvent(new StorageEvent("storage", { key: "other" })));
  await page.context().setOffline(false);
  await expect(inbox.message("Only here")).toContainText("Delivered");
  expect(await sentTo(phone)).toEqual(["Only here"]);
});
