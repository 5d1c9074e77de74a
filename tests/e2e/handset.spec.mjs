// The simulator's handset page, alone: no server is needed.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CUSTOMER,
  MAIN_LINE,
  Receiver,
  Simulator,
} from "./twilio-node/simulator.mjs";

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
  await expect(bubble).toHaveClass(/sms--waiting/);
  // What a phone has received does not say so.
  await expect(page.locator(".sms-note")).toHaveCount(0);
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
  const bubble = page.locator(".sms--them");
  await expect(bubble).toBeVisible();
  await expect(bubble).not.toHaveClass(/sms--waiting/);
  expect(receiver.requests).toEqual([]);
  await pause.uncheck();
  await expect.poll(() => receiver.requests.length).toBe(2);
});

test("a photo is sent as an MMS", async ({ page }) => {
  await subscribe();
  await open(page);
  await page.getByRole("button", { name: "Send a photo" }).click();
  const picture = page.locator(".sms-picture--me");
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  await expect.poll(() => receiver.requests.length).toBe(1);
  expect(JSON.parse(receiver.requests[0].body)[0].data.numMedia).toBe(1);
});

test("the switches arm what they say, and leave what others armed", async ({ page }) => {
  await subscribe();
  await open(page);
  const faults = () => simulator.control("GET", "faults");
  await simulator.control("POST", "faults", { on: "cdn", fault: { kind: "latency", ms: 5 } });
  await page.getByRole("switch", { name: "Send every event twice" }).check();
  await expect.poll(async () => (await faults()).rules.length).toBe(2);
  await simulator.control("POST", "customer-messages", {
    from: CUSTOMER,
    to: MAIN_LINE,
    body: "Twice",
  });
  await expect.poll(() => receiver.requests.length).toBe(2);
  const [first, second] = receiver.requests.map(({ body }) => JSON.parse(body)[0].id);
  expect(first).toBe(second);

  await page.getByRole("switch", { name: "Deliver events out of order" }).check();
  const busy = page.getByRole("switch", { name: "Answer “429 Too many requests”" });
  await busy.check();
  await expect.poll(async () => (await faults()).rules.length).toBe(4);
  await expect(send("Refused")).rejects.toMatchObject({ status: 429 });
  await busy.uncheck();
  await expect.poll(async () => (await faults()).rules.length).toBe(3);
  await send("Taken");
  await simulator.control("DELETE", "faults");
  for (const name of ["Send every event twice", "Deliver events out of order"]) {
    await expect(page.getByRole("switch", { name })).not.toBeChecked();
  }
});

test("reads stay out of the log until they are wanted, and a redirect is no error", async ({ page }) => {
  await open(page);
  const { sid } = await simulator.control("POST", "customer-messages", {
    from: CUSTOMER,
    to: MAIN_LINE,
    body: "Look",
    media_urls: ["https://example.com/leak.jpg"],
  });
  const client = simulator.client();
  const [media] = await client.messages(sid).media.list();
  const address = `${simulator.baseUrl}${media.uri.replace(".json", "")}`;
  const login = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString("base64");
  await fetch(address, { headers: { authorization: `Basic ${login}` }, redirect: "manual" });
  await send("On the wire");
  await expect(page.locator(".wire", { hasText: "POST Messages.json" })).toHaveCount(1);
  const reads = page.locator(".wire", { hasText: "GET " });
  await expect(reads).toHaveCount(0);
  await page.getByRole("switch", { name: "Show reads, too" }).check();
  await expect(reads).toHaveCount(2);
  const redirect = page.locator(".wire .badge--code", { hasText: "307" });
  await expect(redirect).toHaveClass(/badge--neutral/);
});

test("the inbox is one click away where Loquent gets the events", async ({ page }) => {
  await open(page);
  const link = page.getByRole("link", { name: "Open the inbox" });
  await expect(link).toBeHidden();
  await simulator.client().events.v1.sinks.create({
    description: "Loquent",
    sinkType: "webhook",
    sinkConfiguration: { destination: `${receiver.baseUrl}/twilio/events`, method: "POST" },
  });
  await expect(link).toHaveAttribute("href", `${receiver.baseUrl}/messaging`);
});

for (const width of [1000, 1024, 1280, 800, 390]) {
  test(`the phone is whole and nothing lies over it, ${width} wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 768 });
    await open(page);
    const covered = await page.locator(".phone").evaluate((phone) => {
      phone.scrollIntoView({ block: "end" });
      const box = phone.getBoundingClientRect();
      const points = [0.1, 0.5, 0.9].flatMap((x) => [0.05, 0.3, 0.6, 0.95].map((y) => [x, y]));
      return points
        .map(([x, y]) => [box.left + x * box.width, box.top + y * box.height])
        .filter(([x, y]) => x >= 0 && x < innerWidth && y >= 0 && y < innerHeight)
        .map(([x, y]) => document.elementFromPoint(x, y))
        .filter((hit) => !phone.contains(hit)).length;
    });
    expect(covered).toBe(0);
    const box = await page.locator(".phone").boundingBox();
    const log = await page.locator(".sim__panel--end").boundingBox();
    const overlaps =
      log.x < box.x + box.width - 1 && log.x + log.width > box.x + 1 && log.y < box.y + box.height - 1;
    expect(overlaps).toBe(false);
    expect(box.height).toBeGreaterThanOrEqual(600);
    const middle = ({ x, y, width: w, height: h }) => [x + w / 2, y + h / 2];
    const attach = middle(await page.locator(".phone__attach").boundingBox());
    const plus = middle(await page.locator(".phone__attach .icon").boundingBox());
    for (const axis of [0, 1]) expect(Math.abs(attach[axis] - plus[axis])).toBeLessThan(0.6);
  });
}

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
    [1024, 768],
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
