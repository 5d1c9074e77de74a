// What a page is loaded with: it may be late, or fail, part by part.
import { expect, test, useWorld } from "./support/test.mjs";
import { Inbox } from "./support/inbox.mjs";
import { TwilioSettings } from "./support/twilio-settings.mjs";
import { ADMIN, World } from "./support/world.mjs";

// What loads Settings → Twilio.
const OVERVIEW = "**/api/settings/twilio-overview*";
const world = useWorld(() => World.startUnconnected());

// Answers to these addresses wait until they are let go.
async function hold(page, ...addresses) {
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  for (const address of addresses) {
    await page.route(address, async (route) => {
      await gate;
      await route.continue();
    });
  }
  return letGo;
}

test("what failed is tried again while other parts of the page are still loading", async ({
  openWindow,
  guard,
}) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const settings = new TwilioSettings(page, world.current);
  guard.announce(/\b50[0-9]\b/);
  await new Inbox(page).open();
  await page.route(OVERVIEW, (route) => route.fulfill({ status: 503 }));
  const letSectionsGo = await hold(page, "**/api/twilio/imported-numbers*", "**/api/twilio/reconciliations*");
  await page.getByRole("link", { name: "Settings" }).first().click();
  await expect(settings.connection.getByRole("alert")).toContainText("could not be loaded");
  await expect(page.getByText("Loading your numbers")).toBeAttached();
  await page.unroute(OVERVIEW);
  const letPageGo = await hold(page, OVERVIEW);
  await settings.connection.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Loading your Twilio account")).toBeAttached();
  // The answers for the sections come while the page around them is loading again.
  const sections = page.waitForResponse("**/api/twilio/reconciliations*");
  letSectionsGo();
  await sections;
  letPageGo();
  await expect(settings.activity).toBeVisible();
  await expect(page.getByRole("heading", { name: "Message History" })).toBeVisible();
  // The page still answers.
  await page.getByRole("link", { name: "Inbox" }).first().click();
  await expect(page).toHaveURL("/messaging");
  await new Inbox(page).isLive();
});

test("an error gives way by itself once the link is back, and offers to sign in again", async ({
  openWindow,
  guard,
}) => {
  const page = await openWindow(world.current, { user: ADMIN });
  const settings = new TwilioSettings(page, world.current);
  guard.announce(/\b(50[0-9]|401)\b/, /WebSocket|ERR_|request failed/);
  await new Inbox(page).open();
  await page.route(OVERVIEW, (route) => route.fulfill({ status: 503 }));
  await page.getByRole("link", { name: "Settings" }).first().click();
  await expect(settings.connection.getByRole("alert")).toContainText("could not be loaded");
  await page.context().setOffline(true);
  await expect(settings.connection.getByRole("alert")).toContainText("You’re offline");
  await page.unroute(OVERVIEW);
  await page.context().setOffline(false);
  await expect(settings.activity).toBeVisible();

  await page.getByRole("link", { name: "Inbox" }).first().click();
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Settings" }).first().click();
  await expect(settings.connection.getByRole("alert")).toContainText("Your session ended");
  await settings.connection.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/login\?next=\/settings\/twilio$/);
});
