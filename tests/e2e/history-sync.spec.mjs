// Settings → Twilio: the import of what the numbers sent and received before.
import { expect, test, useWorld } from "./support/test.mjs";
import { History } from "./support/history.mjs";
import { Inbox } from "./support/inbox.mjs";
import { ADMIN, AGENT_A, DISPATCH_LINE } from "./support/world.mjs";
import { ACCOUNT_SID, MAIN_LINE } from "./twilio-node/simulator.mjs";

const MESSAGES = 600;
const SLOWLY = { on: "list_messages", fault: { kind: "latency", ms: 1_000 } };

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
async function makeHistory(seed, contacts) {
  const { simulator } = world.current;
  await simulator.control("POST", "history", {
    account_sid: ACCOUNT_SID,
    seed,
    messages: MESSAGES,
    contacts,
    media_share: 0,
  });
  const query = new URLSearchParams({ account_sid: ACCOUNT_SID, seed: String(seed) });
  const { histories } = await simulator.control("GET", `history/counts?${query}`);
  return new Map(
    histories[0].numbers.map(({ number, inbound, outbound }) => [number, inbound + outbound]),
  );
}

test("all numbers at once: one fails and is resumed, and a second sync imports nothing", async ({
  openWindow,
}) => {
  test.slow();
  const counts = await makeHistory(1, 25);
  const page = await openWindow(world.current, { user: ADMIN });
  const history = new History(page);
  await history.open();
  const [main, dispatch, tollFree] = ["Main line", "Dispatch", "Toll-free"].map((name) =>
    history.row(name),
  );
  for (const row of [main, dispatch, tollFree]) await expect(row.all).toContainText("Never synced");
  await expect(history.card).toContainText("Nothing changes in your Twilio account");

  await faults([
    SLOWLY,
    { on: "list_messages", fault: { kind: "unauthorized" }, number: DISPATCH_LINE },
  ]);
  await history.all.click();
  await expect(main.now).toBeVisible();
  await expect(tollFree.now).toBeVisible();
  await expect(history.card.getByRole("progressbar", { name: "All numbers" })).toBeVisible();

  // Opened in the middle, a page shows at once how far it is, also to who may not change it.
  const other = await openWindow(world.current, { user: AGENT_A, javaScriptEnabled: false });
  await other.goto("/settings/twilio");
  await expect(new History(other).row("Main line").now).toBeVisible();

  await faults([{ on: "list_messages", fault: { kind: "unauthorized" }, number: DISPATCH_LINE }]);
  await expect(dispatch.alert).toContainText("401");
  await expect(dispatch.badge("Failed")).toBeVisible();
  for (const row of [main, tollFree]) await expect(row.badge("Done")).toBeVisible();
  await expect(history.sum).toContainText("All numbers: 2 done, 1 stopped");
  await expect(main.count("new")).toHaveText(`${counts.get(MAIN_LINE)} new`);

  await faults([]);
  await dispatch.button("Resume").click();
  await expect(dispatch.badge("Done")).toBeVisible();
  await expect(dispatch.alert).toHaveCount(0);
  await expect(dispatch.count("new")).toHaveText(`${counts.get(DISPATCH_LINE)} new`);
  await expect(dispatch.button("Sync History")).toBeFocused();

  await history.all.click();
  await expect(history.sum).toContainText("All numbers: done");
  await expect(history.sum).toContainText(`${MESSAGES} fetched · 0 new`);
  await expect(history.announced).toHaveText("Sync done: 0 new messages.");

  await page.reload();
  await expect(main.count("new")).toHaveText("0 new");
  await expect(main.all).toContainText(/Finished today, \d+:\d\d (AM|PM)/);
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
  await faults([SLOWLY]);
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
  await expect(history.card).toContainText("needs an admin or owner");
  await expect(history.card.getByRole("button")).toHaveCount(0);
});
