// Every page and state, light and dark, wide and on a phone: no accessibility violation, nothing
// sticks out sideways. The screenshots are attached, for people to look at.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, useWorld } from "./support/test.mjs";
import { History } from "./support/history.mjs";
import { Inbox } from "./support/inbox.mjs";
import { inboundEvent, postEvent } from "./support/signed-event.mjs";
import { ADMIN, AGENT_A, DISPATCH_LINE, PASSWORD } from "./support/world.mjs";
import { ACCOUNT_SID } from "./twilio-node/simulator.mjs";

const world = useWorld();

// Each test has a customer of its own.
let customers = 0;
function newCustomer() {
  customers += 1;
  return `+1415555${String(customers).padStart(4, "0")}`;
}

// A list with something of everything, and a thread with every kind of bubble.
async function makeConversations(customer) {
  await world.current.customersTextInTurn([
    ["+14155550148", "Thanks, see you on Thursday"],
    ["+442079460123", "Quel est votre tarif ? 🙂", DISPATCH_LINE],
    ["+14155550177", "https://example.com/a/very/long/link/without/any/space/in/it/so/it/cannot/be/broken/at/a/word/0123456789"],
    ["+14155550177", "STOP"],
    [customer, "Is anyone free to look at our boiler this week?"],
    [customer, "It makes a noise"],
  ]);
}

async function fillThread(inbox, customer) {
  const { simulator } = world.current;
  await inbox.answer("Yes. Thursday at 10 or Friday at 2?");
  await expect(inbox.message("Yes. Thursday at 10")).toContainText("Delivered");
  await simulator.control("POST", "external-messages", {
    account_sid: ACCOUNT_SID,
    from: "+14155550134",
    to: customer,
    body: "Your appointment is booked.",
  });
  await expect(inbox.message("Your appointment is booked.")).toContainText("External");
  await simulator.control("POST", "outcomes", { to: customer, status: "undelivered", error_code: 30003 });
  await inbox.answer("Please be at home by ten");
  await expect(inbox.message("Please be at home by ten")).toContainText("Not delivered");
  await inbox.reply.fill("See you then 👋");
}

// Half-way through an animation, colours have no contrast yet. (Some never end: a spinner.)
async function comeToRest(page) {
  await page.evaluate(async () => {
    await new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame)));
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}

