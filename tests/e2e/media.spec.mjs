// Pictures of a customer reach the thread, live.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A } from "./support/world.mjs";
import { MAIN_LINE } from "./twilio-node/simulator.mjs";

const world = useWorld();

test("a customer's picture and file are in the thread, and the picture is really shown", async ({
  openWindow,
}) => {
  const { simulator } = world.current;
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await simulator.control("POST", "customer-messages", {
    from: "+14155550163",
    to: MAIN_LINE,
    body: "It is dripping from this valve",
    media_urls: ["https://example.com/valve.jpg", "https://example.com/plan.pdf"],
  });
  await inbox.openRow("It is dripping from this valve");
  const message = inbox.message("It is dripping from this valve");
  const picture = message.getByRole("img", { name: "Picture in this message" });
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image) => image.complete && image.naturalWidth))
    .toBeGreaterThan(0);
  await expect(message.getByRole("link", { name: /^PDF · \d+ KB$/ })).toBeVisible();

  const answer = await inbox.page.request.get(await picture.getAttribute("src"));
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
});
