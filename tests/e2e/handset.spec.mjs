// The simulator's handset page, alone: no server is needed.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { CUSTOMER, MAIN_LINE, Receiver, Simulator } from "./twilio-node/simulator.mjs";

let simulator;
let receiver;
let problems;

test.beforeEach(async ({ page }) => {
  simulator = await Simulator.start();
  receiver = await Receiver.start();
  problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
});

test.afterEach(async () => {
  expect(problems).toEqual([]);
  await receiver.stop();
  await simulator.stop();
});

async function open(page) {
  const query = new URLSearchParams({ phone: CUSTOMER, number: MAIN_LINE });
  await page.goto(`${simulator.baseUrl}/?${query}`);
  await expect(page.locator("html[data-ready]")).toBeAttached();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
}

async function subscribe() {
  const client = simulator.client();
  const sink = await client.events.v1.sinks.create({
    description: "test",
    sinkType: "webhook",
    sinkConfiguration: { destination: `${receiver.baseUrl}/events`, method: "POST" },
  });
  await client.events.v1.subscriptions.create({
    description: "test",
    sinkSid: sink.sid,
    types: ["inbound-message.received", "message.sent", "message.delivered"].map((name) => ({
      type: `com.twilio.messaging.${name}`,
    })),
  });
}

const send = (body) => simulator.client().messages.create({ to: CUSTOMER, from: MAIN_LINE, body });

test("a text from the handset is sent, shown, and seen on the wire", async ({ page }) => {
  await subscribe();
  await open(page);
  await page.getByLabel("Text as the customer").last().fill("Is anyone there?");
  await page.keyboard.press("Enter");
  const log = page.getByRole("log", { name: "Messages on the handset" });
  await expect(log.locator(".sms--me")).toHaveText("Is anyone there?");
  await expect(log.locator(".sms-note")).toHaveText("Delivered");
  await expect(page.locator("#handset-text")).toHaveValue("");
  const row = page.locator(".wire", { hasText: "inbound-message.received" });
  await expect(row.locator(".badge--code")).toHaveText("200");
  expect(JSON.parse(receiver.requests[0].body)[0].data.body).toBe("Is anyone there?");
});

test("a reply appears by itself and goes from sent to delivered", async ({ page }) => {
  await open(page);
  await simulator.control("PUT", "timing", { delivered_after_ms: 4_000 });
  await send("We are on our way");
  const bubble = page.locator(".sms--them");
  await expect(bubble).toHaveText("We are on our way");
  await expect(page.locator(".sms-note--start")).toHaveText("Sent");
  await expect(page.locator(".sms-note--start")).toHaveText("Delivered");
  await expect(bubble).not.toHaveClass(/sms--waiting/);
  await expect(page.locator(".wire", { hasText: "POST Messages.json" })).toHaveCount(1);
});

test("an armed failure hits the next message and is used up", async ({ page }) => {
  await open(page);
  const fail = page.getByRole("button", { name: "Fail the next message" });
  await page.getByLabel("How the next message fails").selectOption({ label: "30003 · the phone cannot be reached" });
  await fail.click();
  await expect(fail).toHaveAttribute("aria-pressed", "true");
  await send("This one fails");
  await expect(page.locator(".sms-note--failed")).toHaveText(
    "Undelivered · 30003 · Unreachable destination handset",
  );
  await expect(fail).toHaveAttribute("aria-pressed", "false");
  await fail.click();
  await expect(fail).toHaveAttribute("aria-pressed", "true");
  await fail.click();
  await expect(fail).toHaveAttribute("aria-pressed", "false");
  expect((await simulator.control("GET", "outcomes")).outcomes).toEqual([]);
});

test("STOP opts out, and START is offered then", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Text STOP" }).click();
  await expect(page.getByRole("button", { name: "Text START" })).toBeVisible();
  await expect(send("Hello?")).rejects.toMatchObject({ code: 21610 });
  await page.getByRole("button", { name: "Text START" }).click();
  await expect(page.getByRole("button", { name: "Text STOP" })).toBeVisible();
  await send("Hello again");
  await expect(page.getByText("Hello again")).toBeVisible();
});

test("delivery is paused and goes on", async ({ page }) => {
  await subscribe();
  await open(page);
  const pause = page.getByRole("switch", { name: "Pause delivery" });
  await pause.check();
  await expect
    .poll(async () => (await simulator.control("GET", "timing")).delivery_paused)
    .toBe(true);
  await page.getByRole("button", { name: "Inject an external message" }).click();
  await expect(page.locator(".sms-note--start")).toHaveText("Delivered");
  expect(receiver.requests).toEqual([]);
  await pause.uncheck();
  await expect.poll(() => receiver.requests.length).toBe(2);
});

test("a slow answer does not turn a switch back", async ({ page }) => {
  await open(page);
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  const held = new Promise((resolve) => {
    page.route(
      "**/sim/timing",
      async (route) => {
        const response = await route.fetch();
        resolve();
        await released;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
  });
  // The page asks again whenever somebody changes a setting.
  await simulator.control("PUT", "timing", { delivery_paused: false });
  await held;
  const pause = page.getByRole("switch", { name: "Pause delivery" });
  await pause.check();
  const answered = page.waitForResponse(
    (response) => response.url().endsWith("/sim/timing") && response.request().method() === "GET",
  );
  release();
  await answered;
  await expect
    .poll(async () => (await simulator.control("GET", "timing")).delivery_paused)
    .toBe(true);
  // By the second frame the page has done with the answer.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  expect(await pause.isChecked()).toBe(true);
});

test("another handset has its own conversation, and a bad number is explained", async ({ page }) => {
  await open(page);
  await send("For the first one");
  await expect(page.locator(".sms")).toHaveCount(1);
  const phone = page.getByLabel("Handset number");
  await phone.fill("(510) 555-0148");
  await phone.blur();
  await expect(phone).toHaveValue("+15105550148");
  await expect(page.locator(".sms")).toHaveCount(0);
  await phone.fill("12");
  await phone.blur();
  await expect(phone).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("#phone-hint")).toContainText("Not a phone number");
});

test("the page comes back by itself after the stream broke", async ({ page }) => {
  await open(page);
  const address = new URL(simulator.baseUrl);
  await simulator.stop();
  await expect(page.getByText("Reconnecting…")).toBeVisible();
  // The browser's own complaint about the broken stream is what this test causes.
  problems = [];
  simulator = await Simulator.start({ TWILIO_SIM_PORT: address.port });
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 15_000 });
  await send("After the break");
  await expect(page.getByText("After the break")).toBeVisible();
  problems = problems.filter((text) => !/ERR_|Failed to load resource/.test(text));
});

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ]) {
    test(`no accessibility violation and no sideways scrolling, ${colorScheme}, ${width} wide`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await subscribe();
      await open(page);
      await simulator.control("POST", "outcomes", { status: "undelivered", error_code: 30006 });
      await send("Fails");
      await send("Arrives");
      await simulator.control("POST", "customer-messages", {
        from: CUSTOMER,
        to: MAIN_LINE,
        body: "Thanks",
      });
      await simulator.control("POST", "outcomes", { status: "undelivered", error_code: 30006 });
      await expect(page.locator(".sms")).toHaveCount(3);
      await expect(page.locator("#fail-badge")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    });
  }
}
