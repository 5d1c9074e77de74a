// Settings → Twilio: the import of what the numbers sent and received before.
import { expect, test, useWorld } from "./support/test.mjs";
import { History } from "./support/history.mjs";
import { Inbox } from "./support/inbox.mjs";
import { ADMIN, AGENT_A, DISPATCH_LINE } from "./support/world.mjs";
import { ACCOUNT_SID, MAIN_LINE } from "./twilio-node/simulator.mjs";

const MESSAGES = 600;
// No run ends while this lasts, and each goes on within a second after it.
const HELD = { on: "list_messages", fault: { kind: "rate_limit", retry_after_s: 1 } };

const world = useWorld();

// Once an event tells of a run, the page lets go of the call that started it. A call whose run
// fails before that answers 409.
const LET_GO = /sync-message-history/;

test.beforeEach(async ({ guard }) => {
  guard.announce(LET_GO);
});

test.afterEach(async () => {
  await faults([]);
});

function faults(rules) {
  return world.current.simulator.control("PUT", "faults", { rules });
}

// A past of all numbers; gives how many messages each number has in it.
async function makeHistory(seed, contacts, { messages = MESSAGES, media_share = 0 } = {}) {
  const { simulator } = world.current;
  await simulator.control("POST", "history", {
    account_sid: ACCOUNT_SID,
    seed,
    messages,
    contacts,
    media_share,
  });
  const query = new URLSearchParams({ account_sid: ACCOUNT_SID, seed: String(seed) });
  const { histories } = await simulator.control("GET", `history/counts?${query}`);
  return new Map(
    histories[0].numbers.map(({ number, inbound, outbound }) => [number, inbound + outbound]),
  );
}

// The newest picture of a number in this state, and the thread that it is in.
async function newestPicture(number, state) {
  const [picture] = await world.current.database.query(
    `SELECT a.id, m.contact_id, a.width, a.height
     FROM message_attachment a JOIN message m ON m.id = a.message_id
     WHERE $1 IN (m.from_address, m.to_address) AND a.state = $2 AND m.num_media = 1
       AND a.content_type IN ('image/jpeg', 'image/png', 'image/gif')
     ORDER BY m.created_at DESC LIMIT 1`,
    [number, state],
  );
  return { ...picture, path: `/api/media/${picture.id}`, thread: `/messaging/${picture.contact_id}` };
}

// Waits until the bytes of a picture are shown; gives the sizes of its place and of itself.
async function shown(picture) {
  await picture.scrollIntoViewIfNeeded();
  await expect
    .poll(() => picture.evaluate((image) => image.complete && image.naturalWidth))
    .toBeGreaterThan(0);
  return picture.evaluate((image) => {
    const { width, height } = image.getBoundingClientRect();
    return { width, height, ratio: image.naturalWidth / image.naturalHeight };
  });
}

test("all numbers at once: one fails and is resumed, threads have the pictures, and a second import adds nothing", async ({
  openWindow,
}) => {
  test.slow();
  const counts = await makeHistory(1, 25, { media_share: 0.04 });
  const page = await openWindow(world.current, { user: ADMIN });
  const history = new History(page);
  await history.open();
  const [main, dispatch, tollFree] = ["Main line", "Dispatch", "Toll-free"].map((name) =>
    history.row(name),
  );
  for (const row of [main, dispatch, tollFree]) await expect(row.all).toContainText("Never synced");
  await expect(history.card).toContainText("Nothing changes in your Twilio account");

  // The first rule that fits counts.
  const refused = { on: "list_messages", fault: { kind: "unauthorized" }, number: DISPATCH_LINE };
  await faults([refused, HELD]);
  await history.all.click();
  await expect(main.now).toBeVisible();
  await expect(tollFree.now).toBeVisible();
  await expect(history.card.getByRole("progressbar", { name: "All numbers" })).toBeVisible();

  // Opened in the middle, a page shows at once how far it is, also to who may not change it.
  const other = await openWindow(world.current, { user: AGENT_A, javaScriptEnabled: false });
  await other.goto("/settings/twilio");
  await expect(new History(other).row("Main line").now).toBeVisible();

  await faults([refused]);
  await expect(dispatch.alert).toContainText("401");
  await expect(dispatch.badge("Failed")).toBeVisible();
  for (const row of [main, tollFree]) await expect(row.badge("Done")).toBeVisible();
  await expect(history.sum).toContainText("Dispatch stopped. See why.");
  const index = history.page.getByRole("navigation", { name: "On this page" });
  await expect(index.getByRole("link", { name: /^Message history/ })).toContainText("an import failed");
  await expect(main.count("new")).toHaveText(`${counts.get(MAIN_LINE)} new`);

  await faults([]);
  await dispatch.button("Resume").click();
  await expect(dispatch.badge("Done")).toBeVisible();
  await expect(dispatch.alert).toHaveCount(0);
  await expect(dispatch.count("new")).toHaveText(`${counts.get(DISPATCH_LINE)} new`);
  await expect(dispatch.button("Sync History")).toBeFocused();

  for (const number of [MAIN_LINE, DISPATCH_LINE]) {
    const { path, thread } = await newestPicture(number, "stored");
    const window = await openWindow(world.current, { user: AGENT_A });
    await new Inbox(window).open(thread);
    await shown(window.locator(`img[src="${path}"]`));
  }

  await history.all.click();
  await expect(history.sum).toContainText("All numbers: done");
  await expect(history.sum).toContainText(`${MESSAGES} fetched · 0 new`);
  await expect(history.announced).toHaveText("Sync done: 0 new messages.");

  await page.reload();
  await expect(main.count("new")).toHaveText("0 new");
  await expect(main.all).toContainText(/Finished (today|yesterday), \d+:\d\d (AM|PM)/);
});

