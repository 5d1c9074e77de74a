// The main job: a customer's text reaches the agents live, and the answer goes back.
import { expect, test, useWorld } from "./support/test.mjs";
import { Handset, Inbox } from "./support/inbox.mjs";
import { recordTicks, ticksOf } from "./support/ticks.mjs";
import { AGENT_A, AGENT_B } from "./support/world.mjs";
import { MAIN_LINE } from "./twilio-node/simulator.mjs";

const world = useWorld();
const CUSTOMER = "+14155550162";

test("a customer's text reaches two agents, the answer goes back, and a failed one is sent again", async ({
  openWindow,
}) => {
  const { simulator } = world.current;
  // Each tick stands long enough to be seen.
  await simulator.control("PUT", "timing", { sent_after_ms: 300, delivered_after_ms: 2_500 });
  // Somebody wrote before, so that "on top" means something.
  await world.current.customerTexts("+14155550199", "Good morning");

  const handset = new Handset(await openWindow(world.current), world.current, {
    phone: CUSTOMER,
    number: MAIN_LINE,
  });
  const a = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  const b = new Inbox(await openWindow(world.current, { user: AGENT_B }));
  await Promise.all([handset.open(), a.open(), b.open()]);

  await test.step("the text appears on top of both lists, unread, without a reload", async () => {
    await expect(a.rows).toHaveCount(1);
    await expect(b.rows).toHaveCount(1);
    await Promise.all([markPage(a.page), markPage(b.page)]);
    await handset.text("Our boiler makes a noise");
    for (const inbox of [a, b]) {
      const top = inbox.rows.first();
      await expect(top).toContainText("Our boiler makes a noise");
      await expect(top).toContainText("1 unread");
      await expect(inbox.page).toHaveTitle(/^\(2\)/);
    }
  });

  await test.step("opening it clears the count for the other agent, too", async () => {
    await a.openRow("Our boiler makes a noise");
    await expect(a.message("Our boiler makes a noise")).toBeVisible();
    for (const inbox of [a, b]) {
      await expect(inbox.rows.first()).not.toContainText("unread");
      await expect(inbox.page).toHaveTitle(/^\(1\)/);
    }
  });

  await test.step("the answer reaches the handset, and its ticks go to delivered", async () => {
    await b.openRow("Our boiler makes a noise");
    await Promise.all([recordTicks(a.page), recordTicks(b.page)]);
    await a.page.keyboard.press("r");
    await expect(a.reply).toBeFocused();
    await a.page.keyboard.type("We come at ten");
    await a.page.keyboard.press("Enter");
    await expect(a.reply).toHaveValue("");
    await expect(handset.received).toHaveText(["We come at ten"]);
    for (const inbox of [a, b]) {
      await expect(inbox.message("We come at ten")).toContainText("Noor Haddad");
      await expect(inbox.message("We come at ten")).toContainText("Delivered");
    }
    const words = await ticksOf(a.page, "We come at ten");
    expect(words.filter((word) => !["Waiting", "Sending"].includes(word))).toEqual([
      "Queued",
      "Sent",
      "Delivered",
    ]);
    expect((await ticksOf(b.page, "We come at ten")).slice(-2)).toEqual(["Sent", "Delivered"]);
    await simulator.control("PUT", "timing", { sent_after_ms: 0, delivered_after_ms: 0 });
  });

  await test.step("a text that cannot be delivered says why, in plain words", async () => {
    await handset.failNext("30003 · the phone cannot be reached");
    await a.answer("Are you at home?");
    for (const inbox of [a, b]) {
      const failed = inbox.message("Are you at home?");
      await expect(failed).toContainText("Not delivered");
      const alert = failed.getByRole("alert");
      await expect(alert).toContainText("The phone could not be reached: switched off");
      await expect(alert.getByRole("link", { name: "About 30003 on Twilio" })).toHaveAttribute(
        "href",
        "https://www.twilio.com/docs/api/errors/30003",
      );
      await expect(inbox.rows.first()).toContainText("30003");
    }
  });

  await test.step("Retry sends it again", async () => {
    await a.message("Are you at home?").getByRole("button", { name: "Retry" }).click();
    for (const inbox of [a, b]) {
      const message = inbox.message("Are you at home?");
      await expect(message).toContainText("attempt 2");
      await expect(message).toContainText("Delivered");
      await expect(message.getByRole("alert")).toHaveCount(0);
      await expect(message).toHaveCount(1);
    }
  });

  await test.step("the customer got each text once, and no page was loaded again", async () => {
    const truth = await world.current.conversation(CUSTOMER);
    expect(truth.map(({ body, status }) => [body, status])).toEqual([
      ["Our boiler makes a noise", "received"],
      ["We come at ten", "delivered"],
      ["Are you at home?", "undelivered"],
      ["Are you at home?", "delivered"],
    ]);
    for (const { page } of [a, b]) expect(await page.evaluate(() => window.stillThere)).toBe(true);
  });
});

async function markPage(page) {
  await page.evaluate(() => {
    window.stillThere = true;
  });
}
