// Two servers on one Postgres: what one hears is seen at the other, and what one leaves the other ends.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { expectTextsInTime } from "./support/latency.mjs";
import { AGENT_A, AGENT_B } from "./support/world.mjs";
import { eventually } from "./twilio-node/simulator.mjs";

const world = useWorld();
// A dead server's jobs go back after 15 s.
const TAKE_OVER_MS = 60_000;

// Twilio posts to the first server; each test starts the other when it wants it.
test.afterEach(async ({ browser }) => {
  const { server, otherServer, simulator } = world.current;
  await Promise.all(browser.contexts().map((context) => context.close()));
  await simulator.control("PUT", "faults", { rules: [] });
  await otherServer?.stop();
  if (server.program.hasEnded) await server.startAgain();
});

async function openThread(openWindow, at, user, text) {
  const inbox = new Inbox(await openWindow(at, { user }));
  await inbox.open();
  await inbox.openRow(text);
  return inbox;
}

test("an event posted to one server is on the screen at the other within a quarter of a second", {
  tag: "@alone",
}, async ({ openWindow }, info) => {
  test.slow();
  const customer = "+14155550162";
  await world.current.customerTexts(customer, "Hello");
  await world.current.settle();
  const { page } = await openThread(openWindow, await world.current.atAnotherServer(), AGENT_A, "Hello");
  const text = (body) => world.current.customerTexts(customer, body);
  await expectTextsInTime({ page, text, info });
});

test("a text that a killed server was working on appears at the other", async ({ openWindow }) => {
  const { database, server } = world.current;
  const customer = "+14155550163";
  await world.current.customerTexts(customer, "Are you there?");
  await world.current.settle();

  const release = await database.hold("LOCK TABLE message IN SHARE ROW EXCLUSIVE MODE");
  await world.current.customerTexts(customer, "It is leaking again");
  await eventually("the server is in the middle of it", async () => {
    const waiting = await database.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return waiting.length > 0;
  });
  const other = await world.current.atAnotherServer();
  const inbox = await openThread(openWindow, other, AGENT_A, "Are you there?");
  await server.kill();
  await expect(inbox.message("It is leaking again")).toHaveCount(0);
  await release();
  await expect(inbox.message("It is leaking again")).toHaveCount(1);
  await expect(inbox.row("It is leaking again")).toBeVisible();
});

test("a reply that a killed server was sending is settled at the other, and the customer gets it once", async ({
  openWindow,
  guard,
}) => {
  test.slow();
  const { server, simulator } = world.current;
  const customer = "+14155550164";
  await world.current.customerTexts(customer, "Which entrance?");
  await world.current.settle();
  await simulator.control("PUT", "faults", {
    rules: [{ on: "create_message", fault: { kind: "processed_then_hang", ms: 20_000 }, times: 1 }],
  });
  const writer = await openThread(openWindow, world.current, AGENT_A, "Which entrance?");
  await writer.answer("The blue door");
  const received = async () =>
    (await world.current.conversation(customer)).filter(({ body }) => body === "The blue door");
  await eventually("Twilio has it", async () => (await received()).length > 0);

  const other = await world.current.atAnotherServer();
  const reader = await openThread(openWindow, other, AGENT_B, "The blue door");
  guard.announce(/ERR_/, /WebSocket/, /status 50\d/);
  await server.kill();
  const message = reader.message("The blue door");
  await expect(message.locator(".tick")).toHaveText("Delivered", { timeout: TAKE_OVER_MS });
  expect(await received()).toHaveLength(1);
  await server.startAgain();
  await writer.isLive({ timeout: 30_000 });
  guard.withdraw();
  await expect(writer.message("The blue door").locator(".tick")).toHaveText("Delivered");
});