test("a run is cancelled and resumed, and the inbox then has what it brought", async ({
  openWindow,
}) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const inbox = new Inbox(page);
  await inbox.open();
  const conversations = async () => {
    const tab = await inbox.list.getByRole("tab", { name: /^All/ }).textContent();
    return Number(tab.match(/\d+/)[0]);
  };
  const before = await conversations();
  await makeHistory(2, 60);
  await page.getByRole("link", { name: "Settings" }).click();
  const history = new History(page);
  const row = history.row("Main line");
  await faults([HELD]);
  await row.button("Sync History").click();
  await row.button("Cancel").click();
  await expect(row.badge("Cancelled")).toBeVisible();
  await faults([]);
  await row.button("Resume").click();
  await expect(row.badge("Done")).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inbox" }).click();
  await expect(inbox.rows.first()).toBeVisible();
  await expect.poll(conversations).toBeGreaterThan(before);
});

test("a file whose fetch failed is retried from its thread, and a picture has its place before it comes", async ({
  openWindow,
  guard,
}) => {
  await makeHistory(3, 20, { messages: 60, media_share: 0.5 });
  const page = await openWindow(world.current, { user: ADMIN });
  const history = new History(page);
  await history.open();
  const row = history.row("Main line");
  await faults([{ on: "media_bytes", fault: { kind: "foreign_redirect" } }]);
  await row.button("Sync History").click();
  await expect(row.badge("Done")).toBeVisible();
  await expect(row.count("media failed")).toHaveText(/^\d+ media failed$/);

  const { path, thread } = await newestPicture(MAIN_LINE, "failed");
  await new Inbox(page).open(thread);
  const failed = page.locator(".bubble__failed").filter({ hasText: "host" });
  await expect(failed).not.toHaveCount(0);
  const before = await failed.count();
  await faults([{ on: "cdn", fault: { kind: "latency", ms: 2_000 } }]);
  for (let left = before; left > 0; left -= 1) {
    await failed.last().getByRole("button", { name: "Retry" }).click();
    await expect(failed).toHaveCount(left - 1);
  }
  await expect(page.getByText("Loading a file from Twilio").first()).toBeAttached();
  const picture = page.locator(`img[src="${path}"]`);
  await shown(picture);
  await faults([]);

  // Asked for again, its bytes come late: its place is as large as it will be.
  const window = await openWindow(world.current, { user: AGENT_A });
  let letThrough;
  const held = new Promise((resolve) => (letThrough = resolve));
  await window.route("**/api/media/*", async (route) => {
    await held;
    await route.continue();
  });
  // Live first: before that, the page's days are put into the reader's time zone.
  await new Inbox(window).open(thread);
  const late = window.locator(`img[src="${path}"]`);
  await late.scrollIntoViewIfNeeded();
  const { width, height } = await late.boundingBox();
  expect(await late.evaluate((image) => image.naturalWidth)).toBe(0);
  letThrough();
  const after = await shown(late);
  expect(after).toMatchObject({ width, height });
  // What is very long or very high is cut.
  const ratio = Math.min(Math.max(after.ratio, 1 / 2), 3);
  expect(Math.abs(width / height - ratio)).toBeLessThan(0.05);
  guard.withdraw();
});

test("a date that is still to come is refused before anything is asked", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const history = new History(page);
  await history.open();
  await history.since.fill("2999-01-01");
  await history.all.click();
  await expect(history.card.getByRole("alert")).toContainText("today at the latest");
  await expect(history.since).toBeFocused();
  await expect(history.since).toHaveAttribute("aria-invalid", "true");
  await history.since.fill("2025-06-01");
  await expect(history.card.getByRole("alert")).toHaveCount(0);
  await history.row("Toll-free").button("Sync History").click();
  await expect(history.row("Toll-free").all).toContainText("since Jun 1, 2025");
});

test("an agent follows the imports and is told who may start them", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: AGENT_A });
  const history = new History(page);
  await page.goto("/settings");
  await expect(page.getByRole("heading", { level: 1, name: "Twilio" })).toBeVisible();
  await expect(history.rows).toHaveCount(3);
  await expect(history.card).toContainText("Ask an admin to start or stop imports.");
  await expect(history.card.getByRole("button")).toHaveCount(0);
});