async function check(page, info, name) {
  await comeToRest(page);
  const path = info.outputPath(`${name}.png`);
  await page.screenshot({ path });
  await info.attach(name, { path, contentType: "image/png" });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.html).join(" ")}`),
  ).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${name} sticks out sideways`).toBe(0);
}

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ]) {
    const wide = width > 1000;
    test.describe(`${colorScheme}, ${width} wide`, () => {
      const look = { colorScheme, viewport: { width, height }, hasTouch: !wide };

      test("the login page", async ({ openWindow, guard }, info) => {
        const page = await openWindow(world.current, look);
        await page.goto("/login");
        await expect(page.locator("form[data-dioxus-id]")).toBeVisible();
        await check(page, info, "login");
        guard.announce(/\b401\b.*\/api\/auth\/login/);
        await page.getByLabel("Email").fill(AGENT_A.email);
        await page.getByLabel("Password", { exact: true }).fill("wrong");
        await page.getByRole("button", { name: "Sign in" }).click();
        await expect(page.getByRole("alert")).toBeVisible();
        await check(page, info, "login with an error");
      });

      test("the inbox and a thread", async ({ openWindow }, info) => {
        const customer = newCustomer();
        await makeConversations(customer);
        const page = await openWindow(world.current, { user: AGENT_A, ...look });
        const inbox = new Inbox(page);
        await inbox.open();
        await expect(inbox.rows.first()).toContainText("It makes a noise");
        await check(page, info, "inbox");
        await inbox.rows.first().click();
        await fillThread(inbox, customer);
        await check(page, info, "thread");
        if (!wide) {
          await page.getByRole("link", { name: "Back to conversations" }).click();
          await expect(inbox.rows.first()).toContainText("Draft: See you then");
        }
        await check(page, info, "inbox after a failure");
      });

      test("the history sync", async ({ openWindow, guard }, info) => {
        guard.announce(/sync-message-history/);
        const { simulator } = world.current;
        // Held, not slow: however long the look takes, no run ends before it.
        const held = { on: "list_messages", fault: { kind: "rate_limit", retry_after_s: 1 } };
        const refused = { on: "list_messages", fault: { kind: "unauthorized" }, number: DISPATCH_LINE };
        const page = await openWindow(world.current, { user: ADMIN, ...look });
        const history = new History(page);
        await history.open();
        await check(page, info, "settings");
        await simulator.control("PUT", "faults", { rules: [held] });
        await history.all.click();
        for (const name of ["Main line", "Dispatch", "Toll-free"]) {
          await expect(history.row(name).now).toBeAttached();
        }
        await expect(history.all).not.toHaveAttribute("aria-disabled");
        await check(page, info, "settings, syncing");
        await simulator.control("PUT", "faults", { rules: [refused] });
        await expect(history.row("Dispatch").alert).toBeVisible();
        for (const name of ["Main line", "Toll-free"]) {
          await expect(history.row(name).badge("Done")).toBeVisible();
        }
        await check(page, info, "settings, one failed");
        await simulator.control("PUT", "faults", { rules: [] });
        const agent = await openWindow(world.current, { user: AGENT_A, ...look });
        await new History(agent).open();
        await check(agent, info, "settings of an agent");
      });

      test("the delivery history of a text that failed", async ({ openWindow }, info) => {
        const customer = newCustomer();
        await world.current.customerTexts(customer, `Is the part there? ${customer}`);
        const page = await openWindow(world.current, { user: AGENT_A, ...look });
        const inbox = new Inbox(page);
        await inbox.open();
        await inbox.openRow(customer);
        await fillThread(inbox, customer);
        const history = (text) =>
          inbox.message(text).getByRole("button", { name: /Delivery history/ });
        const panel = page.getByRole("region", { name: "Delivery history" });
        await history("Please be at home by ten").click();
        await expect(panel).toContainText("Not delivered · 30003");
        await check(page, info, "history of a failure");
        await page.keyboard.press("Escape");
        await expect(panel).toHaveCount(0);
        await history("Your appointment is booked.").click();
        await expect(panel).toContainText("Delivered");
        await check(page, info, "history of an external message");
      });

      test("the events and the checks", async ({ openWindow }, info) => {
        const { server } = world.current;
        await postEvent(server, inboundEvent({ messageSid: null, body: "The door code is 4471" }));
        await postEvent(server, inboundEvent({ to: "+14155550999" }));
        await postEvent(server, inboundEvent());
        const page = await openWindow(world.current, { user: ADMIN, ...look });
        await page.goto("/settings/twilio/events");
        await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
        await expect(page.getByText("the event has no usable messageSid").first()).toBeVisible();
        await page.getByRole("button", { name: /^Payload/ }).first().click();
        await expect(page.getByRole("region", { name: /^Payload of/ })).toBeVisible();
        await check(page, info, "events");
        await page.getByLabel("State").selectOption("pending");
        await expect(page.getByText("No events here")).toBeVisible();
        await check(page, info, "no events");
        await page.getByRole("link", { name: "Twilio settings" }).click();
        const card = page.getByRole("region", { name: "Missed messages" });
        await card.getByRole("button", { name: "Check all now" }).click();
        await expect(card.getByText(/messages? checked|No messages at Twilio/)).toHaveCount(3);
        await card.scrollIntoViewIfNeeded();
        await check(page, info, "checks");
      });

      test("the history sync without numbers, and when they cannot be loaded", async ({
        openWindow,
        guard,
      }, info) => {
        const email = `owner.${width}.${colorScheme}@empty.example`;
        const { server } = world.current;
        const organization = `Empty ${width} ${colorScheme}`;
        await server.command(["org", "create", "--name", organization]);
        await server.command(
          // prettier-ignore
          ["user", "create", "--organization", organization, "--email", email, "--name", "Ida Berg", "--role", "owner"],
          `${PASSWORD}\n`,
        );
        const page = await openWindow(world.current, { user: { email }, ...look });
        const history = new History(page);
        await history.open();
        await expect(history.card).toContainText("No numbers yet");
        await check(page, info, "settings without a number");

        const other = await openWindow(world.current, { user: ADMIN, ...look });
        guard.announce(/imported-numbers|twilio-overview|\b503\b/);
        for (const address of ["**/api/settings/twilio-overview*", "**/api/twilio/imported-numbers*"]) {
          await other.route(address, (route) => route.fulfill({ status: 503 }));
        }
        await new Inbox(other).open();
        await other.getByRole("link", { name: "Settings" }).first().click();
        await expect(new History(other).card.getByRole("alert")).toContainText("could not be loaded");
        await check(other, info, "settings, not loaded");
      });

      test("the details, the help and the dialog for a new message", async ({ openWindow }, info) => {
        const customer = newCustomer();
        await world.current.customerTexts(customer, `Look at my details, ${customer}`);
        const page = await openWindow(world.current, { user: AGENT_A, ...look });
        const inbox = new Inbox(page);
        await inbox.open();
        await page.getByRole("button", { name: "New message" }).first().click();
        const dialog = page.getByRole("dialog", { name: "New message" });
        await expect(dialog).toBeVisible();
        await check(page, info, "new message");
        await dialog.getByRole("button", { name: "Cancel" }).click();
        await page.getByRole("button", { name: /^Account/ }).click();
        await expect(page.getByRole("group", { name: "Account" })).toBeVisible();
        await check(page, info, "account menu");
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
        await check(page, info, "help");
        await page.keyboard.press("Escape");
        await inbox.openRow(customer);
        const details = page.getByRole("region", { name: "Contact details" });
        if (!wide) {
          await expect(details).toBeHidden();
          await page.getByRole("button", { name: "Contact details" }).click();
        }
        const shown = customer.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3");
        await expect(details).toContainText(shown);
        await check(page, info, "details");
      });

      test("an address that is no page, and a conversation that is not there", async ({
        openWindow,
        guard,
      }, info) => {
        const page = await openWindow(world.current, { user: AGENT_A, ...look });
        guard.announce(/\b404\b/);
        await page.goto("/nothing/here");
        await expect(page.getByText("Page not found")).toBeVisible();
        await check(page, info, "no such page");
        await page.goto("/messaging/01a1f862-0000-7000-8000-000000000000");
        await expect(page.getByText("Conversation not found")).toBeVisible();
        await check(page, info, "no such conversation");
      });
    });
  }
}

