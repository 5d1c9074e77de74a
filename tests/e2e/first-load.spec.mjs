// What a page came with is not asked for again; what happened meanwhile is.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { TwilioSettings } from "./support/twilio-settings.mjs";
import { ADMIN, AGENT_A } from "./support/world.mjs";

const world = useWorld();
const CUSTOMER = "+14155550171";

// The addresses of our own that the page reads, but for files and the socket.
function watchReads(page) {
  const reads = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === "GET" && pathname.startsWith("/api/")) reads.push(pathname);
  });
  return reads;
}

test("a page that the server rendered reads nothing again", async ({ openWindow }) => {
  await world.current.customerTexts(CUSTOMER, "Read me once");
  await world.current.settle();
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Read me once");
  await expect(page.getByRole("log")).toContainText("Read me once");
  const thread = new URL(page.url()).pathname;
  const other = new Inbox(await openWindow(world.current, { user: ADMIN }));
  await other.open("/messaging");
  const reads = watchReads(page);
  for (const address of ["/messaging", thread]) {
    await inbox.open(address);
    // What is heard over the link comes after all that its beginning has led to.
    const text = `News for ${address.length}`;
    await world.current.customerTexts(CUSTOMER, text);
    await expect(inbox.row(text)).toBeVisible();
  }
  // That it was read is news as well, which others have heard before the next page is opened.
  const last = other.row(`News for ${thread.length}`);
  await expect(last).toBeVisible();
  await expect(last).not.toHaveClass(/is-unread/);
  const settings = new TwilioSettings(page, world.current);
  await settings.open();
  await expect(settings.numbers).toBeVisible();
  await page.getByRole("link", { name: "Inbox" }).first().click();
  await expect(inbox.row("News for")).toBeVisible();
  expect(reads).toEqual([]);
});

test("what comes between the rendering of a page and its link is shown", async ({ openWindow }) => {
  await world.current.customerTexts(CUSTOMER, "Before the page");
  await world.current.settle();
  const page = await openWindow(world.current, { user: ADMIN });
  const inbox = new Inbox(page);
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route(/\.wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/messaging", { waitUntil: "commit" });
  await expect(inbox.row("Before the page")).toBeVisible();
  await world.current.customerTexts("+14155550172", "Nobody was listening");
  await world.current.settle();
  await expect(inbox.row("Nobody was listening")).toHaveCount(0);
  letGo();
  await expect(inbox.row("Nobody was listening")).toBeVisible();
});
