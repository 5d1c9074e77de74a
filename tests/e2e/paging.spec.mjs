// Long threads and long lists are loaded as one goes, and nobody loses their place.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { AGENT_A } from "./support/world.mjs";

const world = useWorld();
const TEXTS = 160;
const CUSTOMERS = 120;

test("a long thread is loaded upwards, and keeps the reader's place", async ({ openWindow }) => {
  const TALKER = "+14155550162";
  await textMuch(TALKER);
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await expect(inbox.row(`Line ${TEXTS} of many`)).toContainText("99+ unread");
  // A thread with unread lines opens at the first of them.
  await markRead(inbox);
  await inbox.openRow(`Line ${TEXTS} of many`);
  const bubbles = inbox.log.locator(".bubble");
  // Beside the log; another button of this name is above the list.
  const pill = inbox.log.locator("..").getByRole("button", { name: "New message" });
  await expect(inbox.message(`Line ${TEXTS} of many`)).toBeInViewport();
  await expect(bubbles).toHaveCount(50);
  await expect(inbox.row(`Line ${TEXTS} of many`)).not.toContainText("unread");

  await test.step("scrolling up loads the lines above, and what is seen does not jump", async () => {
    await inbox.log.focus();
    await inbox.log.hover();
    await inbox.log.evaluate((element) => element.classList.add("the-same"));
    for (const loaded of [100, 150, 160]) {
      const before = await bubbles.count();
      await expect(async () => {
        // So far that more is loaded, and not to the very top. Once more if the browser took no
        // notice of the wheel, which has been seen.
        const above = await heightAbove(inbox.log);
        if (above > 400 && (await bubbles.count()) === before) {
          await page.mouse.wheel(0, 300 - above);
        }
        await expect(bubbles).toHaveCount(loaded, { timeout: 5_000 });
      }).toPass({ timeout: 20_000 });
    }
    await expect(inbox.log).toHaveClass(/the-same/);
    const place = await topLine(inbox.log);
    await world.current.customerTexts(TALKER, "And one more");
    await expect(pill).toBeVisible();
    expectSamePlace(await topLine(inbox.log), place);
  });

  await test.step("every line is there once, in order", async () => {
    const lines = Array.from({ length: TEXTS }, (_, n) => `Line ${n + 1} of many`);
    await expect(bubbles).toHaveText([...lines, "And one more"]);
  });

  await test.step("the new message is one click away", async () => {
    await pill.click();
    await expect(inbox.message("And one more")).toBeInViewport();
    await expect(pill).toHaveCount(0);
  });
});