test("an inbox without a conversation says how to begin", async ({ openWindow }, info) => {
  const page = await openWindow(world.current, { user: AGENT_A });
  await world.current.database.query("DELETE FROM contact");
  const inbox = new Inbox(page);
  await inbox.open();
  await expect(page.getByText("No conversations yet")).toBeVisible();
  await check(page, info, "empty inbox");
});

test("a smaller window has the details as a drawer over the thread", async ({ openWindow }, info) => {
  await world.current.customerTexts(newCustomer(), "Half a screen");
  const viewport = { width: 1024, height: 768 };
  const page = await openWindow(world.current, { user: AGENT_A, viewport });
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Half a screen");
  const details = page.getByRole("region", { name: "Contact details" });
  await expect(details).toBeHidden();
  await page.keyboard.press("Escape");
  // The focus goes into the drawer while that is still out of view; nothing may be scrolled there.
  await page.evaluate(() => {
    window.scrolledSideways = 0;
    const note = ({ target }) => (window.scrolledSideways += Math.abs(target.scrollLeft ?? 0));
    document.addEventListener("scroll", note, { capture: true });
  });
  await page.keyboard.press("i");
  await expect(details).toBeVisible();
  await expect(page.getByRole("button", { name: "Close details" })).toBeFocused();
  await check(page, info, "drawer");
  expect(await page.evaluate(() => window.scrolledSideways)).toBe(0);
  await page.keyboard.press("Escape");
  await expect(details).toBeHidden();
  await expect(page.getByRole("button", { name: "Contact details" })).toBeFocused();
});

test("the chosen theme is kept, and is there before the page is live", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: AGENT_A, colorScheme: "light" });
  const inbox = new Inbox(page);
  await inbox.open();
  const body = page.locator("body");
  const background = () => body.evaluate((element) => getComputedStyle(element).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Switch theme" }).click();
  await expect(body).not.toHaveCSS("background-color", light);
  const dark = await background();

  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(/\.wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  await expect(inbox.connection).toHaveText("Connecting…");
  await expect(body).toHaveCSS("background-color", dark);
  release();
  await inbox.isLive();
});

test("settings have room at every width, also with long names", async ({ openWindow }) => {
  await world.current.database.query(
    "UPDATE phone_number SET friendly_name = 'Donaudampfschifffahrtsgesellschaft' WHERE number = $1",
    [DISPATCH_LINE],
  );
  const page = await openWindow(world.current, { user: ADMIN });
  for (const address of ["/settings/twilio", "/settings/twilio/events"]) {
    await page.goto(address);
    await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
    for (const width of [320, 390, 720, 735, 749, 800, 960, 970, 981, 1024, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const hidden = await page
        .locator(".settings__scroll")
        .evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(hidden, `${address} at ${width} px`).toBe(0);
    }
  }
});

test("without JavaScript the list and the thread can be read", async ({ openWindow }) => {
  await world.current.customerTexts(newCustomer(), "Can you read this?");
  const live = new Inbox(await openWindow(world.current, { user: AGENT_A }));
  await live.open();
  await live.openRow("Can you read this?");
  const address = new URL(live.page.url()).pathname;
  const page = await openWindow(world.current, { user: AGENT_A, javaScriptEnabled: false });
  await page.goto("/messaging");
  const inbox = new Inbox(page);
  await expect(inbox.row("Can you read this?")).toBeVisible();
  await page.goto(address);
  await expect(inbox.message("Can you read this?")).toBeVisible();
  await expect(page).toHaveTitle(/^\(415\) 555-\d{4} · Loquent$/);
});
