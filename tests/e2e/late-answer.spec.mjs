// Answers of the server that are slower than the news: nothing is missed, and nothing undone.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { deliveredEvent, postEvent } from "./support/signed-event.mjs";
import { AGENT_A } from "./support/world.mjs";

const world = useWorld();
const THREAD = /\/api\/messages\?contact_id=/;

// Lets the server answer the next call for a thread, and keeps the answer from the page until
// `release`.
async function holdThread(page) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  let answered;
  const answer = new Promise((resolve) => {
    answered = resolve;
  });
  await page.route(
    THREAD,
    async (route) => {
      const response = await route.fetch();
      answered(await response.text());
      await released;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  return { answer, release };
}

test("a text that arrives while a thread is loading is in the thread", async ({ openWindow }) => {
  const customer = "+14155550162";
  await world.current.customerTexts(customer, "Is anybody there?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  const thread = await holdThread(page);
  await inbox.row("Is anybody there?").click();
  await thread.answer;

  await world.current.customerTexts(customer, "It is urgent");
  await expect(inbox.row("It is urgent")).toBeVisible();
  thread.release();

  await expect(inbox.message("Is anybody there?")).toBeVisible();
  await expect(inbox.message("It is urgent")).toBeVisible();
});

test("a slow answer does not undo what has become known since", async ({ openWindow, guard }) => {
  const customer = "+14155550163";
  const { simulator } = world.current;
  await simulator.control("PUT", "timing", { delivered_after_ms: 600_000 });
  await world.current.customerTexts(customer, "When do you come?");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("When do you come?");
  await inbox.answer("At ten");
  await expect(inbox.message("At ten")).toContainText("Sent");

  // The page asks again for what it shows as soon as it has its link again.
  guard.announce(/ERR_/, /WebSocket/);
  await page.context().setOffline(true);
  await expect(inbox.connection).toHaveText("Offline");
  const thread = await holdThread(page);
  await page.context().setOffline(false);
  expect(await thread.answer).toContain('"sent"');
  guard.withdraw();
  const [sent] = (await world.current.conversation(customer)).filter(({ body }) => body === "At ten");
  const news = deliveredEvent(sent.sid, customer);
  expect(await postEvent(world.current.server, news)).toBe(200);
  await expect(inbox.message("At ten")).toContainText("Delivered");
  thread.release();

  await world.current.customerTexts(customer, "Thank you");
  await expect(inbox.message("Thank you")).toBeVisible();
  await expect(inbox.message("At ten")).toContainText("Delivered");
});
