// Settings → Twilio → Events: what Twilio told, and what became of it.
import { expect, test, useWorld } from "./support/test.mjs";
import { inboundEvent, postEvent } from "./support/signed-event.mjs";
import { ADMIN, AGENT_A } from "./support/world.mjs";
import { CUSTOMER } from "./twilio-node/simulator.mjs";

const world = useWorld();

const rowOf = (page, event) => page.locator(`[data-event="${event.id}"]`);

async function open(page) {
  const live = page.getByRole("status").filter({ hasText: /^Live$/ });
  await page.goto("/settings/twilio");
  await expect(live).toBeVisible();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Events" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Events" })).toBeVisible();
  await expect(live).toBeVisible();
}

test("a parked event is listed with its error and processed again", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: ADMIN });
  await open(page);
  const counts = page.getByRole("status").filter({ hasText: "failed" });
  await expect(counts).toContainText("0 failed");
  const good = inboundEvent({ from: CUSTOMER, body: "All is well" });
  const bad = inboundEvent({ messageSid: null, body: "The door code is 4471" });
  expect(await postEvent(world.current.server, good)).toBe(200);
  expect(await postEvent(world.current.server, bad)).toBe(200);

  // Without a reload.
  const row = rowOf(page, bad);
  await expect(row).toContainText("Failed");
  await expect(row).toContainText("the event has no usable messageSid");
  await expect(row).toContainText("inbound-message.received");
  await expect(row).toContainText("AC••••••••00aa");
  await expect(counts).toContainText("1 failed");
  await expect(rowOf(page, good)).toContainText("Finished");
  await expect(rowOf(page, good).getByRole("button", { name: /Retry/ })).toHaveCount(0);

  await page.getByLabel("State").selectOption("parked");
  await expect(rowOf(page, good)).toHaveCount(0);
  await row.getByRole("button", { name: /^Payload/ }).click();
  const payload = row.getByRole("region", { name: /^Payload of/ });
  await expect(payload).toContainText('"body": "The door code is 4471"');
  await expect(payload).not.toContainText("AC000000000000000000000000000000aa");

  // As if a new version understood it.
  const sid = inboundEvent().data.messageSid;
  await world.current.database.query(
    `UPDATE twilio_event SET payload = replace(payload, '"messageSid":null', $1) WHERE event_id = $2`,
    [`"messageSid":"${sid}"`, bad.id],
  );
  // Other pages say so, too; lights that nobody has looked at are not green.
  const overview = await openWindow(world.current, { user: ADMIN });
  await overview.goto("/settings/twilio");
  const forwarding = overview.getByRole("region", { name: "SMS Event Forwarding" });
  await expect(forwarding).toContainText("1 event failed. See why");
  const index = overview.getByRole("navigation", { name: "On this page" });
  await expect(index.getByRole("link", { name: /^Event forwarding/ })).toContainText("some events failed");
  await expect(index.getByRole("link", { name: /^Health/ })).toContainText("not checked");
  await expect(index.getByRole("link", { name: /^Connection/ })).toContainText("not checked");
  const connection = overview.getByRole("region", { name: "Connection", exact: true });
  await expect(connection.getByText("Not checked yet")).toBeVisible();

  await row.getByRole("button", { name: /Retry/ }).click();
  await expect(row).toHaveCount(0);
  await expect(counts).toContainText("0 failed");
  await page.getByLabel("State").selectOption({ label: "All" });
  await expect(row).toContainText("Finished");
  await page.getByRole("searchbox", { name: "Message or event SID" }).fill(sid);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(row).toBeVisible();
  await expect(rowOf(page, good)).toHaveCount(0);
  const [{ count }] = await world.current.database.query(
    "SELECT count(*)::int FROM message WHERE external_id = $1 AND body = 'The door code is 4471'",
    [sid],
  );
  expect(count).toBe(1);
});

test("all parked events at once, and an agent sees neither texts nor buttons", async ({
  openWindow,
}) => {
  const events = [1, 2, 3].map(() => inboundEvent({ messageSid: null, body: "Secret words" }));
  for (const event of events) expect(await postEvent(world.current.server, event)).toBe(200);
  const agent = await openWindow(world.current, { user: AGENT_A });
  await open(agent);
  const row = rowOf(agent, events[0]);
  await expect(row).toContainText("Failed");
  await expect(agent.getByRole("button", { name: /Process/ })).toHaveCount(0);
  await row.getByRole("button", { name: /^Payload/ }).click();
  const payload = row.getByRole("region", { name: /^Payload of/ });
  await expect(payload).toContainText('"body": "••••••"');
  await expect(payload).not.toContainText("Secret words");
  await expect(payload).not.toContainText("4155550100");
  await expect(row).toContainText("hidden");

  const page = await openWindow(world.current, { user: ADMIN });
  await open(page);
  for (const event of events) await expect(rowOf(page, event)).toContainText("1 attempt");
  for (const event of events) {
    await world.current.database.query(
      `UPDATE twilio_event SET payload = replace(payload, '"messageSid":null', $1) WHERE event_id = $2`,
      [`"messageSid":"${inboundEvent().data.messageSid}"`, event.id],
    );
  }
  await page.getByRole("button", { name: "Retry all failed" }).click();
  await expect(page.getByText("3 events are processed again.")).toBeVisible();
  for (const event of events) await expect(rowOf(page, event)).toContainText("Finished");
  // The other window learns of it by itself.
  await expect(row).toContainText("Finished");
});

test("the list goes back further than a page, and without JavaScript its beginning can be read", async ({
  openWindow,
}) => {
  const events = Array.from({ length: 60 }, (_, n) => inboundEvent({ body: `Text ${n}` }));
  for (const event of events) expect(await postEvent(world.current.server, event)).toBe(200);
  const page = await openWindow(world.current, { user: ADMIN });
  await open(page);
  await expect(rowOf(page, events[59])).toBeVisible();
  await expect(rowOf(page, events[0])).toHaveCount(0);
  await page.getByRole("button", { name: "Show earlier events" }).click();
  await expect(rowOf(page, events[0])).toBeVisible();
  // They stay when the newest are read again.
  const newest = inboundEvent({ body: "The newest" });
  expect(await postEvent(world.current.server, newest)).toBe(200);
  await expect(rowOf(page, newest)).toBeVisible();
  await expect(rowOf(page, events[0])).toBeVisible();

  const plain = await openWindow(world.current, { user: AGENT_A, javaScriptEnabled: false });
  await plain.goto("/settings/twilio/events");
  await expect(rowOf(plain, newest)).toBeVisible();
});