test("what is seen stays where it is while older lines come in", async ({ openWindow }) => {
  await textMuch("+14155550163");
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  await markRead(inbox);
  await inbox.openRow(`Line ${TEXTS} of many`);
  await expect(inbox.message(`Line ${TEXTS} of many`)).toBeInViewport();
  // The lines above are held back until the reader has come to rest.
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(/\/api\/messages\?.*before=/, async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(/\/api\/messages\?.*before=/);
  await inbox.log.hover();
  await page.mouse.wheel(0, -await heightAbove(inbox.log) + 200);
  await asked;
  await expect(inbox.log.getByText("Loading earlier messages")).toBeAttached();
  const place = await topLine(inbox.log);
  release();
  await expect(inbox.log.locator(".bubble")).toHaveCount(100);
  expectSamePlace(await topLine(inbox.log), place);
});

test("a long list is loaded as one scrolls, and stays live", async ({ openWindow }) => {
  const phone = (n) => `+1510555${String(n).padStart(4, "0")}`;
  const [{ count: before }] = await world.current.database.query(
    "SELECT count(*)::int FROM conversation",
  );
  const requests = Array.from({ length: CUSTOMERS }, (_, n) => [phone(n), `Request ${n}.`]);
  await world.current.customersTextInTurn(requests);
  const page = await openWindow(world.current, { user: AGENT_A });
  const inbox = new Inbox(page);
  await inbox.open();
  const total = CUSTOMERS + before;
  await expect(page.getByRole("tab", { name: /^All/ })).toContainText(String(total));
  await expect(inbox.rows).toHaveCount(50);
  await inbox.rows.first().hover();
  for (const loaded of [100, total]) {
    // A browser that has not laid the new rows out yet ends at the old ones: one scrolls on. At the
    // end nothing scrolls any more, so a list that is stuck stays so.
    await expect(async () => {
      await page.mouse.wheel(0, 20_000);
      await expect(inbox.rows).toHaveCount(loaded, { timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
  }
  // Somebody who was far down comes to the top.
  await expect(inbox.rows.nth(CUSTOMERS - 1)).toContainText("Request 0.");
  await world.current.customerTexts(phone(0), "It is urgent");
  await expect(inbox.rows.first()).toContainText("It is urgent");
  await expect(inbox.rows).toHaveCount(total);

  const [{ count: unread }] = await world.current.database.query(
    "SELECT count(*)::int FROM conversation WHERE unread_count > 0",
  );
  await page.getByRole("tab", { name: `Unread ${unread}` }).click();
  await expect(inbox.rows).toHaveCount(50);
  await inbox.openRow("It is urgent");
  await expect(inbox.row("It is urgent")).not.toContainText("unread");
  await expect(page.getByRole("tab", { name: `Unread ${unread - 1}` })).toBeVisible();
});

test("a thread opens at its first unread line, and the latest is one click away", async ({
  openWindow,
}) => {
  await textMuch("+14155550164", "plenty");
  const inbox = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await inbox.open();
  await inbox.openRow(`Line ${TEXTS} of plenty`);
  await expect(inbox.log.getByText(`${TEXTS} new messages`)).toBeInViewport();
  await expect(inbox.log.getByText("Line 1 of plenty", { exact: true })).toBeInViewport();
  await inbox.page.getByRole("button", { name: "Latest" }).click();
  await expect(inbox.message(`Line ${TEXTS} of plenty`)).toBeInViewport();
  await expect(inbox.page.getByRole("button", { name: "Latest" })).toHaveCount(0);

  // Marked as unread, it stays so, also where another window has it open.
  const other = new Inbox(await inbox.page.context().newPage());
  await other.open();
  await other.openRow(`Line ${TEXTS} of plenty`);
  await expect(other.row(`Line ${TEXTS} of plenty`)).not.toContainText("unread");
  await inbox.page.getByRole("button", { name: "Mark unread" }).click();
  await expect(inbox.page).toHaveURL("/messaging");
  for (const one of [inbox, other]) {
    await expect(one.row(`Line ${TEXTS} of plenty`)).toContainText("1 unread");
  }
});

async function markRead(inbox) {
  const address = await inbox.row(`Line ${TEXTS} of many`).getAttribute("href");
  const contact = address.split("/").at(-1);
  const answer = await inbox.page.request.post(`/api/conversations/${contact}/read`, {
    headers: { origin: world.current.server.url },
  });
  expect(answer.ok()).toBe(true);
  await expect(inbox.row(`Line ${TEXTS} of many`)).not.toContainText("unread");
}

async function textMuch(from, word = "many") {
  const lines = Array.from({ length: TEXTS }, (_, n) => [from, `Line ${n + 1} of ${word}`]);
  await world.current.customersTextInTurn(lines);
}

// How far it is from what is seen to the first line that is loaded. (The log is reversed: its end
// is 0, and above it is negative.)
function heightAbove(log) {
  return log.evaluate((element) => element.scrollHeight - element.clientHeight + element.scrollTop);
}

// The first line that can be seen, and where.
function topLine(log) {
  return log.evaluate((element) => {
    const view = element.getBoundingClientRect();
    for (const bubble of element.querySelectorAll(".bubble")) {
      const { top } = bubble.getBoundingClientRect();
      if (top >= view.top) return { text: bubble.textContent.trim(), top };
    }
    return undefined;
  });
}

// A browser scrolls by whole pixels, and lays out in parts of them.
function expectSamePlace(now, before) {
  expect(now.text).toBe(before.text);
  expect(Math.abs(now.top - before.top)).toBeLessThan(2);
}
