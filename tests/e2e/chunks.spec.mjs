// A page brings its own code and no other page's.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { TwilioSettings } from "./support/twilio-settings.mjs";
import { ADMIN } from "./support/world.mjs";

const world = useWorld();
const SETTINGS = /\/assets\/twilio_settings-dxh\w+\.wasm$/;
const EVENTS = /\/assets\/twilio_events-dxh\w+\.wasm$/;
const FORMS = /\/assets\/twilio_forms-dxh\w+\.wasm$/;
const CHUNK = /\/assets\/(?!loquent_bg-)\w+-dxh\w+\.wasm$/;

// The chunks that a page fetches.
function watchChunks(page) {
  const fetched = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (CHUNK.test(pathname)) fetched.push(pathname);
  });
  return fetched;
}

// Lets no chunk through before it is told to.
async function hold(page, address) {
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route(address, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

test("the inbox does not fetch the settings", async ({ openWindow }) => {
  await world.current.customerTexts("+14155550181", "Only the inbox");
  await world.current.settle();
  const page = await openWindow(world.current, { user: ADMIN });
  const fetched = watchChunks(page);
  const inbox = new Inbox(page);
  await inbox.open();
  await inbox.openRow("Only the inbox");
  await inbox.answer("It answers");
  await expect(inbox.message("It answers")).toBeVisible();
  expect(fetched).toEqual([]);
});

test("settings that are opened directly become live, each with its own code", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const fetched = watchChunks(page);
  const settings = new TwilioSettings(page, world.current);
  await settings.open();
  expect(fetched).toEqual([expect.stringMatching(SETTINGS)]);
  await settings.health.getByRole("button", { name: "Check now" }).click();
  await expect(settings.health.getByRole("status")).toContainText("Last checked");
  await page.goto("/settings/twilio/events");
  await expect(page.getByRole("heading", { name: "Events", level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
  // What a button sends is with the forms.
  const all = [SETTINGS, FORMS, EVENTS];
  expect(fetched).toEqual(all.map((one) => expect.stringMatching(one)));
});

test("a way to the settings fetches them once and shows that it does", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const fetched = watchChunks(page);
  const inbox = new Inbox(page);
  await inbox.open();
  const letGo = await hold(page, SETTINGS);
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await expect(page.getByText("Loading the settings")).toBeAttached();
  const settings = new TwilioSettings(page, world.current);
  await expect(settings.numbers).toHaveCount(0);
  letGo();
  await expect(settings.numbers).toBeVisible();
  for (const name of ["Inbox", "Settings"]) {
    await page.getByRole("link", { name: new RegExp(`^${name}`) }).first().click();
  }
  await expect(settings.numbers).toBeVisible();
  await expect(page.getByText("Loading the settings")).toHaveCount(0);
  expect(fetched).toHaveLength(1);
});

test("a window of the settings fetches its form when it is opened", async ({ openWindow }) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const fetched = watchChunks(page);
  const settings = new TwilioSettings(page, world.current);
  await settings.open();
  const letGo = await hold(page, FORMS);
  await settings.numbers.getByRole("button", { name: "Import numbers…" }).click();
  const dialog = settings.dialog("Import numbers");
  await expect(dialog.getByRole("status")).toHaveText("Loading");
  letGo();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeVisible();
  await page.keyboard.press("Escape");
  await settings.numbers.getByRole("button", { name: "Buy a number…" }).click();
  await expect(settings.dialog("Buy a number").getByRole("button", { name: "Search" })).toBeVisible();
  expect(fetched).toEqual([expect.stringMatching(SETTINGS), expect.stringMatching(FORMS)]);
});

test("settings that cannot be fetched say so, and are fetched again", async ({ openWindow, guard }) => {
  guard.announce(/^request failed: net::ERR_FAILED GET /, /Failed to load resource/);
  const page = await openWindow(world.current, { user: ADMIN });
  const inbox = new Inbox(page);
  await inbox.open();
  await page.route(CHUNK, (route) => route.abort());
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The settings could not be loaded");
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(alert).toContainText("The settings could not be loaded");
  await page.unroute(CHUNK);
  await alert.getByRole("button", { name: "Try again" }).click();
  const settings = new TwilioSettings(page, world.current);
  await expect(settings.numbers).toBeVisible();
});

test("a page whose code cannot be fetched is readable, and becomes live later", async ({ openWindow, guard }) => {
  guard.announce(/^request failed: net::ERR_FAILED GET /, /Failed to load resource/);
  const page = await openWindow(world.current, { user: ADMIN });
  await page.route(CHUNK, (route) => route.abort());
  await page.goto("/settings/twilio");
  const settings = new TwilioSettings(page, world.current);
  const alert = page.getByRole("alert").filter({ hasText: "could not be loaded completely" });
  await expect(alert).toBeVisible();
  await expect(settings.numbers).toBeVisible();
  await page.unroute(CHUNK);
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test("a chunk that the server no longer has brings the page of the new version", async ({ openWindow, guard }) => {
  guard.announce(/^status 404: GET /, /Failed to load resource/);
  const page = await openWindow(world.current, { user: ADMIN });
  const inbox = new Inbox(page);
  await inbox.open();
  await page.route(CHUNK, (route) => route.fulfill({ status: 404 }), { times: 1 });
  const again = page.waitForEvent("load");
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await again;
  const settings = new TwilioSettings(page, world.current);
  await expect(settings.numbers).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /^Live$/ })).toBeVisible();
});
