// The server goes away and comes back, and nobody has to reload.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A } from "./support/world.mjs";

const world = useWorld();
const CUSTOMER = "+14155550162";
const NETWORK_ERRORS = [/ERR_/, /WebSocket/, /status 50\d/];

test("after the server was killed, the page comes back with what it missed, and sends what waited", async ({
  openWindow,
  guard,
}) => {
  const { server, simulator } = world.current;
  await simulator.control("PUT", "timing", { retry_base_ms: 100, retry_max_ms: 300 });
  await world.current.customerTexts(CUSTOMER, "Before the break");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Before the break");
  await page.evaluate(() => {
    window.stillThere = true;
  });

  guard.announce(...NETWORK_ERRORS);
  await server.kill();
  await expect(inbox.connection).toHaveText("Reconnecting…");
  await expect(page.getByRole("status").filter({ hasText: "Connection lost" })).toBeVisible();

  await inbox.answer("Sent without a server");
  await expect(inbox.message("Sent without a server")).toContainText("Waiting");
  // Twilio finds nobody, and tries again later.
  await world.current.customerTexts(CUSTOMER, "During the break");

  await server.startAgain();
  await inbox.isLive({ timeout: 30_000 });
  guard.withdraw();
  await expect(inbox.message("During the break")).toBeVisible();
  await expect(inbox.message("Sent without a server")).toContainText("Delivered");
  await expect(page.getByText("Connection lost")).toHaveCount(0);

  await inbox.answer("After the break");
  await expect(inbox.message("After the break")).toContainText("Delivered");
  await world.current.customerTexts(CUSTOMER, "Thank you");
  await expect(inbox.message("Thank you")).toBeVisible();

  const truth = await world.current.conversation(CUSTOMER);
  const texts = truth.map(({ body }) => body);
  expect(texts.toSorted()).toEqual([
    "After the break",
    "Before the break",
    "During the break",
    "Sent without a server",
    "Thank you",
  ]);
  await expect(inbox.log.locator(".bubble")).toHaveCount(texts.length);
  expect(await page.evaluate(() => window.stillThere)).toBe(true);
});

test("a browser without a network says so, and goes on by itself", async ({ openWindow, guard }) => {
  await world.current.customerTexts("+14155550163", "Hello from here");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Hello from here");

  guard.announce(...NETWORK_ERRORS);
  await page.context().setOffline(true);
  await expect(inbox.connection).toHaveText("Offline");
  await inbox.answer("Sent without a network");
  await expect(inbox.message("Sent without a network")).toContainText("Waiting");
  await world.current.customerTexts("+14155550163", "Missed at first");

  await page.context().setOffline(false);
  await inbox.isLive();
  guard.withdraw();
  await expect(inbox.message("Missed at first")).toBeVisible();
  await expect(inbox.message("Sent without a network")).toContainText("Delivered");
  const truth = await world.current.conversation("+14155550163");
  expect(truth.filter(({ body }) => body === "Sent without a network")).toHaveLength(1);
});

test("a send whose answer got lost is not sent twice", async ({ openWindow, guard }) => {
  await world.current.customerTexts("+14155550164", "Are you open?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Are you open?");

  guard.announce(/ERR_/);
  let calls = 0;
  await page.route("**/api/messages/send", async (route) => {
    calls += 1;
    if (calls > 1) return route.continue();
    // The server gets it; the browser never hears that it did.
    await route.fetch();
    await route.abort("connectionreset");
  });
  await inbox.answer("Yes, until six");
  const message = inbox.message("Yes, until six");
  await expect(message).toContainText("Delivered");
  await expect(message).toHaveCount(1);
  await expect(message.getByRole("alert")).toHaveCount(0);
  const truth = await world.current.conversation("+14155550164");
  expect(truth.map(({ body }) => body)).toEqual(["Are you open?", "Yes, until six"]);
});
