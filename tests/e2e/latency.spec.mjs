// From the customer's text to its bubble on the agent's screen.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { expectTextsInTime } from "./support/latency.mjs";
import { AGENT_A } from "./support/world.mjs";

const world = useWorld();
const CUSTOMER = "+14155550162";

test("a text is on the agent's screen within a quarter of a second", { tag: "@alone" }, async ({
  openWindow,
}, info) => {
  test.slow();
  await world.current.customerTexts(CUSTOMER, "Hello");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Hello");
  await expect(inbox.message("Hello")).toBeVisible();
  const text = (body) => world.current.customerTexts(CUSTOMER, body);
  await expectTextsInTime({ page, text, info });
});
